// Behaviour on made-up visits: what counts as alike, and what does not.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { evidenceOf } from '../policy/evidence-unit.ts'
import {
  type Act,
  behaviourEvidence,
  behaviourOf,
  leadingTrait,
  likenessOf,
  rarity,
  similarityOf,
  TRAIT_NAMES,
} from './behaviour.ts'

/** Sessions of pages, all at one hour. */
const visits = (hour: number, ...sessions: readonly (readonly number[])[]): Act[] =>
  sessions.flatMap((pages) => pages.map((page, i) => ({ page, hour, begins: i === 0 })))

const plain = (_page: number): number => 1
const likeness = (a: readonly Act[], b: readonly Act[], worth = plain) =>
  likenessOf(behaviourOf(a), behaviourOf(b), worth)

const actsArb = fc.array(
  fc.record({
    page: fc.integer({ min: -1, max: 8 }),
    hour: fc.integer({ min: 0, max: 23 }),
    begins: fc.boolean(),
  }),
  { maxLength: 30 },
)

test('symmetric, whole per mille, all of it with oneself', () => {
  fc.assert(
    fc.property(actsArb, actsArb, (a, b) => {
      const worth = (page: number): number => page + 1
      const one = likeness(a, b, worth)
      expect(one).toEqual(likeness(b, a, worth))
      for (const name of TRAIT_NAMES) {
        expect(Number.isInteger(one[name])).toBe(true)
        expect(one[name]).toBeGreaterThanOrEqual(0)
        expect(one[name]).toBeLessThanOrEqual(1000)
      }
      const self = likeness(a, a, worth)
      const read = a.some(({ page }) => page >= 0)
      expect(self.content).toBe(read ? 1000 : 0)
      expect(self.hours).toBe(a.length > 0 ? 1000 : 0)
    }),
  )
})

test('a rare page in common counts more than one that everybody sees', () => {
  const worth = (page: number): number => (page === 0 ? rarity(1_000, 1_000) : rarity(2, 1_000))
  const common = likeness(visits(9, [0, 1]), visits(9, [0, 2]), worth)
  const rare = likeness(visits(9, [0, 1]), visits(9, [3, 1]), worth)
  expect(common.content).toBe(Math.floor(1000 / 19))
  expect(rare.content).toBe(Math.floor(9000 / 19))
})

test('ways are steps within a session, a page loaded again is none', () => {
  expect(likeness(visits(9, [1, 2, 2, 3]), visits(9, [1, 2], [2, 3])).navigation).toBe(1000)
  expect(likeness(visits(9, [1, 2]), visits(9, [1], [2])).navigation).toBe(0)
  expect(likeness(visits(9, [1, 2]), visits(9, [2, 1])).navigation).toBe(0)
})

test('engagement and hours', () => {
  expect(likeness(visits(9, [1, 2, 3, 4]), visits(9, [1], [2])).engagement).toBe(250)
  expect(likeness(visits(9, [1]), visits(10, [1])).hours).toBe(0)
  expect(likeness([...visits(9, [1]), ...visits(20, [1])], visits(20, [1, 2, 3])).hours).toBe(500)
})

test('what is not known supports nothing; all of it is the base evidence', () => {
  const nobody = likeness([], visits(9, [1]))
  expect(similarityOf(nobody)).toBe(0)
  const pageless = likeness(visits(9, [-1]), visits(9, [-1]))
  expect(similarityOf(pageless)).toBe(300)
  const same = likeness(visits(9, [1, 2]), visits(9, [1, 2]))
  expect(similarityOf(same)).toBe(1000)
  expect(leadingTrait(same)).toBe('content')
  expect(leadingTrait(pageless)).toBe('hours')
  expect(behaviourEvidence(1000, evidenceOf(0.2))).toBe(evidenceOf(0.2))
  expect(behaviourEvidence(500, evidenceOf(0.2))).toBe(Math.floor(evidenceOf(0.2) / 2))
})

test('rarity doubles up', () => {
  expect([1, 2, 3, 4, 8, 1_000].map((all) => rarity(1, all))).toEqual([1, 2, 2, 3, 4, 10])
  expect(rarity(1_000, 1_000)).toBe(1)
})
