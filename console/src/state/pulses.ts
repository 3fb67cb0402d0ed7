// How many messages come in a second, from how far the log had grown at each of the last pulses.
// Invariant: between two pulses that are far apart nobody looked, and nothing is said of that time.

import type { PulseAnswer } from 'selfsame/client'

/** What the view keeps of a pulse. */
export interface Beat {
  /** ms */
  readonly at: number
  readonly records: number
}

/** The latest pulse, and what the ones before it said. */
export interface Pulses {
  readonly now: PulseAnswer
  /** The oldest first. */
  readonly beats: readonly Beat[]
}

/** Ten minutes of a pulse every two seconds. */
export const BEATS_MAX = 300
/** Longer without a pulse, and the curve has a gap. */
export const GAP_MS = 10_000
const MS_PER_SECOND = 1_000

export function withPulse(before: Pulses | null, now: PulseAnswer): Pulses {
  const beat = { at: Date.parse(now.at), records: now.log_records }
  const last = before?.beats.at(-1)
  // The log was put back from a backup, say: what was before tells nothing of what comes.
  const goesOn = last === undefined || (beat.at > last.at && beat.records >= last.records)
  const beats = goesOn ? [...(before?.beats ?? []), beat] : [beat]
  return { now, beats: beats.slice(-BEATS_MAX) }
}

/** Seconds since the epoch beside messages a second; null where nobody looked. */
export type Rates = readonly [at: number[], rates: (number | null)[]]

export function ratesOf(beats: readonly Beat[]): Rates {
  const at: number[] = []
  const rates: (number | null)[] = []
  for (const [i, beat] of beats.entries()) {
    const before = beats[i - 1]
    if (before === undefined) continue
    at.push(beat.at / MS_PER_SECOND)
    const ms = beat.at - before.at
    rates.push(ms > GAP_MS ? null : ((beat.records - before.records) * MS_PER_SECOND) / ms)
  }
  return [at, rates]
}

/** Messages a second over the time that was looked at; null for none. */
export function averageOf(beats: readonly Beat[]): number | null {
  let ms = 0
  let records = 0
  for (const [i, beat] of beats.entries()) {
    const before = beats[i - 1]
    if (before === undefined || beat.at - before.at > GAP_MS) continue
    ms += beat.at - before.at
    records += beat.records - before.records
  }
  return ms === 0 ? null : (records * MS_PER_SECOND) / ms
}
