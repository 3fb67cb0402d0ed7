// The bound against published points of Student's t.
import { expect, test } from 'vitest'

import { boundOf } from './bound.ts'

/** Half the width of the bound, in standard errors, of n worlds. */
function quantileOf(worlds: number): number {
  const values = Array.from({ length: worlds }, (_, i) => i)
  const { mean, high } = boundOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return (high - mean) / Math.sqrt(squares / (worlds - 1) / worlds)
}

test.each([
  [2, 12.7062],
  [3, 4.3027],
  [10, 2.2622],
  [11, 2.2281],
  [12, 2.201],
  [21, 2.086],
  [31, 2.0423],
  [121, 1.9799],
])('of %i worlds', (worlds, quantile) => {
  expect(quantileOf(worlds)).toBeCloseTo(quantile, 3)
})

test('around the mean, and of nothing when all are alike', () => {
  expect(boundOf([0.2, 0.4]).mean).toBeCloseTo(0.3, 12)
  expect(boundOf([1, 1, 1])).toEqual({ worlds: 3, mean: 1, low: 1, high: 1 })
  expect(() => boundOf([1])).toThrow(RangeError)
})
