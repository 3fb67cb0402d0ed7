// What is known of cookies that are compared: where and when they were seen, on what device, what they told. Flat arrays,
// so that a run over millions of pairs and one live decision read them by the same code.
// Invariant: of a cookie addresses stand by row and day, signatures and clues ascending, so any two are read in one pass.

import { kindNumberOf } from '../../edge/clue.ts'

const GROWTH = 2

/** Growing whole numbers of 32 bits. */
class Ints {
  values: Int32Array
  length = 0

  constructor(capacity: number) {
    this.values = new Int32Array(Math.max(capacity, 16))
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.values.length * GROWTH)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }
}

const HOURS = 24
/** Of a rhythm, how many are of hours. */
export const RHYTHM_HOURS = HOURS
const WEEKDAYS = 7
/** Day 0 was a Thursday; Monday is 0. */
const WEEKDAY_OF_DAY_0 = 3

/**
 * Rhythm of a cookie: days seen at each hour of the UTC day, then days seen on each day of the week, then the sum of the
 * first and the sum of the second.
 */
export const RHYTHM = RHYTHM_HOURS + WEEKDAYS + 2
export const RHYTHM_SUMS = RHYTHM_HOURS + WEEKDAYS

/**
 * Cookies by number, in the order of their coming. Of each is written, in this order: `sawAt` for each address and day
 * (rows ascending, then days), `bore` for each signature (rows ascending), `told` for each clue (ascending); then `end`.
 */
export class Lives {
  readonly addressRow: Ints
  readonly addressDay: Ints
  readonly addressHours: Ints
  readonly signatureRow: Ints
  /** Clues as signed numbers of 32 bits, ascending as unsigned ones. */
  readonly clue: Ints
  /** Of each cookie, a bit for each kind of clue that it told. */
  readonly toldKinds: Ints
  /** Days seen anywhere, ascending. */
  readonly day: Ints
  /** Of each cookie where its entries end. */
  readonly addressEnd: Ints
  readonly signatureEnd: Ints
  readonly clueEnd: Ints
  readonly dayEnd: Ints
  /** Hours since the epoch in which it was first and last seen with a witness. */
  readonly firstHour: Ints
  readonly lastHour: Ints
  readonly rhythm: Ints
  #kinds = 0
  readonly #days = new Map<number, number>()

  constructor(cookies = 16) {
    const ints = (perCookie: number): Ints => new Ints(cookies * perCookie)
    this.addressRow = ints(4)
    this.addressDay = ints(4)
    this.addressHours = ints(4)
    this.signatureRow = ints(1)
    this.clue = ints(8)
    this.toldKinds = ints(1)
    this.day = ints(4)
    this.addressEnd = ints(1)
    this.signatureEnd = ints(1)
    this.clueEnd = ints(1)
    this.dayEnd = ints(1)
    this.firstHour = ints(1)
    this.lastHour = ints(1)
    this.rhythm = ints(RHYTHM)
  }

  /** Cookies so far. */
  get count(): number {
    return this.clueEnd.length
  }

  /** `row` of an address that is known; negative for another one, of which only the time counts. */
  sawAt(row: number, day: number, hours: number): void {
    this.#days.set(day, (this.#days.get(day) ?? 0) | hours)
    if (row < 0) return
    this.addressRow.push(row)
    this.addressDay.push(day)
    this.addressHours.push(hours)
  }

  /** `row`: negative for a signature of which nothing is known but that it is this one. */
  bore(row: number): void {
    this.signatureRow.push(row)
  }

  told(clue: number): void {
    this.clue.push(clue | 0)
    this.#kinds |= 1 << kindNumberOf(clue)
  }

  /** The number of the cookie. */
  end(): number {
    const days = [...this.#days.keys()].toSorted((x, y) => x - y)
    const start = this.rhythm.length
    for (let i = 0; i < RHYTHM; i++) this.rhythm.push(0)
    for (const day of days) {
      this.day.push(day)
      this.#count(start, day, this.#days.get(day) ?? 0)
    }
    const [first = 0, last = first] = [days[0], days.at(-1)]
    this.firstHour.push(first * HOURS + lowestHour(this.#days.get(first) ?? 1))
    this.lastHour.push(last * HOURS + 31 - Math.clz32(this.#days.get(last) ?? 1))
    this.#days.clear()
    this.addressEnd.push(this.addressRow.length)
    this.signatureEnd.push(this.signatureRow.length)
    this.dayEnd.push(this.day.length)
    this.clueEnd.push(this.clue.length)
    this.toldKinds.push(this.#kinds)
    this.#kinds = 0
    return this.count - 1
  }

  #count(start: number, day: number, hours: number): void {
    const { values } = this.rhythm
    for (let mask = hours; mask !== 0; mask &= mask - 1) {
      addOne(values, start + lowestHour(mask))
      addOne(values, start + RHYTHM_SUMS)
    }
    addOne(
      values,
      start + RHYTHM_HOURS + ((((day + WEEKDAY_OF_DAY_0) % WEEKDAYS) + WEEKDAYS) % WEEKDAYS),
    )
    addOne(values, start + RHYTHM_SUMS + 1)
  }
}

function addOne(counts: Int32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}

function lowestHour(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}

/** Where the entries of a number begin in lists that stand one behind the other; `ends`: where those of each end. */
export function startOf(ends: Int32Array, number: number): number {
  return number === 0 ? 0 : (ends[number - 1] ?? 0)
}
