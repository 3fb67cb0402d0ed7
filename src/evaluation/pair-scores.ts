// How right the scores of pairs are: precision and recall at every threshold, and whether what is said comes true.
// Invariant: pairs that score alike are taken or left together, so their order does not matter.

import { probabilityOfScore } from '../core/evidence/learned/model.ts'

/** Pairs whose people the truth knows. */
export interface ScoredTruth {
  /** Thousandths of a natural log-odd. */
  readonly scores: Int32Array
  /** 1: both are one person's. */
  readonly same: Uint8Array
}

/** What is found where all pairs from a probability on are taken. */
export interface CurvePoint {
  readonly probability: number
  readonly precision: number
  readonly recall: number
}

/** Pairs of whom about the same was said. */
export interface CalibrationBin {
  readonly from: number
  readonly until: number
  readonly pairs: number
  /** Mean of what was said; null where there is no pair. */
  readonly said: number | null
  /** Share of one person's. */
  readonly true: number | null
}

/** A point for each different score, from the highest on: recall rises. */
export function precisionRecall({ scores, same }: ScoredTruth): CurvePoint[] {
  const order = Int32Array.from(scores.keys()).toSorted(
    (x, y) => (scores[y] ?? 0) - (scores[x] ?? 0),
  )
  const all = same.reduce((sum, one) => sum + one, 0)
  const points: CurvePoint[] = []
  let right = 0
  order.forEach((pair, i) => {
    right += same[pair] ?? 0
    const next = order[i + 1]
    if (next !== undefined && scores[next] === scores[pair]) return
    points.push({
      probability: probabilityOfScore(scores[pair] ?? 0),
      precision: right / (i + 1),
      recall: all === 0 ? 1 : right / all,
    })
  })
  return points
}

/** The area below the steps of a curve. */
export function averagePrecision(points: readonly CurvePoint[]): number {
  let [area, before] = [0, 0]
  for (const { precision, recall } of points) {
    area += precision * (recall - before)
    before = recall
  }
  return area
}

/** About so many of the points, evenly over recall, the last one with them. */
export function thinned(points: readonly CurvePoint[], wanted: number): CurvePoint[] {
  let next = 0
  return points.filter(({ recall }, i) => {
    if (recall < next && i < points.length - 1) return false
    next = (Math.floor(recall * wanted) + 1) / wanted
    return true
  })
}

const BINS = 10

/** Ten bins of equal width. */
export function calibration({ scores, same }: ScoredTruth): CalibrationBin[] {
  const bins = Array.from({ length: BINS }, () => ({ pairs: 0, said: 0, right: 0 }))
  scores.forEach((score, i) => {
    const said = probabilityOfScore(score)
    const bin = bins[Math.min(Math.floor(said * BINS), BINS - 1)]
    if (bin === undefined) return
    bin.pairs++
    bin.said += said
    bin.right += same[i] ?? 0
  })
  return bins.map(({ pairs, said, right }, i) => ({
    from: i / BINS,
    until: (i + 1) / BINS,
    pairs,
    said: pairs === 0 ? null : said / pairs,
    true: pairs === 0 ? null : right / pairs,
  }))
}
