// Fits an additive model: weights of bins that make labels likely, one signal after the other, by Newton's steps with a
// pull to zero; where sense demands a rise or a fall, neighbouring bins that break it are made one.
// Source: cyclic Newton steps for logistic regression as in Genkin, Lewis & Madigan (2007), pooling of adjacent violators
// as in Barlow et al. (1972). Invariant: equal input, equal model.

import { PAIR_BIN_COUNTS, PAIR_SECOND_BINS, pairBinOf } from '../../core/evidence/learned/model.ts'
import { BIN_COUNTS, SENSES, SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'

export interface Examples {
  /** `SIGNAL_COUNT` bins an example. */
  readonly bins: Uint8Array
  /** 1: one person. */
  readonly label: Uint8Array
  readonly weight: Float64Array
}

export interface Fitted {
  readonly bias: number
  /** Natural log-odds by block: signals, then pair terms. */
  readonly blocks: readonly Float64Array[]
}

export interface FitLimits {
  readonly rounds: number
  /** How strongly the weight of a bin is pulled to zero: as many examples as undecided as can be. */
  readonly pull: number
  readonly pullOfPairs: number
}

const FIT_LIMITS: FitLimits = { rounds: 12, pull: 4, pullOfPairs: 12 }

/** `use`: examples to fit on. */
export function fit(examples: Examples, use: Int32Array, limits: FitLimits = FIT_LIMITS): Fitted {
  const binsOf = blockBins(examples, use)
  const blocks = [...BIN_COUNTS, ...PAIR_BIN_COUNTS].map((bins) => new Float64Array(bins))
  const scores = new Float64Array(use.length)
  let bias = 0
  for (let round = 0; round < limits.rounds; round++) {
    bias += stepBias(examples, use, scores)
    blocks.forEach((weights, block) => {
      const pull = block < SIGNAL_COUNT ? limits.pull : limits.pullOfPairs
      const bins = binsOf[block]
      if (bins !== undefined) stepBlock(examples, use, { block, weights, bins, pull }, scores)
    })
  }
  return { bias, blocks }
}

/** The bins of each block, example by example. */
function blockBins({ bins }: Examples, use: Int32Array): readonly Uint16Array[] {
  const signals = Array.from({ length: SIGNAL_COUNT }, (_, signal) =>
    Uint16Array.from(use, (one) => bins[one * SIGNAL_COUNT + signal] ?? 0),
  )
  const pairs = PAIR_BIN_COUNTS.map((_, term) =>
    Uint16Array.from(use, (one) => pairBinOf(term, bins, one * SIGNAL_COUNT)),
  )
  return [...signals, ...pairs]
}

function stepBias({ label, weight }: Examples, use: Int32Array, scores: Float64Array): number {
  let [slope, curve] = [0, 1e-9]
  for (let i = 0; i < use.length; i++) {
    const one = use[i] ?? 0
    const p = 1 / (1 + Math.exp(-(scores[i] ?? 0)))
    const w = weight[one] ?? 0
    slope += w * ((label[one] ?? 0) - p)
    curve += w * p * (1 - p)
  }
  const step = clamp(slope / curve)
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) + step
  return step
}

interface Block {
  readonly block: number
  readonly weights: Float64Array
  readonly bins: Uint16Array
  readonly pull: number
}

function stepBlock(
  { label, weight }: Examples,
  use: Int32Array,
  { block, weights, bins, pull }: Block,
  scores: Float64Array,
): void {
  const slope = new Float64Array(weights.length)
  const curve = new Float64Array(weights.length)
  for (let i = 0; i < use.length; i++) {
    const one = use[i] ?? 0
    const bin = bins[i] ?? 0
    const p = 1 / (1 + Math.exp(-(scores[i] ?? 0)))
    const w = weight[one] ?? 0
    slope[bin] = (slope[bin] ?? 0) + w * ((label[one] ?? 0) - p)
    curve[bin] = (curve[bin] ?? 0) + w * p * (1 - p)
  }
  const wanted = weights.map((now, bin) => {
    const step = ((slope[bin] ?? 0) - pull * now) / ((curve[bin] ?? 0) + pull)
    return now + clamp(step)
  })
  if (block < SIGNAL_COUNT) {
    // What is missing says nothing.
    wanted[0] = 0
    pool(wanted, curve, SENSES[block] ?? 'free', pull)
  } else clearMissing(wanted, block)
  for (let i = 0; i < use.length; i++) {
    const bin = bins[i] ?? 0
    scores[i] = (scores[i] ?? 0) + (wanted[bin] ?? 0) - (weights[bin] ?? 0)
  }
  weights.set(wanted)
}

/** A Newton step far from the goal leads past it. */
const clamp = (step: number): number => Math.max(-2, Math.min(2, step))

/** Makes the weights of bins after the first rise or fall, by pooling neighbours. */
function pool(weights: Float64Array, curve: Float64Array, sense: string, pull: number): void {
  if (sense === 'free') return
  const sign = sense === 'up' ? 1 : -1
  const pools: { value: number; mass: number; bins: number }[] = []
  for (let bin = 1; bin < weights.length; bin++) {
    let last = { value: sign * (weights[bin] ?? 0), mass: (curve[bin] ?? 0) + pull, bins: 1 }
    for (
      let before = pools.at(-1);
      before !== undefined && before.value > last.value;
      before = pools.at(-1)
    ) {
      pools.pop()
      const mass = before.mass + last.mass
      const value = (before.value * before.mass + last.value * last.mass) / mass
      last = { value, mass, bins: before.bins + last.bins }
    }
    pools.push(last)
  }
  let bin = 1
  for (const { value, bins } of pools) for (let i = 0; i < bins; i++) weights[bin++] = sign * value
}

/** Where one of the two is missing, the pair says nothing. */
function clearMissing(weights: Float64Array, block: number): void {
  const second = PAIR_SECOND_BINS[block - SIGNAL_COUNT] ?? 1
  for (let bin = 0; bin < weights.length; bin++)
    if (bin < second || bin % second === 0) weights[bin] = 0
}

/** Natural log-odds of an example. */
export function logOddsOf({ bias, blocks }: Fitted, bins: Uint8Array, from: number): number {
  let sum = bias
  for (let signal = 0; signal < SIGNAL_COUNT; signal++)
    sum += blocks[signal]?.[bins[from + signal] ?? 0] ?? 0
  for (let term = 0; term < PAIR_BIN_COUNTS.length; term++)
    sum += blocks[SIGNAL_COUNT + term]?.[pairBinOf(term, bins, from)] ?? 0
  return sum
}
