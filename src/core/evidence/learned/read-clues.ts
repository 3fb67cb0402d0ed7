// The signals of what two cookies told of themselves: device, system, language, pages, clicks …
// Invariant: where one of them told nothing of a kind, the signal is missing.

import { CLUE_KINDS, codeOfClue, kindNumberOf } from '../../edge/clue.ts'
import { type Lives, startOf } from './lives.ts'
import { AT } from './signals.ts'

/** What both told: of the pair that is read last. */
const both = { kinds: 0, pageBits: 0, steps: 0 }

/** `clueRarity`: of a clue, in quarter bits. */
export function readClues(
  clueRarity: (clue: number) => number,
  lives: Lives,
  a: number,
  b: number,
  out: Int32Array,
): void {
  const kinds = lives.toldKinds.values
  const bothTold = (kinds[a] ?? 0) & (kinds[b] ?? 0)
  meet(clueRarity, lives, a, b)
  for (const [signal, kind] of SAME_OR_NOT)
    if ((bothTold >> kind) & 1) out[signal] = (both.kinds >> kind) & 1
  if ((bothTold >> CLUE_KINDS.device.number) & 1) out[AT.kinds] = deviceKinds(lives, a, b)
  if ((bothTold >> CLUE_KINDS.page.number) & 1) out[AT.pages] = both.pageBits
  if ((bothTold >> CLUE_KINDS.step.number) & 1) out[AT.steps] = both.steps
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

const DEVICES = 4

/** As in the kinds of `kinds`: codes of devices begin at 1. */
function deviceKinds(lives: Lives, a: number, b: number): number {
  const x = deviceOf(lives, a) - 1
  const y = deviceOf(lives, b) - 1
  return Math.min(x, y) * DEVICES + Math.max(x, y)
}

/** The least code of a cookie that told its kind of device: clues ascend, and no kind's number is lower. */
function deviceOf({ clue, clueEnd }: Lives, cookie: number): number {
  return codeOfClue(clue.values[startOf(clueEnd.values, cookie)] ?? 0)
}

/** One way through the clues of both. */
function meet(
  clueRarity: (clue: number) => number,
  { clue: { values }, clueEnd: { values: ends } }: Lives,
  a: number,
  b: number,
): void {
  const endA = ends[a] ?? 0
  const endB = ends[b] ?? 0
  let i = startOf(ends, a)
  let j = startOf(ends, b)
  both.kinds = 0
  both.pageBits = 0
  both.steps = 0
  while (i < endA && j < endB) {
    const told = (values[i] ?? 0) >>> 0
    const other = (values[j] ?? 0) >>> 0
    if (told === other) {
      const kind = kindNumberOf(told)
      both.kinds |= 1 << kind
      if (kind === CLUE_KINDS.page.number) both.pageBits += clueRarity(told)
      else if (kind === CLUE_KINDS.step.number) both.steps++
    }
    if (told <= other) i++
    if (other <= told) j++
  }
}
