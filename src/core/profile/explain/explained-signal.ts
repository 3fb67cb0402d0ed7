// What two sides have in common as the signals of an explanation: by the fixed rules, or row by row of a model.

import { probabilityOfScore } from '../../evidence/learned/model.ts'
import { pairEvidence } from '../../evidence/pair.ts'
import type { WeighedSignal } from '../../evidence/learned/signal-words.ts'
import { confidenceOf } from '../../policy/evidence-unit.ts'
import { signalsOf } from '../alike/candidates.ts'
import type { Pass } from '../view/neighbours.ts'
import type { Group } from '../stage-a.ts'
import type { CrowdAsk } from '../view/view.ts'

export interface ExplainedSignal {
  readonly name: string
  /** What the signal is worth; of a model what it would make of even odds by itself. */
  readonly confidence: number
  /** What a model read and how much that weighed; all null where fixed rules hold. */
  readonly value: WeighedSignal['value']
  readonly unit: string | null
  readonly weight: number | null
  readonly words: string
}

/** A row of a waterfall in the shape that signals have. */
export function explainedSignal({ signal, weight, ...rest }: WeighedSignal): ExplainedSignal {
  return { name: signal, confidence: probabilityOfScore(weight), weight, ...rest }
}

/** What shared witnesses say of two groups by the fixed rules; crowds that must be loaded are noted in `asks`. */
export function weighByRules(
  pass: Pass,
  a: Group | undefined,
  b: Group | undefined,
  asks: CrowdAsk[],
): { readonly signals: readonly ExplainedSignal[]; readonly score: number } {
  const others = new Set((b?.nodes ?? []).map((node) => node.key))
  const signals: ExplainedSignal[] = []
  let score = 0
  for (const cookie of a?.nodes ?? []) {
    if (cookie.type !== 'cookie') continue
    for (const [key, found] of signalsOf(pass, cookie, asks)) {
      const evidence = others.has(key) ? pairEvidence(found, pass.policy) : 0
      if (evidence <= score) continue
      score = evidence
      signals.splice(
        0,
        signals.length,
        ...named(found.ip, 'same ip'),
        ...named(found.signature, 'same device signature'),
      )
      signals.push(
        ...named(found.crossIp, 'same ip on another site'),
        ...named(found.crossSignature, 'same device signature on another site'),
      )
    }
  }
  return { signals, score: confidenceOf(score) }
}

function named(evidence: number, name: string): ExplainedSignal[] {
  if (evidence === 0) return []
  const confidence = confidenceOf(evidence)
  return [{ name, confidence, value: null, unit: null, weight: null, words: name }]
}
