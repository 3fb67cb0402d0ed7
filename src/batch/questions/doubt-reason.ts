// Why a model asks about two profiles, in words with the numbers: "62 % by model f845834f1ab7 (97.5 % joins): the same
// device signature, both were seen at one address on the same day, but different browsers".

import { evidenceOfScore } from '../../core/evidence/learned/model.ts'
import { waterfallOf } from '../../core/evidence/learned/signal-words.ts'
import { confidenceOf } from '../../core/policy/evidence-unit.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'

/** Signals that a reason names on either side, the strongest. */
const FOR_MAX = 3
const AGAINST_MAX = 2

/** `score`: of the pair, in thousandths of a natural log-odd; `values`: of its signals. */
export function doubtReason(
  { version, model, stopped }: Knowledge,
  score: number,
  values: Int32Array,
): string {
  const by = `${percent(score)} by model ${version} (${percent(model.joinFrom)} joins)`
  if (score < model.joinFrom) return `${by}: ${strongest(model, values)}`
  const why = stopped
    ? 'but the model is stopped and joins nobody'
    : 'but one of them is more like somebody else, or nearly as much'
  return `${by}, ${why}: ${strongest(model, values)}`
}

function percent(score: number): string {
  return `${Math.round(confidenceOf(evidenceOfScore(score)) * 1_000) / 10} %`
}

function strongest(model: Knowledge['model'], values: Int32Array): string {
  const known = waterfallOf(model, values).signals.filter(({ value }) => value !== null)
  const words = (sign: 1 | -1, max: number): string =>
    known
      .filter(({ weight }) => weight * sign > 0)
      .slice(0, max)
      .map((one) => one.words)
      .join(', ')
  return [words(1, FOR_MAX), words(-1, AGAINST_MAX)].filter((one) => one !== '').join(', but ')
}
