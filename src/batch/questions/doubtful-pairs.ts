// Pairs of profiles that a model neither joins nor tells apart: what stewards are asked about under knowledge.
// Invariant: the most alike pair of cookies of two profiles stands for them; what a login or a verdict answers is not asked.

import { evidenceOfScore, signalWeights } from '../../core/evidence/learned/model.ts'
import { SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { Knowledge, Model } from '../../core/policy/knowledge.ts'
import { worthOf } from '../../core/profile/worth.ts'
import type { NumberedPair } from '../alike.ts'
import type { WeighedPairs } from '../evidence/weigh-pairs.ts'
import { areApart, type Held, holdings, type Ruled } from '../learning/labels.ts'
import { doubtReason } from './doubt-reason.ts'
import { mostWorthFirst } from './spread.ts'

export interface DoubtfulInput {
  readonly weighed: WeighedPairs
  readonly knowledge: Knowledge
  /** Of each pair, by the model of the knowledge. */
  readonly scores: Int32Array
  /** By node, the smallest member of its profile, all joined. */
  readonly groupOf: Int32Array
  /** By smallest member: cookies of the profile. */
  readonly cookiesOf: Int32Array
  /** What profiles hold that a person has one of. */
  readonly held: Held
  readonly rulings: readonly Ruled[]
  readonly questionEvidence: number
  readonly questionsMax: number
}

/** The pairs to ask about, those worth most first. */
export function doubtfulPairs(input: DoubtfulInput): readonly NumberedPair[] {
  const { weighed, knowledge, groupOf, cookiesOf, questionsMax } = input
  const { pairs, bins } = weighed
  const { version, model } = knowledge
  const holding = holdings(input.held)
  const ruled = new Set(input.rulings.map(({ a, b }) => codeOf(a, b)))
  const open = [...mostAlike(input)].flatMap(([code, { pair, score }]) => {
    const [x, y] = [groupOf[pairs.a[pair] ?? 0] ?? 0, groupOf[pairs.b[pair] ?? 0] ?? 0]
    if (ruled.has(code) || areApart(holding.get(x), holding.get(y))) return []
    const worth = worthOf(evidenceOfScore(score), cookiesOf[x] ?? 0, cookiesOf[y] ?? 0)
    return [{ pair, score, worth, sides: [x, y] as const }]
  })
  const kinds = kindsOf(
    model,
    bins,
    open.map(({ pair }) => pair),
  )
  const kinded = open.map((one, i) => ({ ...one, kind: kinds[i] ?? 0 }))
  const values = new Int32Array(SIGNAL_COUNT)
  return mostWorthFirst(kinded, questionsMax).map(({ pair, score, worth }) => {
    weighed.read(pair, values)
    return {
      a: pairs.a[pair] ?? 0,
      b: pairs.b[pair] ?? 0,
      evidence: evidenceOfScore(score),
      reason: doubtReason(knowledge, score, values),
      scoredBy: version,
      worth,
    }
  })
}

const SPAN = 2 ** 26

function codeOf(x: number, y: number): number {
  return Math.min(x, y) * SPAN + Math.max(x, y)
}

interface Alike {
  readonly pair: number
  readonly score: number
}

/** Of every two profiles the pair with the highest score, ties to the first, if it is worth a question at all. */
function mostAlike({
  weighed: { pairs },
  scores,
  groupOf,
  questionEvidence,
}: DoubtfulInput): ReadonlyMap<number, Alike> {
  const best = new Map<number, Alike>()
  for (let pair = 0; pair < pairs.a.length; pair++) {
    const [x, y] = [groupOf[pairs.a[pair] ?? 0] ?? 0, groupOf[pairs.b[pair] ?? 0] ?? 0]
    if (x === y) continue
    const score = scores[pair] ?? 0
    if (evidenceOfScore(score) < questionEvidence) continue
    const code = codeOf(x, y)
    const known = best.get(code)
    if (known === undefined || known.score < score) best.set(code, { pair, score })
  }
  return best
}

/**
 * Of each pair the signal, and its bin, by which it differs most from what all these pairs have in common: the one whose
 * weight is furthest from its mean among them. The heaviest by itself would be the same one nearly everywhere, as that
 * both were seen in a home.
 */
export function kindsOf(model: Model, bins: Uint8Array, pairs: readonly number[]): Int32Array {
  const sum = new Float64Array(SIGNAL_COUNT)
  for (const pair of pairs) {
    const weights = signalWeights(model, bins, pair * SIGNAL_COUNT)
    for (let signal = 0; signal < SIGNAL_COUNT; signal++)
      sum[signal] = (sum[signal] ?? 0) + (weights[signal] ?? 0)
  }
  const mean = sum.map((of) => Math.trunc(of / Math.max(1, pairs.length)))
  return Int32Array.from(pairs, (pair) => {
    const from = pair * SIGNAL_COUNT
    const apart = signalWeights(model, bins, from).map((weight, signal) =>
      Math.abs(weight - (mean[signal] ?? 0)),
    )
    const most = apart.indexOf(apart.reduce((so, one) => Math.max(so, one), 0))
    return (bins[from + most] ?? 0) * SIGNAL_COUNT + most
  })
}
