// What a look at everything knows of witnesses and of what cookies tell: how many cookies, how many devices, whose place
// it looks like. Invariant: counted from sightings of cookies, never from logins or profiles, so nothing is circular.

import { type Key, numberOf } from '../../identifier/identifier.ts'
import type { KnownWitnesses, Rarities } from '../../policy/knowledge.ts'

/** Whose an address looks like by its traffic; of a signature whether it tells devices apart. */
export const SHAPE = { unknown: 0, home: 1, office: 2, carrier: 3, whole: 4, partial: 5 } as const

/** Of clues that fewer told it is only known that they are rare. */
export const CLUE_COOKIES_MIN = 8

/** The row of a witness; −1 when nothing is known of it. */
export function rowOf({ number }: KnownWitnesses, key: Key): number {
  const wanted = numberOf(key)
  let low = 0
  let high = number.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = number[middle] ?? 0n
    if (found === wanted) return middle
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** How many cookies told a clue, at most. */
function cookiesThatTold({ clue, clueCookies }: KnownWitnesses, wanted: number): number {
  let low = 0
  let high = clue.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = clue[middle] ?? 0
    if (found === wanted) return clueCookies[middle] ?? 0
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return CLUE_COOKIES_MIN
}

/** 2^(k/4) in 65,536ths. */
const ROOTS = [65_536, 77_936, 92_682, 110_218] as const

/** How rare it is that `seen` of `all` have something, in quarter bits: floor(4 · log2(all / seen)); whole numbers only. */
export function rarity(seen: number, all: number): number {
  if (seen <= 0 || all <= seen) return 0
  let bits = 0
  while (seen * 2 ** (bits + 1) <= all) bits++
  const scaled = seen * 2 ** bits
  for (let quarter = 3; quarter > 0; quarter--)
    if (scaled * (ROOTS[quarter] ?? 0) <= all * 65_536) return 4 * bits + quarter
  return 4 * bits
}

const made = new WeakMap<KnownWitnesses, Rarities>()

/** What is asked for while pairs are weighed; made once of what is known. */
export function raritiesOf(known: KnownWitnesses): Rarities {
  let rarities = made.get(known)
  if (rarities === undefined) {
    const { cookies, devices, shape, cookiesInAll } = known
    rarities = {
      rarity: Uint8Array.from(cookies, (seen) => rarity(seen, cookiesInAll)),
      cookies,
      devices,
      shape,
      clueRarity: (clue) => rarity(cookiesThatTold(known, clue), cookiesInAll),
    }
    made.set(known, rarities)
  }
  return rarities
}
