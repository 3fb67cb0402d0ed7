// What an answer is worth: cases, and that it only ever grows with what is unsure and with what it changes.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVIDENCE_MAX, evidenceOf } from '../policy/evidence-unit.ts'
import { worthOf } from './worth.ts'

test.each([
  { confidence: 0.5, a: 1, b: 1, about: 1_000_000 },
  { confidence: 0.5, a: 3, b: 4, about: 12_000_000 },
  { confidence: 0.62, a: 1, b: 1, about: 942_000 },
  { confidence: 0.9, a: 1, b: 1, about: 360_000 },
  { confidence: 0.9, a: 2, b: 2, about: 1_440_000 },
  { confidence: 0.99, a: 1, b: 1, about: 40_000 },
  // A side without a cookie counts as one.
  { confidence: 0.5, a: 0, b: 5, about: 5_000_000 },
])('$confidence between $a and $b cookies', ({ confidence, a, b, about }) => {
  const worth = worthOf(evidenceOf(confidence), a, b)
  expect(Math.abs(worth / about - 1)).toBeLessThan(0.02)
})

test('a whole number of 1 or more, the same either way round, less the surer, more the larger the sides', () => {
  const sides = fc.nat({ max: 1_000 })
  const evidence = fc.integer({ min: evidenceOf(0.51), max: EVIDENCE_MAX })
  fc.assert(
    fc.property(evidence, evidence, sides, sides, (x, y, a, b) => {
      const worth = worthOf(x, a, b)
      expect(Number.isSafeInteger(worth)).toBe(true)
      expect(worth).toBeGreaterThanOrEqual(1)
      expect(worthOf(x, b, a)).toBe(worth)
      expect(worthOf(x, a + 1, b)).toBeGreaterThanOrEqual(worth)
      expect(worthOf(Math.max(x, y), a, b)).toBeLessThanOrEqual(worthOf(Math.min(x, y), a, b))
    }),
  )
})
