// A model out of what the data itself answers: fitted on pairs of cookies whose logins say who they are, with the logins
// masked, held against groups it has not seen. Invariant: equal input, equal model; no wall clock, no dice.

import { scoreOf } from '../../core/evidence/learned/model.ts'
import { SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { Model } from '../../core/policy/knowledge.ts'
import type { Pairs } from '../evidence/candidates.ts'
import { calibrate } from './calibrate.ts'
import { type Fitted, fit, logOddsOf } from './fit.ts'
import { LABEL, type Labelled } from './labels.ts'
import { logOdds, probability, shiftedPrior } from './shift.ts'
import { type Chosen, chooseThreshold, type Tried } from './threshold.ts'

export interface LearnInput {
  readonly pairs: Pairs
  /** `SIGNAL_COUNT` a pair. */
  readonly bins: Uint8Array
  readonly labelled: Labelled
  /** By node, the smallest member of its group. */
  readonly groupOf: Int32Array
  /** By smallest member: members of the group. */
  readonly membersOf: Int32Array
}

export interface LearnLimits {
  /** Pairs that a model is fitted on. */
  readonly pairsMax: number
  /** Pairs with each of both answers below which nothing is learned. */
  readonly answersMin: number
  /** Least share of pairs of identifiers in profiles that are one person's, with 95 % confidence. */
  readonly precisionMin: number
  /** Rounds of joining. */
  readonly rounds: number
  /** The score that the model in use joins from; null where there is none. */
  readonly inUse: number | null
}

/** How often a steward's answer counts. */
const RULING_WEIGHT = 10
const FOLDS = 5

/** What training found; stands beside the model. */
export interface Training {
  readonly candidatePairs: number
  readonly samePairs: number
  readonly differentPairs: number
  readonly ruledPairs: number
  readonly fittedOn: number
  /** Share of one person's among pairs with an answer, and as estimated among those without. */
  readonly answeredShare: number
  readonly estimatedShare: number
  /** What held-out scores were multiplied by to come true. */
  readonly confidence: number
  readonly tried: readonly Tried[]
  readonly chosen: Chosen | null
  /** Why the model is not used; null when it is. */
  readonly refused: string | null
  /** How long it took; null where nobody looked at the clock. */
  readonly seconds: number | null
}

export interface Learned {
  /** Null where there was nothing to fit it on; whether it may be used says `refused`. */
  readonly model: Model | null
  readonly training: Training
}

export function learn(input: LearnInput, limits: LearnLimits): Learned {
  const { pairs, labelled } = input
  const answered = pairsWhere(labelled.label, (label) => label !== LABEL.none)
  const same = answered.filter((i) => labelled.label[i] === LABEL.same).length
  const different = answered.length - same
  const found = {
    candidatePairs: pairs.a.length,
    samePairs: same,
    differentPairs: different,
    ruledPairs: labelled.ruled.reduce((sum, one) => sum + one, 0),
  }
  const { answersMin } = limits
  if (Math.min(same, different) < answersMin) {
    const refused = `logins answer for ${same} pairs of cookies that they are one person's and for ${different} that they are not; at least ${answersMin} of each are needed`
    return { model: null, training: { ...found, ...NOTHING, refused, seconds: null } }
  }
  const { model, scores, ...figures } = fitModel(input, answered, limits.pairsMax)
  const shown = { ...input, scores, answeredShare: same / answered.length, ...figures }
  const choice = chooseThreshold(shown, limits)
  return {
    model: { ...model, joinFrom: choice.chosen?.score ?? NEVER },
    training: {
      ...found,
      answeredShare: shown.answeredShare,
      ...figures,
      ...choice,
      seconds: null,
    },
  }
}

/** A score that no pair reaches. */
const NEVER = 2 ** 31 - 1

const NOTHING = {
  fittedOn: 0,
  answeredShare: 0,
  estimatedShare: 0,
  confidence: 0,
  tried: [],
  chosen: null,
} as const

interface FittedModel {
  /** Without a threshold. */
  readonly model: Model
  /** Of every pair; of those it was fitted on as a model says that has seen neither of their groups. */
  readonly scores: Int32Array
  readonly fittedOn: number
  readonly estimatedShare: number
  readonly confidence: number
}

function fitModel(input: LearnInput, answered: Int32Array, pairsMax: number): FittedModel {
  const { pairs, bins, labelled } = input
  const use = sampled(answered, pairsMax)
  const weight = Float64Array.from(labelled.ruled, (ruled) => (ruled === 1 ? RULING_WEIGHT : 1))
  const examples = { bins, label: labelled.label, weight }
  const whole = fit(examples, use)
  const heldOut = scoreHeldOut(input, examples, use)
  const { factor, summand } = calibrate(
    Float64Array.from(use, (i) => heldOut.get(i) ?? 0),
    Uint8Array.from(use, (i) => labelled.label[i] ?? 0),
    Float64Array.from(use, (i) => weight[i] ?? 0),
  )
  const calm = (score: number): number => factor * score + summand
  const others = sampled(
    pairsWhere(labelled.label, (label) => label === LABEL.none),
    pairsMax,
  )
  const answeredShare =
    answered.filter((i) => labelled.label[i] === LABEL.same).length / answered.length
  const estimatedShare = shiftedPrior(
    Float64Array.from(others, (i) => probability(calm(logOddsOf(whole, bins, i * SIGNAL_COUNT)))),
    answeredShare,
  )
  const shift = logOdds(estimatedShare) - logOdds(answeredShare)
  const model = modelOf(whole, factor, summand + shift)
  const scores = Int32Array.from(pairs.a, (_, i) => scoreOf(model, bins, i * SIGNAL_COUNT))
  for (const [i, score] of heldOut) scores[i] = Math.round((calm(score) + shift) * 1_000)
  return { model, scores, fittedOn: use.length, estimatedShare, confidence: factor }
}

function pairsWhere(labels: Uint8Array, is: (label: number) => boolean): Int32Array {
  return Int32Array.from(labels.keys()).filter((i) => is(labels[i] ?? LABEL.none))
}

/** Spreads whole numbers over 32 bits: Knuth's multiplicative hash. */
function spread(n: number): number {
  return Math.imul(n, 0x9e3779b1) >>> 0
}

/** About so many of them, always the same ones. */
function sampled(all: Int32Array, max: number): Int32Array {
  if (all.length <= max) return all
  const below = (max / all.length) * 2 ** 32
  return all.filter((i) => spread(i) < below).slice(0, max)
}

/** Of each pair the score by a model that has seen neither of its groups. By pair. */
function scoreHeldOut(
  { pairs, bins, groupOf }: LearnInput,
  examples: Parameters<typeof fit>[0],
  use: Int32Array,
): Map<number, number> {
  const foldOf = (node: number | undefined): number => spread(groupOf[node ?? 0] ?? 0) % FOLDS
  const scores = new Map<number, number>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = use.filter((i) => foldOf(pairs.a[i]) !== fold && foldOf(pairs.b[i]) !== fold)
    const fitted = fit(examples, others)
    for (const i of use)
      if (foldOf(pairs.a[i]) === fold) scores.set(i, logOddsOf(fitted, bins, i * SIGNAL_COUNT))
  }
  return scores
}

function modelOf({ bias, blocks }: Fitted, factor: number, summand: number): Model {
  const whole = (weights: Float64Array): Int32Array =>
    Int32Array.from(weights, (weight) => Math.round(weight * factor * 1_000))
  return {
    bias: Math.round((bias * factor + summand) * 1_000),
    weights: blocks.slice(0, SIGNAL_COUNT).map(whole),
    pairWeights: blocks.slice(SIGNAL_COUNT).map(whole),
    joinFrom: 0,
  }
}
