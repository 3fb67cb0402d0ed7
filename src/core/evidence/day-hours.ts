// Time as F sees it: UTC days, and the hours of a day as a 24-bit mask. Sets only, so that duplicates change nothing.

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** UTC day of an event time in ms; day 0 is 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}

/** The hour of `at` as a one-bit mask. */
export function hourBit(at: number): number {
  return 1 << Math.floor((at - dayOf(at) * DAY_MS) / HOUR_MS)
}

/** Smallest distance in whole hours between an hour of one day and an hour of another; 0 = the same hour. */
export function gapHours(dayA: number, hoursA: number, dayB: number, hoursB: number): number {
  if (dayA === dayB) return gapWithinDay(hoursA, hoursB)
  const [early, earlyHours, late, lateHours] =
    dayA < dayB ? [dayA, hoursA, dayB, hoursB] : [dayB, hoursB, dayA, hoursA]
  const last = 31 - Math.clz32(earlyHours)
  const first = 31 - Math.clz32(lateHours & -lateHours)
  return (late - early) * 24 + first - last
}

function gapWithinDay(a: number, b: number): number {
  for (let gap = 0; gap < 24; gap++) {
    if ((a & (b << gap)) !== 0 || (b & (a << gap)) !== 0) return gap
  }
  return 24
}
