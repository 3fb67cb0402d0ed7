// Why a model asks about two profiles, in words with the numbers.

import { probabilityOfScore, signalWeights, writeBins } from '../../core/evidence/model.ts'
import { SIGNAL_COUNT, SIGNAL_IDS, SIGNALS } from '../../core/evidence/signals.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'

/** Signals that a reason names. */
const NAMED_MAX = 3

/** `score`: of the pair, in thousandths of a natural log-odd; `values`: of its signals. */
export function doubtReason(
  { version, model, stopped }: Knowledge,
  score: number,
  values: Int32Array,
): string {
  const by = `${percent(score)} by model ${version}`
  const what = strongest(model, values).join(', ')
  if (score < model.joinFrom) return `${by} (${percent(model.joinFrom)} joins): ${what}`
  const why = stopped
    ? 'the model is stopped and joins nobody'
    : 'one of them is more like, or nearly as much like, somebody else'
  return `${by} (${percent(model.joinFrom)} joins), but ${why}: ${what}`
}

function percent(score: number): string {
  return `${Math.round(probabilityOfScore(score) * 1_000) / 10} %`
}

function strongest(model: Knowledge['model'], values: Int32Array): readonly string[] {
  const bins = new Uint8Array(SIGNAL_COUNT)
  writeBins(values, bins, 0)
  const weights = signalWeights(model, bins)
  return SIGNAL_IDS.map((id, at) => ({ id, value: values[at] ?? 0, weight: weights[at] ?? 0 }))
    .filter(({ weight }) => weight !== 0)
    .toSorted((x, y) => Math.abs(y.weight) - Math.abs(x.weight))
    .slice(0, NAMED_MAX)
    .map(({ id, value, weight }) => {
      const signal = SIGNALS[id]
      const told = 'kinds' in signal ? (signal.kinds[value] ?? '') : `${value} ${signal.unit}`
      return `${signal.meaning}: ${told} (${weight > 0 ? 'for' : 'against'})`
    })
}
