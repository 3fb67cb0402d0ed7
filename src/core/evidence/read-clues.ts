// The signals of what two cookies told of themselves: device, system, language, pages, clicks …
// Invariant: where one of them told nothing of a kind, the signal is missing.

import { CLUE_KINDS } from '../edge/clue.ts'
import type { Lives } from './lives.ts'
import { AT } from './signals.ts'

const KINDS_MAX = 16
/** Of each kind: clues of the one, of the other, of both; the rarity of these; the least code of either. */
const ofA = new Int32Array(KINDS_MAX)
const ofB = new Int32Array(KINDS_MAX)
const ofBoth = new Int32Array(KINDS_MAX)
const leastA = new Int32Array(KINDS_MAX)
const leastB = new Int32Array(KINDS_MAX)
const CODE = 2 ** 28 - 1
const DEVICE_KINDS = 4

/** `clueRarity`: of a clue, in quarter bits. */
export function readClues(
  clueRarity: (clue: number) => number,
  { clue: { values }, clueEnd: { values: end } }: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  for (const counts of [ofA, ofB, ofBoth]) counts.fill(0)
  let [i, j] = [a === 0 ? 0 : (end[a - 1] ?? 0), b === 0 ? 0 : (end[b - 1] ?? 0)]
  const [endA, endB] = [end[a] ?? 0, end[b] ?? 0]
  let pageBits = 0
  while (i < endA || j < endB) {
    const clueA = i < endA ? (values[i] ?? 0) >>> 0 : Infinity
    const clueB = j < endB ? (values[j] ?? 0) >>> 0 : Infinity
    const clue = Math.min(clueA, clueB)
    const kind = clue >>> 28
    if (clueA === clue) {
      if (ofA[kind] === 0) leastA[kind] = clue & CODE
      ofA[kind] = (ofA[kind] ?? 0) + 1
      i++
    }
    if (clueB === clue) {
      if (ofB[kind] === 0) leastB[kind] = clue & CODE
      ofB[kind] = (ofB[kind] ?? 0) + 1
      j++
    }
    if (clueA === clueB) {
      ofBoth[kind] = (ofBoth[kind] ?? 0) + 1
      if (kind === CLUE_KINDS.page.number) pageBits += clueRarity(clue)
    }
  }
  writeClues(pageBits, out)
}

function writeClues(pageBits: number, out: Int32Array): void {
  for (const [signal, kind] of SAME_OR_NOT)
    if (bothTold(kind)) out[signal] = (ofBoth[kind] ?? 0) > 0 ? 1 : 0
  const device = CLUE_KINDS.device.number
  if (bothTold(device)) {
    const [x, y] = [(leastA[device] ?? 1) - 1, (leastB[device] ?? 1) - 1]
    out[AT.kinds] = Math.min(x, y) * DEVICE_KINDS + Math.max(x, y)
  }
  if (bothTold(CLUE_KINDS.page.number)) out[AT.pages] = pageBits
  if (bothTold(CLUE_KINDS.step.number)) out[AT.steps] = ofBoth[CLUE_KINDS.step.number] ?? 0
}

function bothTold(kind: number): boolean {
  return (ofA[kind] ?? 0) > 0 && (ofB[kind] ?? 0) > 0
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
