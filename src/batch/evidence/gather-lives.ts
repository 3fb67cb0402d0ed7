// The lives of cookies of candidate pairs, out of a run's arrays.

import { Lives, startOf } from '../../core/evidence/learned/lives.ts'
import { type Lists, type Sightings, WITNESS } from './sightings.ts'

export interface LivesInput {
  readonly sightings: Sightings
  readonly kinds: Uint8Array
  /** By node: its row among known witnesses; -1 for none. */
  readonly rowOf: Int32Array
  readonly signatures: Lists
  /** In the order of cookies, then clues. */
  readonly clues: { readonly cookie: Int32Array; readonly clue: Uint32Array }
}

/** Numbers of cookies by node; -1 for those that are in no pair. */
export function gatherLives(
  input: LivesInput,
  wanted: Uint8Array,
): { readonly lives: Lives; readonly numberOf: Int32Array } {
  const { signatures, clues, rowOf } = input
  const numberOf = new Int32Array(wanted.length).fill(-1)
  const mine = sightingsByCookie(input, wanted)
  let cookies = 0
  for (const one of wanted) cookies += one
  const lives = new Lives(cookies)
  let [at, clue] = [0, 0]
  for (let node = 0; node < wanted.length; node++) {
    if (wanted[node] !== 1) continue
    for (; at < (mine.until[node] ?? 0); at++)
      lives.sawAt(mine.row[at] ?? -1, mine.day[at] ?? 0, mine.hours[at] ?? 0)
    bear(lives, signatures, node, rowOf)
    while (clue < clues.cookie.length && (clues.cookie[clue] ?? 0) < node) clue++
    for (; clues.cookie[clue] === node; clue++) lives.told(clues.clue[clue] ?? 0)
    numberOf[node] = lives.end()
  }
  return { lives, numberOf }
}

function bear(lives: Lives, { until, values }: Lists, node: number, rowOf: Int32Array): void {
  const rows: number[] = []
  for (let i = startOf(until, node); i < (until[node] ?? 0); i++) {
    const signature = values[i] ?? 0
    const row = rowOf[signature] ?? -1
    // One that nobody else bears is still this one.
    rows.push(row >= 0 ? row : -2 - signature)
  }
  for (const row of rows.toSorted((x, y) => x - y)) lives.bore(row)
}

interface ByCookie {
  readonly until: Int32Array
  readonly row: Int32Array
  readonly day: Int32Array
  readonly hours: Int32Array
}

/** Sightings of wanted cookies, one cookie after the other; of each by row and day, since rows ascend with witnesses. */
function sightingsByCookie({ sightings, kinds, rowOf }: LivesInput, wanted: Uint8Array): ByCookie {
  const { witness, day, cookie, hours } = sightings
  const until = new Int32Array(wanted.length)
  let all = 0
  for (const of of cookie) {
    if (wanted[of] !== 1) continue
    until[of] = (until[of] ?? 0) + 1
    all++
  }
  let sum = 0
  for (let node = 0; node < until.length; node++) {
    const count = until[node] ?? 0
    until[node] = sum
    sum += count
  }
  const mine = {
    until,
    row: new Int32Array(all),
    day: new Int32Array(all),
    hours: new Int32Array(all),
  }
  for (let i = 0; i < cookie.length; i++) {
    const of = cookie[i] ?? 0
    if (wanted[of] !== 1) continue
    const at = until[of] ?? 0
    const node = witness[i] ?? 0
    mine.row[at] = kinds[node] === WITNESS.ip ? (rowOf[node] ?? -1) : -1
    mine.day[at] = day[i] ?? 0
    mine.hours[at] = hours[i] ?? 0
    until[of] = at + 1
  }
  return mine
}
