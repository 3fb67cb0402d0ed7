// All signals of two cookies, out of their lives. Invariant: symmetric, whole numbers only, and the same live and in a run.

import { type Lives, RHYTHM, RHYTHM_HOURS } from './lives.ts'
import { readClues } from './read-clues.ts'
import { AT, MISSING, SIGNAL_COUNT } from './signals.ts'
import { SHAPE } from './known-witnesses.ts'
import type { Rarities } from '../policy/knowledge.ts'

/** Days between two sightings at an address up to which it counts as shared. */
export const SHARED_WITHIN_DAYS = 28

/** Writes the value of each signal to `out`, in the order of `SIGNALS`. */
export function readSignals(
  known: Rarities,
  lives: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  out.fill(MISSING, 0, SIGNAL_COUNT)
  readAddresses(known, lives, a, b, out)
  readDevice(known, lives, a, b, out)
  readTimes(lives, a, b, out)
  readRhythm(lives, a, b, out)
  readClues(known.clueRarity, lives, a, b, out)
}

/** How far apart in time two sightings at one address were; the place in the kinds of `together`. */
const TOGETHER = { hour: 0, day: 1, nextDay: 2, week: 3, later: 4, never: 5 } as const

/** Where the entries of a cookie begin. */
function startOf(end: Int32Array, cookie: number): number {
  return cookie === 0 ? 0 : (end[cookie - 1] ?? 0)
}

interface Shared {
  together: number
  daysTogether: number
}
const shared: Shared = { together: TOGETHER.never, daysTogether: 0 }

function readAddresses(
  known: Rarities,
  { addressRow: { values: rows }, addressDay, addressHours, addressEnd: { values: end } }: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  const [endA, endB] = [end[a] ?? 0, end[b] ?? 0]
  let [i, j] = [startOf(end, a), startOf(end, b)]
  let [bits, daysTogether, together, rarest] = [0, 0, TOGETHER.never as number, -1]
  while (i < endA && j < endB) {
    const [rowA, rowB] = [rows[i] ?? 0, rows[j] ?? 0]
    if (rowA < rowB) i++
    else if (rowB < rowA) j++
    else {
      let [untilA, untilB] = [i + 1, j + 1]
      while (untilA < endA && rows[untilA] === rowA) untilA++
      while (untilB < endB && rows[untilB] === rowA) untilB++
      compareDays(addressDay.values, addressHours.values, i, untilA, j, untilB)
      if (shared.together < TOGETHER.never) {
        bits += known.rarity[rowA] ?? 0
        daysTogether += shared.daysTogether
        together = Math.min(together, shared.together)
        if (isRarer(known, rowA, rarest)) rarest = rowA
      }
      i = untilA
      j = untilB
    }
  }
  if (rarest < 0) return
  out[AT.addresses] = bits
  out[AT.together] = together
  out[AT.days_together] = daysTogether
  const shape = known.shape[rarest] ?? 0
  if (shape !== SHAPE.unknown) out[AT.address_kind] = shape - SHAPE.home
  out[AT.devices_around] = known.devices[rarest] ?? 0
  out[AT.cookies_around] = known.cookies[rarest] ?? 0
}

/** Ties fall to what is known of them, never to their rows: these are other ones after the next look at everything. */
function isRarer({ cookies, devices, shape }: Rarities, row: number, than: number): boolean {
  if (than < 0) return true
  const by =
    (cookies[row] ?? 0) - (cookies[than] ?? 0) ||
    (devices[row] ?? 0) - (devices[than] ?? 0) ||
    (shape[row] ?? 0) - (shape[than] ?? 0)
  return by < 0
}

function compareDays(
  days: Int32Array,
  hours: Int32Array,
  fromA: number,
  untilA: number,
  fromB: number,
  untilB: number,
): void {
  let [together, daysTogether] = [TOGETHER.never as number, 0]
  let first = fromB
  for (let i = fromA; i < untilA; i++) {
    const day = days[i] ?? 0
    while (first < untilB && (days[first] ?? 0) < day - SHARED_WITHIN_DAYS) first++
    for (let j = first; j < untilB; j++) {
      const gap = Math.abs((days[j] ?? 0) - day)
      if ((days[j] ?? 0) > day + SHARED_WITHIN_DAYS) break
      if (gap === 0) {
        daysTogether++
        const sameHour = ((hours[i] ?? 0) & (hours[j] ?? 0)) !== 0
        together = Math.min(together, sameHour ? TOGETHER.hour : TOGETHER.day)
      } else if (gap === 1) together = Math.min(together, TOGETHER.nextDay)
      else together = Math.min(together, gap <= 7 ? TOGETHER.week : TOGETHER.later)
    }
  }
  shared.together = together
  shared.daysTogether = daysTogether
}

/** As in the kinds of `device`. */
const DEVICE = { different: 0, inPart: 1, same: 2 } as const

function readDevice(
  known: Rarities,
  { signatureRow: { values: rows }, signatureEnd: { values: end } }: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  let [i, j] = [startOf(end, a), startOf(end, b)]
  const [endA, endB] = [end[a] ?? 0, end[b] ?? 0]
  if (i === endA || j === endB) return
  let [found, bits] = [DEVICE.different as number, 0]
  while (i < endA && j < endB) {
    const [rowA, rowB] = [rows[i] ?? 0, rows[j] ?? 0]
    if (rowA === rowB) {
      const whole = rowA >= 0 && known.shape[rowA] === SHAPE.whole
      found = Math.max(found, whole ? DEVICE.same : DEVICE.inPart)
      // Of what nobody has counted it is not known that it is rare.
      bits = Math.max(bits, rowA >= 0 ? (known.rarity[rowA] ?? 0) : 0)
      i++
      j++
    } else if (rowA < rowB) i++
    else j++
  }
  out[AT.device] = found
  if (found !== DEVICE.different) out[AT.device_rarity] = bits
}

function readTimes(
  { firstHour, lastHour, day: { values: days }, dayEnd: { values: end } }: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  const [firstA, firstB] = [firstHour.values[a] ?? 0, firstHour.values[b] ?? 0]
  const [lastA, lastB] = [lastHour.values[a] ?? 0, lastHour.values[b] ?? 0]
  out[AT.lives] = Math.max(firstA, firstB) - Math.min(lastA, lastB)
  let [i, j] = [startOf(end, a), startOf(end, b)]
  const [endA, endB] = [end[a] ?? 0, end[b] ?? 0]
  out[AT.days_seen] = Math.min(endA - i, endB - j)
  let both = 0
  while (i < endA && j < endB) {
    const [dayA, dayB] = [days[i] ?? 0, days[j] ?? 0]
    if (dayA === dayB) both++
    if (dayA <= dayB) i++
    if (dayB <= dayA) j++
  }
  out[AT.days_both] = both
}

/** With fewer sightings a cookie has no rhythm. */
const RHYTHM_SIGHTINGS_MIN = 4

function readRhythm({ rhythm: { values } }: Lives, a: number, b: number, out: Int32Array): void {
  const alike = (from: number, until: number): number => {
    let [inAllA, inAllB] = [0, 0]
    for (let i = from; i < until; i++) {
      inAllA += values[a * RHYTHM + i] ?? 0
      inAllB += values[b * RHYTHM + i] ?? 0
    }
    if (inAllA < RHYTHM_SIGHTINGS_MIN || inAllB < RHYTHM_SIGHTINGS_MIN) return MISSING
    let same = 0
    for (let i = from; i < until; i++)
      same += Math.min(
        (values[a * RHYTHM + i] ?? 0) * inAllB,
        (values[b * RHYTHM + i] ?? 0) * inAllA,
      )
    return Math.floor((same * 1_000) / (inAllA * inAllB))
  }
  out[AT.hours] = alike(0, RHYTHM_HOURS)
  out[AT.weekdays] = alike(RHYTHM_HOURS, RHYTHM)
}
