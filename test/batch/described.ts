// Messages that describe their senders, for tests of golden records: few values, many ties, and what is no value at all.
import * as fc from 'fast-check'

import type { Fact, FactEdge } from '../../src/core/edge/fact.ts'
import { GOLDEN_RULES } from '../../src/core/policy/settings-golden.ts'
import type { Attribute } from '../../src/core/golden/attributes.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import { NO_CLUES } from '../../src/core/edge/clue.ts'

const SITES = ['app', 'crm', 'shop']
const PATHS = [['x'], ['y'], ['x', 'z'], ['first name']]

export const someAttributes: fc.Arbitrary<readonly Attribute[]> = fc
  .array(
    fc.record({
      rule: fc.constantFrom(...GOLDEN_RULES),
      from: fc.shuffledSubarray(PATHS, { minLength: 1 }),
      sources: fc.shuffledSubarray(SITES),
      othersMax: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((attribute, i) => ({ ...attribute, name: `a${i}` })))

const value: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('Ann', ' Ann\t', 'ann', 'Anna Lena', 'Ænn', '\u{1f600}', '\uffee'),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' \r\n', '7', 7, 7.5, -0, 0, 1e3, 1e-7, true, null) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 53, 1e21, 'x'.repeat(1001), '😀'.repeat(1000)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom({ z: 'inner' }, { z: 7 }, ['Ann'], '\u0000', '\'"\\') },
)
const fields = fc.dictionary(fc.constantFrom('x', 'y', 'first name', 'else'), value)
const traits = fc.oneof(
  { weight: 3, arbitrary: fields },
  { weight: 1, arbitrary: fields.map((all) => JSON.stringify(all)) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, 'none', 5, [1]) },
)

export interface Described {
  /** Null: nobody's. */
  readonly owner: number | null
  readonly record: MessageRecord
}

/** Messages of a few people. */
export const someDescribed: fc.Arbitrary<readonly Described[]> = fc
  .array(
    fc.record({
      owner: fc.option(fc.integer({ min: 0, max: 7 }), { freq: 12 }),
      mark: fc.constantFrom('a', 'm', '\uffee', '\u{1f600}'),
      site: fc.constantFrom(...SITES),
      type: fc.constantFrom<Fact['type']>('identify', 'identify', 'track', 'group'),
      at: fc.integer({ min: 0, max: 3 }),
      kind: fc.constantFrom<FactEdge['kind']>('login', 'checkout', 'form_submit', 'same_message'),
      traits,
      carried: traits,
    }),
    { minLength: 1, maxLength: 120, size: 'max' },
  )
  .map((all) =>
    all.map(({ owner, mark, site, type, at, kind, traits: own, carried }, i) => {
      const fact: Fact = {
        id: `${mark}${(i * 7919) % 997}`,
        account: 'default',
        site,
        type,
        name: '',
        at: 1_700_000_000_000 + at,
        receivedAt: 1_700_000_000_000,
        identifiers: ['a', 'b'].map((name) => ({
          key: name,
          type: 'cookie',
          namespace: '',
          value: name,
        })),
        edges: [{ from: 0, to: 1, kind }],
        clues: NO_CLUES,
      }
      const raw = JSON.stringify({ traits: own, context: { traits: carried } })
      return { owner, record: { kind: 'message', fact, extractionVersion: 1, raw } }
    }),
  )
