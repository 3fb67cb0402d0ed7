// The signals of what two cookies told of themselves: device, system, language, pages, clicks …
// Invariant: where one of them told nothing of a kind, the signal is missing.

import { CLUE_KINDS } from '../edge/clue.ts'
import { type Lives, startOf } from './lives.ts'
import { AT } from './signals.ts'

const KINDS_MAX = 16
const CODE_BITS = 28
const CODE_MASK = 2 ** CODE_BITS - 1

/** Of each kind: clues of the one, of the other, of both; the least code of either. */
const ofA = new Int32Array(KINDS_MAX)
const ofB = new Int32Array(KINDS_MAX)
const ofBoth = new Int32Array(KINDS_MAX)
const leastA = new Int32Array(KINDS_MAX)
const leastB = new Int32Array(KINDS_MAX)

/** `clueRarity`: of a clue, in quarter bits. */
export function readClues(
  clueRarity: (clue: number) => number,
  lives: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  count(lives, a, ofA, leastA)
  count(lives, b, ofB, leastB)
  ofBoth.fill(0)
  const pageBits = countBoth(clueRarity, lives, a, b)
  for (const [signal, kind] of SAME_OR_NOT)
    if (bothTold(kind)) out[signal] = (ofBoth[kind] ?? 0) > 0 ? 1 : 0
  if (bothTold(CLUE_KINDS.device.number)) out[AT.kinds] = deviceKinds()
  if (bothTold(CLUE_KINDS.page.number)) out[AT.pages] = pageBits
  if (bothTold(CLUE_KINDS.step.number)) out[AT.steps] = ofBoth[CLUE_KINDS.step.number] ?? 0
}

const SAME_OR_NOT = [
  [AT.system, CLUE_KINDS.system.number],
  [AT.browser, CLUE_KINDS.browser.number],
  [AT.language, CLUE_KINDS.language.number],
  [AT.zone, CLUE_KINDS.zone.number],
  [AT.region, CLUE_KINDS.region.number],
  [AT.clicks, CLUE_KINDS.click.number],
  [AT.sites, CLUE_KINDS.site.number],
] as const

function bothTold(kind: number): boolean {
  return (ofA[kind] ?? 0) > 0 && (ofB[kind] ?? 0) > 0
}

const DEVICES = 4

/** As in the kinds of `kinds`: codes of devices begin at 1. */
function deviceKinds(): number {
  const x = (leastA[CLUE_KINDS.device.number] ?? 1) - 1
  const y = (leastB[CLUE_KINDS.device.number] ?? 1) - 1
  return Math.min(x, y) * DEVICES + Math.max(x, y)
}

function count({ clue, clueEnd }: Lives, cookie: number, of: Int32Array, least: Int32Array): void {
  of.fill(0)
  const end = clueEnd.values[cookie] ?? 0
  for (let i = startOf(clueEnd.values, cookie); i < end; i++) {
    const told = clue.values[i] ?? 0
    const kind = told >>> CODE_BITS
    // They ascend, so the first of a kind is the least.
    if (of[kind] === 0) least[kind] = told & CODE_MASK
    of[kind] = (of[kind] ?? 0) + 1
  }
}

/** The rarity of the pages both have seen, together. */
function countBoth(
  clueRarity: (clue: number) => number,
  { clue: { values }, clueEnd }: Lives,
  a: number,
  b: number,
): number {
  const ends = clueEnd.values
  const endA = ends[a] ?? 0
  const endB = ends[b] ?? 0
  let i = startOf(ends, a)
  let j = startOf(ends, b)
  let pageBits = 0
  while (i < endA && j < endB) {
    const told = (values[i] ?? 0) >>> 0
    const other = (values[j] ?? 0) >>> 0
    if (told === other) {
      const kind = told >>> CODE_BITS
      ofBoth[kind] = (ofBoth[kind] ?? 0) + 1
      if (kind === CLUE_KINDS.page.number) pageBits += clueRarity(told)
    }
    if (told <= other) i++
    if (other <= told) j++
  }
  return pageBits
}
