// The curve and the calibration of scored pairs, against counts by hand and for any pairs.
import { array, assert, boolean, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'

import { averagePrecision, calibration, precisionRecall, thinned } from './pair-scores.ts'

const pairsOf = (list: readonly (readonly [number, boolean])[]) => ({
  scores: Int32Array.from(list, ([score]) => score),
  same: Uint8Array.from(list, ([, same]) => (same ? 1 : 0)),
})

test('a curve counts pairs of one score together, from the highest on', () => {
  const pairs = pairsOf([
    [2_000, true],
    [0, false],
    [0, true],
    [-2_000, false],
  ])
  const points = precisionRecall(pairs)
  expect(points.map(({ precision, recall }) => [precision, recall])).toEqual([
    [1, 0.5],
    [2 / 3, 1],
    [0.5, 1],
  ])
  expect(points[1]?.probability).toBe(0.5)
  expect(averagePrecision(points)).toBeCloseTo(0.5 + 1 / 3)
  expect(thinned(points, 1)).toEqual(points)
})

test('nothing said is no point, and empty bins say nothing', () => {
  const none = pairsOf([])
  expect(precisionRecall(none)).toEqual([])
  expect(calibration(none)).toHaveLength(10)
  expect(calibration(none)[0]).toMatchObject({ pairs: 0, said: null, true: null })
})

test('what is said with certainty falls into the last bin', () => {
  const [last] = calibration(pairsOf([[50_000, true]])).toReversed()
  expect(last).toMatchObject({ from: 0.9, until: 1, pairs: 1, said: 1, true: 1 })
})

test('recall never falls, the last point has it all, and every pair is in a bin', () => {
  const pair = tuple(integer({ min: -9_000, max: 9_000 }), boolean())
  assert(
    property(array(pair, { minLength: 1 }), (list) => {
      const pairs = pairsOf(list)
      const points = precisionRecall(pairs)
      const recalls = points.map(({ recall }) => recall)
      expect(recalls).toEqual(recalls.toSorted((x, y) => x - y))
      expect(points.at(-1)?.recall).toBe(1)
      expect(points.at(-1)?.precision).toBe(list.filter(([, same]) => same).length / list.length)
      const few = thinned(points, 20)
      expect(few.length).toBeLessThanOrEqual(22)
      expect(few.at(-1)).toEqual(points.at(-1))
      expect(calibration(pairs).reduce((sum, bin) => sum + bin.pairs, 0)).toBe(list.length)
    }),
  )
})
