// Promiscuity: how many distinct people were seen with an identifier on one UTC day, and what that leaves of its word.
// Invariant: counted from sightings and cookies' own logins, never from profiles, so nothing is circular.

import type { IdentifierTypeRule } from '../policy/policy.ts'
import type { Key } from '../identifier/identifier.ts'

/** Of a day with more sightings no more are looked at, and it is void. */
export const SIGHTINGS_PER_DAY_MAX = 200

/** One other end seen on the day. */
export interface CrowdEntry {
  hours: number
  anchor: Key
  readonly fromType: string
}

/** Everyone seen with one identifier on one day; where that is `over` the limit, perhaps not everyone. */
export interface Crowd {
  readonly entries: Map<Key, CrowdEntry>
  over: boolean
  /** What the crowd was worth when its cookies were last decided; see `crowdWorth`. */
  judged: number | null
}

/** Whether more were seen than are looked at. */
export function isOver({ entries }: Crowd): boolean {
  return entries.size > SIGHTINGS_PER_DAY_MAX
}

/** Distinct anchors of the cookies of a crowd; Infinity when it is over the loading limit. */
export function anchorsOf(crowd: Crowd): number {
  if (crowd.over) return Infinity
  const anchors = new Set<Key>()
  for (const entry of crowd.entries.values()) {
    if (entry.fromType === 'cookie') anchors.add(entry.anchor)
  }
  return anchors.size
}

/**
 * What is left of a witness's word on a day with so many anchors, in per mille: all up to `crowdFull` (10), then in
 * steps down to nothing beyond `crowdVoid` (100). Steps, not a curve, so that a crowd is judged again four times at
 * the most while it grows.
 */
export function damping(anchors: number, rule: IdentifierTypeRule): number {
  if (anchors <= rule.crowdFull) return 1000
  if (anchors > rule.crowdVoid) return 0
  if (anchors <= rule.crowdFull * 2) return 500
  if (anchors <= rule.crowdFull * 5) return 200
  return 100
}

/** What a witness's day is worth to pairs: its damping, and whether it makes candidates. Changes few times as a crowd grows. */
export function crowdWorth(
  crowd: Crowd,
  rule: IdentifierTypeRule,
  candidateAnchorsMax: number,
): number {
  const anchors = anchorsOf(crowd)
  return damping(anchors, rule) * 2 + (anchors <= candidateAnchorsMax ? 1 : 0)
}

/** Whether a day of such worth brings up pairs. */
export function makesCandidates(worth: number): boolean {
  return worth > 1 && worth % 2 === 1
}
