// Pairs of cookies that a model would join, each with its evidence: what stage B decides on.

import { evidenceOfScore, scoreOf } from '../../core/evidence/model.ts'
import { SIGNAL_COUNT } from '../../core/evidence/signals.ts'
import type { Model } from '../../core/policy/knowledge.ts'
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

/** `groupOf`: by node; who is in one group already is no pair. */
export function alikeCookies(
  { pairs, bins }: WeighedPairs,
  model: Model,
  groupOf: Int32Array,
): AlikeCookies {
  const [a, b, evidence] = [[], [], []] as [number[], number[], number[]]
  for (let i = 0; i < pairs.a.length; i++) {
    const [x, y] = [pairs.a[i] ?? 0, pairs.b[i] ?? 0]
    if (groupOf[x] === groupOf[y]) continue
    const score = scoreOf(model, bins, i * SIGNAL_COUNT)
    if (score < model.joinFrom) continue
    a.push(x)
    b.push(y)
    evidence.push(evidenceOfScore(score))
  }
  return {
    a: Int32Array.from(a),
    b: Int32Array.from(b),
    evidence: Int32Array.from(evidence),
  }
}
