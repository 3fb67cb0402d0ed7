// Evidence is a whole number; equal confidences give equal evidence on every machine.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { confidenceOf, EVIDENCE_MAX, evidenceOf } from './evidence-unit.ts'

test.each([
  [0, 0],
  [0.3, 356_675],
  [0.5, 693_147],
  [0.6, 916_291],
  [0.85, 1_897_120],
  [0.95, 2_995_732],
  [0.98, 3_912_023],
  [0.99, 4_605_170],
  [0.999_999, EVIDENCE_MAX],
  [0.999_999_9, EVIDENCE_MAX],
  [1, EVIDENCE_MAX],
])('a confidence of %d is %d', (confidence, evidence) => {
  expect(evidenceOf(confidence)).toBe(evidence)
})

test('noisy-or is a sum: ip and signature make 0.72', () => {
  expect(confidenceOf(evidenceOf(0.3) + evidenceOf(0.6))).toBe(0.72)
})

test('a confidence is shown in four places, and never as certain', () => {
  expect([0, 0.95, 0.98, 0.123_44, 1].map((one) => confidenceOf(evidenceOf(one)))).toEqual([
    0, 0.95, 0.98, 0.1234, 0.9999,
  ])
})

test.each([-0.1, 1.1, Number.NaN])('%d is no confidence', (confidence) => {
  expect(() => evidenceOf(confidence)).toThrow(RangeError)
})

test('more confidence is never less evidence, and what is shown is what was meant', () => {
  const confidence = fc.double({ min: 0, max: 0.999_999, noNaN: true })
  fc.assert(
    fc.property(confidence, confidence, (a, b) => {
      expect(Math.sign(evidenceOf(a) - evidenceOf(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0)
      expect(Number.isSafeInteger(evidenceOf(a))).toBe(true)
      const shown = confidenceOf(evidenceOf(a))
      expect(Math.abs(shown - a)).toBeLessThanOrEqual(0.0001)
      expect(String(shown)).toMatch(/^0(\.\d{1,4})?$/)
    }),
  )
})
