// What several worlds say together: the mean, and where it lies with 95 % confidence by Student's t.

/** Mean of a measure over worlds. The true mean is above `low`, and below `high`, with 97.5 % confidence each. */
export interface Bound {
  readonly worlds: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Upper 2.5 % points of Student's t for 1, 2, … degrees of freedom; the expansion below is exact enough behind them. */
const QUANTILES = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814,
]
const NORMAL_QUANTILE = 1.959964

/** @throws {RangeError} for fewer than two worlds: one says nothing of how they differ. */
export function boundOf(values: readonly number[]): Bound {
  const worlds = values.length
  if (worlds < 2) throw new RangeError('a bound takes two worlds or more')
  const mean = values.reduce((sum, value) => sum + value, 0) / worlds
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half = tQuantile(worlds - 1) * Math.sqrt(squares / (worlds - 1) / worlds)
  return { worlds, mean, low: mean - half, high: mean + half }
}

/** Cornish and Fisher's expansion in the reciprocal of the degrees of freedom; right to four places from 11 on. */
function tQuantile(freedom: number): number {
  const known = QUANTILES[freedom - 1]
  if (known !== undefined) return known
  const z = NORMAL_QUANTILE
  const first = (z ** 3 + z) / (4 * freedom)
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  return z + first + second + third
}
