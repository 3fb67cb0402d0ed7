// The signals of the addresses that two cookies were both seen at: how rare, how close in time, whose.
// Invariant: depends on what is known of addresses, never on their rows, which are other ones after the next look.

import type { Rarities } from '../../policy/knowledge.ts'
import { SHAPE } from './known-witnesses.ts'
import { type Lives, startOf } from './lives.ts'
import { AT } from './signals.ts'

/** Days between two sightings at an address up to which it counts as shared. */
const SHARED_WITHIN_DAYS = 28
const WEEK_DAYS = 7

/** How far apart in time two sightings at one address were; the place in the kinds of `together`. */
const TOGETHER = { hour: 0, day: 1, nextDay: 2, week: 3, later: 4, never: 5 } as const

/** What the addresses of a pair say so far. */
const sum = { bits: 0, together: 0, daysTogether: 0, rarest: -1 }
/** What one address says. */
const one = { together: 0, daysTogether: 0 }

export function readAddresses(
  known: Rarities,
  lives: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  meetAtAddresses(known, lives, a, b)
  const { rarest } = sum
  if (rarest < 0) return
  out[AT.addresses] = sum.bits
  out[AT.together] = sum.together
  out[AT.days_together] = sum.daysTogether
  const shape = known.shape[rarest] ?? SHAPE.unknown
  if (shape !== SHAPE.unknown) out[AT.address_kind] = shape - SHAPE.home
  out[AT.devices_around] = known.devices[rarest] ?? 0
  out[AT.cookies_around] = known.cookies[rarest] ?? 0
}

function meetAtAddresses(known: Rarities, lives: Lives, a: number, b: number): void {
  const rows = lives.addressRow.values
  const end = lives.addressEnd.values
  const endA = end[a] ?? 0
  const endB = end[b] ?? 0
  let i = startOf(end, a)
  let j = startOf(end, b)
  sum.bits = 0
  sum.together = TOGETHER.never
  sum.daysTogether = 0
  sum.rarest = -1
  while (i < endA && j < endB) {
    const row = rows[i] ?? 0
    const other = rows[j] ?? 0
    if (row < other) i++
    else if (other < row) j++
    else {
      const untilA = endOfRow(rows, i, endA)
      const untilB = endOfRow(rows, j, endB)
      compareDays(lives, i, untilA, j, untilB)
      if (one.together < TOGETHER.never) addAddress(known, row)
      i = untilA
      j = untilB
    }
  }
}

function endOfRow(rows: Int32Array, from: number, end: number): number {
  const row = rows[from]
  let until = from + 1
  while (until < end && rows[until] === row) until++
  return until
}

function addAddress(known: Rarities, row: number): void {
  sum.bits += known.rarity[row] ?? 0
  sum.daysTogether += one.daysTogether
  if (one.together < sum.together) sum.together = one.together
  if (isRarer(known, row, sum.rarest)) sum.rarest = row
}

function isRarer({ cookies, devices, shape }: Rarities, row: number, than: number): boolean {
  if (than < 0) return true
  const by =
    (cookies[row] ?? 0) - (cookies[than] ?? 0) ||
    (devices[row] ?? 0) - (devices[than] ?? 0) ||
    (shape[row] ?? 0) - (shape[than] ?? 0)
  return by < 0
}

function compareDays(
  lives: Lives,
  fromA: number,
  untilA: number,
  fromB: number,
  untilB: number,
): void {
  const days = lives.addressDay.values
  const hours = lives.addressHours.values
  let together: number = TOGETHER.never
  let daysTogether = 0
  let first = fromB
  for (let i = fromA; i < untilA; i++) {
    const day = days[i] ?? 0
    while (first < untilB && (days[first] ?? 0) < day - SHARED_WITHIN_DAYS) first++
    for (let j = first; j < untilB; j++) {
      const gap = (days[j] ?? 0) - day
      if (gap > SHARED_WITHIN_DAYS) break
      const sameHour = gap === 0 && ((hours[i] ?? 0) & (hours[j] ?? 0)) !== 0
      if (gap === 0) daysTogether++
      together = Math.min(together, closeness(gap < 0 ? -gap : gap, sameHour))
    }
  }
  one.together = together
  one.daysTogether = daysTogether
}

function closeness(gapDays: number, sameHour: boolean): number {
  if (gapDays === 0) return sameHour ? TOGETHER.hour : TOGETHER.day
  if (gapDays === 1) return TOGETHER.nextDay
  return gapDays <= WEEK_DAYS ? TOGETHER.week : TOGETHER.later
}
