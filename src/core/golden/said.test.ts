// What a message says of its sender: which traits are read, and what of them is a value.
import { expect, test } from 'vitest'

import { settingsOf } from '../../../test/extraction.ts'
import type { Fact } from '../edge/fact.ts'
import { attributesOf } from './attributes.ts'
import { saidOf } from './said.ts'
import { NO_CLUES } from '../edge/clue.ts'

const fact: Fact = {
  id: 'm1',
  account: 'default',
  site: 'shop',
  type: 'identify',
  name: '',
  at: 5,
  receivedAt: 6,
  identifiers: [],
  edges: [],
  clues: NO_CLUES,
}
const attributes = attributesOf(settingsOf())

function valuesOf(message: Record<string, unknown>, type: Fact['type'] = 'identify') {
  const said = saidOf(attributes, { ...fact, type }, message)
  return Object.fromEntries(said.map(({ attribute, value }) => [attribute, value]))
}

test('reads the reserved traits in both spellings', () => {
  expect(valuesOf({ traits: { firstName: 'Ann', last_name: 'Lee', company: 'Acme' } })).toEqual({
    first_name: 'Ann',
    last_name: 'Lee',
    company: 'Acme',
  })
  const address = { city: 'Bonn', country: 'DE', postalCode: 53_111 }
  expect(valuesOf({ traits: { address, company: { name: 'Acme' } } })).toEqual({
    city: 'Bonn',
    country: 'DE',
    postal_code: '53111',
    company: 'Acme',
  })
})

test('the message says more of its sender than its context does', () => {
  const context = { traits: { first_name: 'Old', gender: 'f' } }
  expect(valuesOf({ traits: { first_name: 'New' }, context })).toEqual({
    first_name: 'New',
    gender: 'f',
  })
})

test('the traits of a group are the group’s', () => {
  const message = { traits: { name: 'Acme' }, context: { traits: { name: 'Ann' } } }
  expect(valuesOf(message, 'group')).toEqual({ name: 'Ann' })
})

test.each([
  ['  Ann\n', 'Ann'],
  [7, '7'],
  [-0, '0'],
  [1.5, '1.5'],
  [false, 'false'],
  ['😀'.repeat(1000), '😀'.repeat(1000)],
  ['x'.repeat(1001), undefined],
  [' \t', undefined],
  [null, undefined],
  [2 ** 53, undefined],
  [['Ann'], undefined],
  [{ name: 'Ann' }, undefined],
])('%j is the value %j', (trait, value) => {
  expect(valuesOf({ traits: { title: trait } })['title']).toBe(value)
})

test('traits may be JSON in a text; anything else says nothing', () => {
  expect(valuesOf({ traits: '{"title":"Dr"}' })).toEqual({ title: 'Dr' })
  for (const traits of ['title', '["title"]', 7, null, [{ title: 'Dr' }]]) {
    expect(valuesOf({ traits })).toEqual({})
  }
})

test('verified is what came with a login or an order', () => {
  const verified = (kind: Fact['edges'][number]['kind']) =>
    saidOf(
      attributes,
      { ...fact, edges: [{ from: 0, to: 1, kind }] },
      { traits: { title: 'Dr' } },
    ).map((one) => one.verified)
  expect(verified('login')).toEqual([true])
  expect(verified('checkout')).toEqual([true])
  expect(verified('form_submit')).toEqual([false])
})

test('settings add attributes, change built-in ones, and take them out', () => {
  const settings = settingsOf({
    golden: {
      attributes: {
        plan: { from: ['plan.name'], rule: 'source_priority', sources: ['crm'] },
        tags: { rule: 'union', unionMax: 3 },
        email: { rule: 'most_recent' },
        gender: { rule: 'none' },
      },
    },
  })
  const own = new Map(attributesOf(settings).map((one) => [one.name, one]))
  expect(own.get('plan')).toEqual({
    name: 'plan',
    from: [['plan', 'name']],
    rule: 'source_priority',
    sources: ['crm'],
    othersMax: 5,
  })
  expect(own.get('tags')).toMatchObject({ from: [['tags']], rule: 'union', othersMax: 2 })
  expect(own.get('email')).toMatchObject({ from: [['email']], rule: 'most_recent' })
  expect(own.has('gender')).toBe(false)
  expect(own.size).toBe(attributes.length + 1)
})
