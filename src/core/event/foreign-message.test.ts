// Records that others made become tracking messages by their mapping, and go the way of any message from there.
import { expect, test } from 'vitest'

import { edgesIn, extracted, identifiersIn } from '../../../test/extraction.ts'
import { foreignTopic } from '../policy/foreign-topic.ts'
import { foreignMessage } from './foreign-message.ts'

const login = foreignTopic.parse({
  topic: 'shop.login',
  event: 'Signed In',
  site: 'shop',
  fields: {
    anonymousId: 'visitor.id',
    userId: 'user',
    'traits.email': 'mail',
    'context.device.advertisingId': 'device.ad',
    timestamp: 'ts',
    messageId: 'id',
  },
})

const record = {
  id: 'm1',
  visitor: { id: 'c1' },
  user: 17,
  mail: 'ana@example.com',
  ts: '2026-03-02T11:00:00Z',
  other: 'not looked at',
}

test('every mapped field goes to its place, and nothing else', () => {
  expect(foreignMessage(login, record, 'shop.login/0/7')).toEqual({
    type: 'track',
    event: 'Signed In',
    messageId: 'm1',
    anonymousId: 'c1',
    userId: 17,
    traits: { email: 'ana@example.com' },
    timestamp: '2026-03-02T11:00:00Z',
  })
})

test('a record without an id is named by where it stands', () => {
  const { id, ...nameless } = record
  expect(id).toBe('m1')
  expect(foreignMessage(login, nameless, 'shop.login/0/7')['messageId']).toBe('shop.login/0/7')
  expect(foreignMessage(login, { ...record, id: null }, 'x')['messageId']).toBe('x')
})

test('it makes the identifiers and edges that a message of ours would', () => {
  const result = extracted(foreignMessage(login, record, 'x'), undefined, 'shop')
  expect(identifiersIn(result)).toEqual(['cookie:c1', 'external_id:user@shop:17', 'email:8e43ca37'])
  expect(edgesIn(result)).toHaveLength(3)
})

test('a page has a name, and its own type wins where the record has one', () => {
  const rule = foreignTopic.parse({
    topic: 'page_view',
    type: 'page',
    event: 'Home',
    fields: { anonymousId: 'c', type: 'kind' },
  })
  expect(foreignMessage(rule, { c: 'c1' }, 'x')).toEqual({
    type: 'page',
    name: 'Home',
    messageId: 'x',
    anonymousId: 'c1',
  })
  expect(foreignMessage(rule, { c: 'c1', kind: 'screen' }, 'x')['type']).toBe('screen')
})

test.each<[name: string, rule: unknown]>([
  ['a target that is no field of a message', { fields: { anonymousId: 'a', sentBy: 'b' } }],
  ['a prototype as a path', { fields: { anonymousId: 'a', 'traits.__proto__.x': 'b' } }],
  ['nobody', { fields: { 'traits.email': 'a' } }],
  ['a track without a name', { event: '', fields: { anonymousId: 'a' } }],
])('refuses %s', (_name, rule) => {
  const whole = Object.assign({ topic: 't', event: 'Signed In' }, rule)
  expect(foreignTopic.safeParse(whole).success).toBe(false)
})

test('a record without prototypes in its paths reads own properties alone', () => {
  const rule = foreignTopic.parse({
    topic: 't',
    event: 'e',
    fields: { anonymousId: 'constructor.name', userId: 'u' },
  })
  expect(foreignMessage(rule, { u: '1' }, 'x')).not.toHaveProperty('anonymousId')
})
