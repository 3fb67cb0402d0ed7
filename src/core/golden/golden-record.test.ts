// Which value survives, rule by rule: `time value @site`, `!` for an act that shows that the sender has what it names.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { settingsOf } from '../../../test/extraction.ts'
import type { GoldenRule } from '../policy/settings-golden.ts'
import { attributesOf } from './attributes.ts'
import { goldenRecord } from './golden-record.ts'
import type { Said } from './said.ts'

/** `12 Ann@shop !` as the event `e<place in the list>`, or as `12/b Ann` under an id of its own. */
function parsed(line: string, i: number): Said {
  const [, at, id, value = '', site = 'web', verified] =
    /^(\d+)(?:\/(\S+))? ([^@!]+?)(?:@(\S+))?( !)?$/.exec(line) ?? []
  return {
    attribute: 'x',
    value,
    eventId: id ?? `e${i}`,
    site,
    at: Number(at),
    verified: verified !== undefined,
  }
}

function recordOf(rule: object, said: readonly Said[]) {
  const attributes = attributesOf(settingsOf({ golden: { attributes: { x: rule }, othersMax: 2 } }))
  return goldenRecord(attributes, said)
}

test.each<[rule: GoldenRule, said: string[], chosen: string, others: string[], options?: object]>([
  ['most_recent', ['1 Ann', '3 Anna', '2 Anne'], '3 Anna', ['Anne', 'Ann']],
  ['most_recent', ['3/b Ann', '3/a Anna'], '3/a Anna', ['Ann']],
  ['most_recent', ['5 Ann', '7 Ann', '6 Ann'], '7 Ann', []],
  ['most_frequent', ['1 Ann', '2 Ann', '9 Anna'], '2 Ann', ['Anna']],
  ['most_frequent', ['1 Ann', '2 Ann', '3 Anna', '4 Anna'], '4 Anna', ['Ann']],
  ['first', ['2 Ann', '1 Anna', '3 Anna'], '1 Anna', ['Ann']],
  ['first', ['1/b Ann', '1/a Anna'], '1/a Anna', ['Ann']],
  ['longest', ['1 Annabel', '9 Ann', '8 Anna'], '1 Annabel', ['Anna', 'Ann']],
  ['longest', ['1 Anna', '2 Anne', '3 😀😀'], '2 Anne', ['Anna', '😀😀']],
  ['verified_first', ['1 Ann !', '9 Anna'], '1 Ann !', ['Anna']],
  ['verified_first', ['1 Ann !', '2 Anna !', '9 Anne'], '2 Anna !', ['Ann', 'Anne']],
  ['verified_first', ['1 Ann !', '5 Ann', '4 Anna'], '1 Ann !', ['Anna']],
  ['verified_first', ['1 Ann', '2 Anna'], '2 Anna', ['Ann']],
  [
    'source_priority',
    ['1 Ann@crm', '2 Anna@shop', '9 Anne@web'],
    '1 Ann@crm',
    ['Anna', 'Anne'],
    { sources: ['crm', 'shop'] },
  ],
  ['source_priority', ['1 Ann@a', '2 Anna@b'], '2 Anna@b', ['Ann'], { sources: ['crm'] }],
  ['union', ['1 Ann', '3 Anna', '2 Anne', '4 Ann'], '4 Ann', ['Anna', 'Anne']],
  ['union', ['1 Ann', '3 Anna', '2 Anne'], '3 Anna', ['Anne'], { unionMax: 2 }],
])('%s of %j is %s', (rule, lines, chosen, others, options = {}) => {
  const said = lines.map(parsed)
  const { value, site, at, verified } = parsed(chosen, 0)
  const [golden, ...more] = recordOf({ rule, ...options }, said)
  expect(more).toEqual([])
  expect(golden).toMatchObject({ attribute: 'x', rule, value, site, at, verified, others })
  expect(golden?.different).toBe(new Set(said.map((one) => one.value)).size)
})

test('conflicts past the limit are counted', () => {
  const [golden] = recordOf({ rule: 'first' }, ['1 a', '2 b', '3 c', '4 d', '5 d'].map(parsed))
  expect(golden).toMatchObject({ value: 'a', others: ['b', 'c'], different: 4 })
})

const someSaid = fc.array(
  fc.record({
    attribute: fc.constantFrom('x', 'email', 'birthday', 'created_at'),
    value: fc.constantFrom('a', 'b', 'cc', '\uffee', '\u{1f600}'),
    site: fc.constantFrom('crm', 'web'),
    at: fc.integer({ min: 0, max: 2 }),
    verified: fc.boolean(),
  }),
  { maxLength: 12 },
)
const numbered = someSaid.map((all) => all.map((one, i) => ({ ...one, eventId: `e${i}` })))

test('the order in which things were said does not matter', () => {
  fc.assert(
    fc.property(
      numbered.chain((said) =>
        fc.tuple(
          fc.constant(said),
          fc.shuffledSubarray(said, { minLength: said.length, maxLength: said.length }),
        ),
      ),
      fc.constantFrom('most_recent', 'most_frequent', 'first', 'verified_first', 'longest'),
      ([said, shuffled], rule) => {
        expect(recordOf({ rule }, shuffled)).toEqual(recordOf({ rule }, said))
      },
    ),
  )
})
