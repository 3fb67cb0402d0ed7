// A look at everything: of each witness that several cookies were seen with, how many, with how many devices, and whose
// place it looks like. Invariant: counted from sightings of cookies alone, whoever these belong to.

import { startOf } from '../../core/evidence/learned/lives.ts'
import { CLUE_COOKIES_MIN, SHAPE } from '../../core/evidence/learned/known-witnesses.ts'
import type { KnownWitnesses } from '../../core/policy/knowledge.ts'
import { type Lists, type Sightings, slicesOf, WITNESS } from './sightings.ts'

export interface SurveyInput {
  readonly sightings: Sightings
  /** By node, as in `WITNESS`. */
  readonly kinds: Uint8Array
  /** By node: the number of its key. */
  readonly numbers: BigInt64Array
  readonly cookiesInAll: number
  /** A row each clue of each cookie. */
  readonly clues: { readonly clue: Uint32Array }
}

/** Rows of witnesses by node, of what is known already. */
export function rowsOf(
  { number }: Pick<KnownWitnesses, 'number'>,
  kinds: Uint8Array,
  numbers: BigInt64Array,
): Int32Array {
  const rowOf = new Int32Array(kinds.length).fill(-1)
  let row = 0
  // Both ascend: nodes are in the order of their keys.
  for (let node = 0; node < kinds.length; node++) {
    if (kinds[node] === WITNESS.none) continue
    const wanted = numbers[node] ?? 0n
    while (row < number.length && (number[row] ?? 0n) < wanted) row++
    if (number[row] === wanted) rowOf[node] = row
  }
  return rowOf
}

interface Survey {
  readonly known: KnownWitnesses
  /** By node: its row in `known`; -1 for none. */
  readonly rowOf: Int32Array
}

export function survey(input: SurveyInput, signatures: Lists): Survey {
  const { sightings, kinds, numbers, cookiesInAll, clues } = input
  const nodes = kinds.length
  const { witness, until } = slicesOf(sightings)
  const count = newCounter(sightings, signatures, nodes)
  const rowOf = new Int32Array(nodes).fill(-1)
  const [cookies, devices, shape, number] = [[], [], [], []] as [
    number[],
    number[],
    number[],
    bigint[],
  ]
  for (let i = 0, from = 0; i < witness.length; i++) {
    const end = until[i] ?? 0
    const node = witness[i] ?? 0
    const kind = kinds[node] ?? 0
    const seen = kind === WITNESS.none ? 0 : count.cookies(from, end, node)
    if (seen >= 2) {
      rowOf[node] = number.length
      number.push(numbers[node] ?? 0n)
      cookies.push(seen)
      devices.push(kind === WITNESS.ip ? count.devices(from, end, node) : 0)
      shape.push(kind === WITNESS.ip ? shapeOf(sightings, from, end, seen) : wholeOrNot(kind))
    }
    from = end
  }
  const known: KnownWitnesses = {
    number: BigInt64Array.from(number),
    cookies: Uint32Array.from(cookies),
    devices: Uint32Array.from(devices),
    shape: Uint8Array.from(shape),
    cookiesInAll,
    ...frequentClues(clues.clue.toSorted()),
  }
  return { known, rowOf }
}

const wholeOrNot = (kind: number): number => (kind === WITNESS.whole ? SHAPE.whole : SHAPE.partial)

/** Counts different cookies, and different signatures of these, among some sightings. */
function newCounter({ cookie }: Sightings, { until, values }: Lists, nodes: number) {
  const seen = new Int32Array(nodes).fill(-1)
  const borne = new Int32Array(nodes).fill(-1)
  return {
    cookies(from: number, end: number, witness: number): number {
      let different = 0
      for (let i = from; i < end; i++) {
        const of = cookie[i] ?? 0
        if (seen[of] === witness) continue
        seen[of] = witness
        different++
      }
      return different
    },
    devices(from: number, end: number, witness: number): number {
      let different = 0
      for (let i = from; i < end; i++) {
        const of = cookie[i] ?? 0
        for (let at = startOf(until, of); at < (until[of] ?? 0); at++) {
          const signature = values[at] ?? 0
          if (borne[signature] === witness) continue
          borne[signature] = witness
          different++
        }
      }
      return different
    },
  }
}

/** Sightings in the nine busiest hours of Monday to Friday from which an address looks like an office, in per mille. */
const OFFICE_PERMILLE = 700
const OFFICE_COOKIES_MIN = 3
const OFFICE_HOURS = 9
/** Cookies from which an address may be a carrier's, and days each is seen there on average, in per mille, at most. */
const CARRIER_COOKIES_MIN = 20
const CARRIER_DAYS_PERMILLE = 1_600

/** Whose address it looks like. Hours are of UTC, so the busiest ones are looked for wherever they lie. */
function shapeOf({ day, hours }: Sightings, from: number, end: number, cookies: number): number {
  if ((end - from) * 1_000 <= cookies * CARRIER_DAYS_PERMILLE && cookies >= CARRIER_COOKIES_MIN)
    return SHAPE.carrier
  if (cookies < OFFICE_COOKIES_MIN) return SHAPE.home
  const byHour = new Int32Array(24)
  let all = 0
  for (let i = from; i < end; i++) {
    // Day 0 was a Thursday: 2 and 3 after it, a weekend.
    const weekend = (((day[i] ?? 0) % 7) + 7) % 7
    for (let mask = hours[i] ?? 0; mask !== 0; mask &= mask - 1) {
      all++
      if (weekend === 2 || weekend === 3) continue
      const hour = 31 - Math.clz32(mask & -mask)
      byHour[hour] = (byHour[hour] ?? 0) + 1
    }
  }
  let busiest = 0
  for (let first = 0; first < 24; first++) {
    let sum = 0
    for (let hour = 0; hour < OFFICE_HOURS; hour++) sum += byHour[(first + hour) % 24] ?? 0
    busiest = Math.max(busiest, sum)
  }
  return busiest * 1_000 >= all * OFFICE_PERMILLE ? SHAPE.office : SHAPE.home
}

function frequentClues(clues: Uint32Array): Pick<KnownWitnesses, 'clue' | 'clueCookies'> {
  const [clue, clueCookies] = [[], []] as [number[], number[]]
  for (let from = 0; from < clues.length;) {
    const one = clues[from] ?? 0
    let until = from + 1
    while (clues[until] === one) until++
    if (until - from >= CLUE_COOKIES_MIN) {
      clue.push(one)
      clueCookies.push(until - from)
    }
    from = until
  }
  return { clue: Uint32Array.from(clue), clueCookies: Uint32Array.from(clueCookies) }
}
