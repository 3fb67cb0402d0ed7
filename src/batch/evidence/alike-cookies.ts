// Pairs of cookies that a model would join, each with its evidence: what stage B decides on.

import { evidenceOfScore, scoreOf } from '../../core/evidence/learned/model.ts'
import { SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { Model } from '../../core/policy/knowledge.ts'
import type { Pairs } from './candidates.ts'
import type { WeighedPairs } from './weigh-pairs.ts'

/** Cookies `a` and `b`, by node. */
export interface AlikeCookies {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly evidence: Int32Array
}

export const NOBODY_ALIKE: AlikeCookies = {
  a: new Int32Array(0),
  b: new Int32Array(0),
  evidence: new Int32Array(0),
}

export interface ScoredPairs {
  readonly pairs: Pairs
  /** Thousandths of a natural log-odd. */
  readonly scores: Int32Array
}

/** The score of each pair. */
export function scorePairs(
  { pairs, bins }: Pick<WeighedPairs, 'pairs' | 'bins'>,
  model: Model,
): Int32Array {
  const scores = new Int32Array(pairs.a.length)
  for (let i = 0; i < scores.length; i++) scores[i] = scoreOf(model, bins, i * SIGNAL_COUNT)
  return scores
}

/** Those that score `joinFrom` at least. `groupOf`: by node; who is in one group already is no pair. */
export function alikeCookies(
  { pairs, scores }: ScoredPairs,
  joinFrom: number,
  groupOf: Int32Array,
): AlikeCookies {
  const use = Int32Array.from(scores.keys()).filter(
    (i) => (scores[i] ?? 0) >= joinFrom && groupOf[pairs.a[i] ?? 0] !== groupOf[pairs.b[i] ?? 0],
  )
  return {
    a: use.map((i) => pairs.a[i] ?? 0),
    b: use.map((i) => pairs.b[i] ?? 0),
    evidence: use.map((i) => evidenceOfScore(scores[i] ?? 0)),
  }
}
