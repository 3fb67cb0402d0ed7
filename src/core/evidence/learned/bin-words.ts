// What a bin of a signal holds, in few words: for whoever reads a model's weights.

import { SIGNALS, type SignalId } from './signals.ts'

/** Of bin 1 and higher; the first, of what is missing, has no weight. */
export function binWords(id: SignalId, bin: number): string {
  const signal = SIGNALS[id]
  if (!('edges' in signal)) return signal.kinds[bin - 1] ?? ''
  const [from, to] = [signal.edges[bin - 2], signal.edges[bin - 1]]
  if (from === undefined) return `below ${to ?? ''}`
  if (to === undefined) return `${from} or more`
  return to - from === 1 ? `${from}` : `${from} to ${to - 1}`
}
