// Pairs of cookies worth weighing: seen at one address within a few days of one another, while few people were there.
// Invariant: each pair once, the smaller number first, in ascending order.

import { SIGHTINGS_PER_DAY_MAX } from '../../core/evidence/crowd.ts'
import { type Sightings, slicesOf, WITNESS } from './sightings.ts'

export interface CandidateInput {
  readonly sightings: Sightings
  readonly kinds: Uint8Array
  /** By node: whom a cookie counts as when people are counted; itself unless it logged in. */
  readonly anchors: Int32Array
  /** By node: its row among known witnesses; of an address that is in none nothing is known, and it brings up nobody. */
  readonly rowOf: Int32Array
  /** By node: 1 for a cookie that is compared with nobody. */
  readonly out: Uint8Array
  readonly peopleMax: number
  readonly windowDays: number
}

export interface Pairs {
  readonly a: Int32Array
  readonly b: Int32Array
}

export function candidatePairs(input: CandidateInput): Pairs {
  const { sightings, kinds, rowOf } = input
  const { witness, until } = slicesOf(sightings)
  const codes: number[] = []
  for (let i = 0, from = 0; i < witness.length; i++) {
    const node = witness[i] ?? 0
    const end = until[i] ?? 0
    if (kinds[node] === WITNESS.ip && (rowOf[node] ?? -1) >= 0) addPairs(input, from, end, codes)
    from = end
  }
  return distinct(codes)
}

const SPAN = 2 ** 26

/** Pairs of one address. */
function addPairs(input: CandidateInput, from: number, end: number, codes: number[]): void {
  const { sightings, out, peopleMax, windowDays } = input
  const { day, cookie } = sightings
  const calm: number[] = []
  for (let at = from; at < end;) {
    let next = at + 1
    while (next < end && day[next] === day[at]) next++
    if (isCalm(input, at, next, peopleMax))
      for (let i = at; i < next; i++) if (out[cookie[i] ?? 0] !== 1) calm.push(i)
    at = next
  }
  const mine = new Set<number>()
  for (let i = 0; i < calm.length; i++) {
    const at = calm[i] ?? 0
    const x = cookie[at] ?? 0
    for (let j = i + 1; j < calm.length; j++) {
      const other = calm[j] ?? 0
      if ((day[other] ?? 0) - (day[at] ?? 0) > windowDays) break
      const y = cookie[other] ?? 0
      if (x !== y) mine.add(x < y ? x * SPAN + y : y * SPAN + x)
    }
  }
  for (const code of mine) codes.push(code)
}

function isCalm(
  { sightings: { cookie }, anchors }: CandidateInput,
  from: number,
  end: number,
  peopleMax: number,
): boolean {
  if (end - from > SIGHTINGS_PER_DAY_MAX) return false
  const people = new Set<number>()
  for (let i = from; i < end; i++) people.add(anchors[cookie[i] ?? 0] ?? 0)
  return people.size <= peopleMax
}

function distinct(codes: readonly number[]): Pairs {
  const sorted = Float64Array.from(codes).toSorted()
  const [a, b] = [new Int32Array(sorted.length), new Int32Array(sorted.length)]
  let count = 0
  let before = -1
  for (const code of sorted) {
    if (code === before) continue
    before = code
    a[count] = Math.floor(code / SPAN)
    b[count] = code % SPAN
    count++
  }
  return { a: a.slice(0, count), b: b.slice(0, count) }
}
