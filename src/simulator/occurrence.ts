// Which names have occurred, and to whom shared ones belong: all the truth that cannot be recomputed.
// A bit for each person and kind of name, a set for each thing shared; nothing per message.

import { cell } from './population.ts'

/** What has occurred so far. */
export interface Occurrences {
  readonly bits: Uint16Array
  /** `TYPE:VALUE` of a kiosk's cookie, a role or store address … -> its people. */
  readonly shared: Map<string, Set<number>>
  /** Cookie of a tablet that two share, by `tabletKey` -> USER.owner, USER.mate or both. */
  readonly tablets: Map<number, number>
  /** Hits of each bot so far; each has a cookie of its own. */
  readonly botHits: Uint32Array
}

export function noOccurrences(people: number, bots: number): Occurrences {
  return {
    bits: new Uint16Array(people),
    shared: new Map(),
    tablets: new Map(),
    botHits: new Uint32Array(bots),
  }
}

/** A person was named by one of their names. */
export function note(occurrences: Occurrences, person: number, alias: number): void {
  occurrences.bits[person] = cell(occurrences.bits, person) | (1 << alias)
}

export function hasOccurred(occurrences: Occurrences, person: number, alias: number): boolean {
  return (cell(occurrences.bits, person) & (1 << alias)) !== 0
}

/** A person was seen with something that several people use. */
export function noteShared(occurrences: Occurrences, identifier: string, person: number): void {
  const people = occurrences.shared.get(identifier)
  if (people === undefined) occurrences.shared.set(identifier, new Set([person]))
  else people.add(person)
}

/** The two who share a tablet, as bits. */
export const USER = { owner: 1, mate: 2 } as const

/** The key of a cookie: its jar and how often that has been cleared. */
export function tabletKey(jar: number, clearings: number): number {
  return jar * 65_536 + clearings
}

/** One of the two who share a tablet was seen with a cookie of it. */
export function noteTablet(occurrences: Occurrences, key: number, user: number): void {
  occurrences.tablets.set(key, (occurrences.tablets.get(key) ?? 0) | user)
}
