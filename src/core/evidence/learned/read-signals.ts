// All signals of two cookies, out of their lives. Invariant: symmetric, whole numbers only, and the same live and in a run.

import type { Rarities } from '../../policy/knowledge.ts'
import { SHAPE } from './known-witnesses.ts'
import { type Lives, RHYTHM, RHYTHM_HOURS, RHYTHM_SUMS, startOf } from './lives.ts'
import { readAddresses } from './read-addresses.ts'
import { readClues } from './read-clues.ts'
import { AT, MISSING } from './signals.ts'

/** Writes the value of each signal to `out`, in the order of `SIGNALS`. */
export function readSignals(
  known: Rarities,
  lives: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  out.fill(MISSING)
  readAddresses(known, lives, a, b, out)
  readDevice(known, lives, a, b, out)
  readTimes(lives, a, b, out)
  readRhythm(lives, a, b, out)
  readClues(known.clueRarity, lives, a, b, out)
}

/** As in the kinds of `device`. */
const DEVICE = { different: 0, inPart: 1, same: 2 } as const

function readDevice(known: Rarities, lives: Lives, a: number, b: number, out: Int32Array): void {
  const rows = lives.signatureRow.values
  const end = lives.signatureEnd.values
  const endA = end[a] ?? 0
  const endB = end[b] ?? 0
  let i = startOf(end, a)
  let j = startOf(end, b)
  if (i === endA || j === endB) return
  let found: number = DEVICE.different
  let bits = 0
  while (i < endA && j < endB) {
    const row = rows[i] ?? 0
    const other = rows[j] ?? 0
    if (row < other) i++
    else if (other < row) j++
    else {
      const whole = row >= 0 && known.shape[row] === SHAPE.whole
      found = Math.max(found, whole ? DEVICE.same : DEVICE.inPart)
      // Of what nobody has counted it is not known that it is rare.
      if (row >= 0) bits = Math.max(bits, known.rarity[row] ?? 0)
      i++
      j++
    }
  }
  out[AT.device] = found
  if (found !== DEVICE.different) out[AT.device_rarity] = bits
}

function readTimes(lives: Lives, a: number, b: number, out: Int32Array): void {
  const firsts = lives.firstHour.values
  const lasts = lives.lastHour.values
  const begun = Math.max(firsts[a] ?? 0, firsts[b] ?? 0)
  out[AT.lives] = begun - Math.min(lasts[a] ?? 0, lasts[b] ?? 0)
  const days = lives.day.values
  const end = lives.dayEnd.values
  const endA = end[a] ?? 0
  const endB = end[b] ?? 0
  let i = startOf(end, a)
  let j = startOf(end, b)
  out[AT.days_seen] = Math.min(endA - i, endB - j)
  let both = 0
  while (i < endA && j < endB) {
    const day = days[i] ?? 0
    const other = days[j] ?? 0
    if (day === other) both++
    if (day <= other) i++
    if (other <= day) j++
  }
  out[AT.days_both] = both
}

function readRhythm(lives: Lives, a: number, b: number, out: Int32Array): void {
  const rhythm = lives.rhythm.values
  const [ofA, ofB] = [a * RHYTHM, b * RHYTHM]
  out[AT.hours] = alike(rhythm, ofA, ofB, 0, RHYTHM_HOURS, RHYTHM_SUMS)
  out[AT.weekdays] = alike(rhythm, ofA, ofB, RHYTHM_HOURS, RHYTHM_SUMS, RHYTHM_SUMS + 1)
}

/** With fewer sightings a cookie has no rhythm. */
const RHYTHM_SIGHTINGS_MIN = 4

/** How much of two distributions falls together, in per mille; `sum`: where their sums stand. */
function alike(
  counts: Int32Array,
  ofA: number,
  ofB: number,
  from: number,
  until: number,
  sum: number,
): number {
  const inAllA = counts[ofA + sum] ?? 0
  const inAllB = counts[ofB + sum] ?? 0
  if (inAllA < RHYTHM_SIGHTINGS_MIN || inAllB < RHYTHM_SIGHTINGS_MIN) return MISSING
  let same = 0
  for (let i = from; i < until; i++) {
    const x = (counts[ofA + i] ?? 0) * inAllB
    const y = (counts[ofB + i] ?? 0) * inAllA
    same += x < y ? x : y
  }
  return Math.floor((same * 1_000) / (inAllA * inAllB))
}
