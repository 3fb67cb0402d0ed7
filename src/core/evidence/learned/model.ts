// The learned scorer: a weight of evidence for each bin of each signal, and for pairs of bins of a few signals, added up.
// A weight is a whole number of thousandths of a natural log-odd, so a model is its own waterfall and scores alike in
// every engine. Invariant: a score is a sum of whole numbers; nothing depends on the order of adding.

import { EVIDENCE_MAX } from '../../policy/evidence-unit.ts'
import type { Model } from '../../policy/knowledge.ts'
import { BIN_COUNTS, binOf, SIGNAL_COUNT, SIGNAL_IDS, type SignalId } from './signals.ts'

/** Pairs of signals whose bins are weighed together. */
export const PAIR_TERMS = [
  ['kinds', 'devices_around'],
  ['device', 'lives'],
  ['device', 'addresses'],
  ['kinds', 'browser'],
] as const satisfies readonly (readonly [SignalId, SignalId])[]

const terms = PAIR_TERMS.map(([a, b]) => {
  const [first, second] = [SIGNAL_IDS.indexOf(a), SIGNAL_IDS.indexOf(b)]
  return { first, second, bins: BIN_COUNTS[second] ?? 0 }
})

/** Bins of the second signal of each pair term. */
export const PAIR_SECOND_BINS: readonly number[] = terms.map(({ bins }) => bins)

/** Bins of each pair term. */
export const PAIR_BIN_COUNTS = terms.map(({ first, bins }) => (BIN_COUNTS[first] ?? 0) * bins)

/** The bin of a pair term, of the bins of all signals. */
export function pairBinOf(term: number, bins: Uint8Array, from: number): number {
  const of = terms[term]
  if (of === undefined) throw new Error(`no pair term ${term}`)
  return (bins[from + of.first] ?? 0) * of.bins + (bins[from + of.second] ?? 0)
}

/** Writes the bin of each signal. */
export function writeBins(values: Int32Array, bins: Uint8Array, from: number): void {
  for (let signal = 0; signal < SIGNAL_COUNT; signal++)
    bins[from + signal] = binOf(signal, values[signal] ?? 0)
}

/** The score of a pair whose bins stand from `from` on, in thousandths of a natural log-odd. */
export function scoreOf({ bias, weights, pairWeights }: Model, bins: Uint8Array, from = 0): number {
  let score = bias
  for (let signal = 0; signal < SIGNAL_COUNT; signal++)
    score += weights[signal]?.[bins[from + signal] ?? 0] ?? 0
  for (let term = 0; term < terms.length; term++)
    score += pairWeights[term]?.[pairBinOf(term, bins, from)] ?? 0
  return score
}

/** What each signal adds to the score, pair terms left out. */
export function signalWeights({ weights }: Model, bins: Uint8Array, from = 0): Int32Array {
  return Int32Array.from(weights, (of, signal) => of[bins[from + signal] ?? 0] ?? 0)
}

const TABLE_FROM = -12_000
const TABLE_STEP = 10
/** ln(1 + e^score) in millionths: what −ln(1 − p) is for the probability p whose log-odds the score is. */
const EVIDENCE: readonly number[] = Array.from(
  { length: (2 * -TABLE_FROM) / TABLE_STEP + 1 },
  (_, i) =>
    Math.min(
      Math.round(Math.log1p(Math.exp((TABLE_FROM + i * TABLE_STEP) / 1_000)) * 1_000_000),
      EVIDENCE_MAX,
    ),
)

/** The evidence that a score stands for, rounded down to the table's step of a hundredth. */
export function evidenceOfScore(score: number): number {
  const at = Math.floor((score - TABLE_FROM) / TABLE_STEP)
  return EVIDENCE[Math.min(Math.max(at, 0), EVIDENCE.length - 1)] ?? 0
}

/** The probability of a score, 0 to 1. For display. */
export function probabilityOfScore(score: number): number {
  return 1 / (1 + Math.exp(-score / 1_000))
}
