// What share of joins would be right. Pairs with an answer of whom each is the other's most alike, as stage B joins, give a
// curve over scores; carried over to the pairs that would be joined, it says what share of these is one person's.
// Invariant: of pairs with an answer the scores are by a model that has seen neither of their groups.

import { NORMAL_QUANTILE, shareBounds } from '../../core/evidence/learned/share-bounds.ts'
import type { Pairs } from '../evidence/candidates.ts'
import { type Calibration, calibrate } from './calibrate.ts'
import { LABEL, type Labelled } from './labels.ts'
import { logOdds, probability } from './shift.ts'

export interface ScoredAnswers {
  readonly pairs: Pairs
  /** Thousandths of a natural log-odd, for pairs without an answer. */
  readonly scores: Int32Array
  readonly labelled: Labelled
  /** Share of one person's among pairs with an answer, and as estimated among those without. */
  readonly answeredShare: number
  readonly estimatedShare: number
}

/** How right joins from one score on would be. */
export interface JoinPrecision {
  /** Pairs with an answer: those that are one person's, and not. */
  readonly right: number
  readonly wrong: number
  /** Pairs without an answer whom these vouch for. */
  readonly open: number
  /** Share of right ones among the open pairs, and its lower 95 % bound. */
  readonly joins: number
  readonly joinsAtLeast: number
}

/** Of scores that are thousandths of a natural log-odd. */
export function joinPrecisions(input: ScoredAnswers): (from: number) => JoinPrecision {
  const { scores, labelled, answeredShare, estimatedShare } = input
  const decided = decidedPairs(input)
  const answers = decided.filter((i) => labelled.label[i] !== LABEL.none)
  const open = decided.filter((i) => labelled.label[i] === LABEL.none)
  const shift = logOdds(estimatedShare) - logOdds(answeredShare)
  /** What a score would be if those without an answer were as often one person's as those with one. */
  const unshifted = (i: number): number => (scores[i] ?? 0) / 1_000 - shift
  const curve = calibrate(
    Float64Array.from(answers, unshifted),
    Uint8Array.from(answers, (i) => labelled.label[i] ?? 0),
    new Float64Array(answers.length).fill(1),
  )
  const rarer = {
    right: estimatedShare / answeredShare,
    wrong: (1 - estimatedShare) / (1 - answeredShare),
  }
  return (from) => {
    const reached = answers.filter((i) => (scores[i] ?? 0) >= from)
    const right = reached.filter((i) => labelled.label[i] === LABEL.same).length
    const wrong = reached.length - right
    const joined = open.filter((i) => (scores[i] ?? 0) >= from)
    const { share, atLeast } = shareByCurve(curve, Float64Array.from(joined, unshifted), shift)
    // A curve that says more than the answers up there allow is bent there.
    const { atMost } = weighedShare(right, wrong, rarer)
    return {
      right,
      wrong,
      open: joined.length,
      joins: share,
      joinsAtLeast: Math.min(atLeast, atMost),
    }
  }
}

/** Pairs of whom each is the other's most alike among all candidates: whom stage B would join. */
function decidedPairs({ pairs: { a, b }, scores }: ScoredAnswers): Int32Array {
  const best = new Map<number, number>()
  const offer = (cookie: number, pair: number): void => {
    const known = best.get(cookie)
    if (known === undefined || (scores[pair] ?? 0) > (scores[known] ?? 0)) best.set(cookie, pair)
  }
  for (let i = 0; i < scores.length; i++) {
    offer(a[i] ?? 0, i)
    offer(b[i] ?? 0, i)
  }
  return Int32Array.from(scores.keys()).filter(
    (i) => best.get(a[i] ?? 0) === i && best.get(b[i] ?? 0) === i,
  )
}

/** The mean of a curve over scores, and its lower 95 % bound by the curve's own uncertainty (delta method). */
function shareByCurve(
  { factor, summand, spread }: Calibration,
  scores: Float64Array,
  shift: number,
): { readonly share: number; readonly atLeast: number } {
  if (scores.length === 0) return { share: 0, atLeast: 0 }
  let [sum, byFactor, bySummand] = [0, 0, 0]
  for (const score of scores) {
    const p = probability(factor * score + summand + shift)
    sum += p
    byFactor += p * (1 - p) * score
    bySummand += p * (1 - p)
  }
  const variance =
    byFactor * byFactor * spread.factor +
    2 * byFactor * bySummand * spread.both +
    bySummand * bySummand * spread.summand
  const half = NORMAL_QUANTILE * Math.sqrt(Math.max(variance, 0))
  return { share: sum / scores.length, atLeast: Math.max(sum - half, 0) / scores.length }
}

/** A counted share with Wilson's bounds, where the ones weigh more than the others: of as many as weigh alike (Kish). */
export function weighedShare(
  right: number,
  wrong: number,
  weight: { readonly right: number; readonly wrong: number },
): { readonly share: number; readonly atLeast: number; readonly atMost: number } {
  const sum = right * weight.right + wrong * weight.wrong
  if (sum === 0) return { share: 0, atLeast: 0, atMost: 1 }
  const squares = right * weight.right ** 2 + wrong * weight.wrong ** 2
  const share = (right * weight.right) / sum
  return { share, ...shareBounds(share, (sum * sum) / squares) }
}
