// What facts and decrees made doubtful, until it is decided again.

import type { Key } from '../../identifier/identifier.ts'

export interface Touched {
  /** Members whose edges, or whose right to have them, may have changed. */
  readonly members: Set<Key>
  /** E-mails and external ids that may have come to vouch for one another, or ceased to. */
  readonly vouching: Set<Key>
  /** Cookies that were seen with a witness at a new hour. */
  readonly sighted: Set<Key>
  /** Witness -> days on which its crowd may have changed. */
  readonly crowds: Map<Key, Set<number>>
  /** Cookies that lost a login: who they count as must be chosen again, once all their edges are known. */
  readonly unanchored: Set<Key>
  /** Witness -> days on which its crowd lost somebody, loaded or not: all who are left are judged again. */
  readonly thinned: Map<Key, Set<number>>
  /** New member -> the id it would found a profile with, which was asked for. */
  readonly asked: Map<Key, string>
  /** Event time of the latest fact or decree among them, ms. */
  at: number
}

export function nothingTouched(): Touched {
  return {
    members: new Set(),
    vouching: new Set(),
    sighted: new Set(),
    crowds: new Map(),
    unanchored: new Set(),
    thinned: new Map(),
    asked: new Map(),
    at: 0,
  }
}

export function touchCrowd(touched: Touched, identifier: Key, day: number): void {
  addDay(touched.crowds, identifier, day)
}

export function thinCrowd(touched: Touched, identifier: Key, day: number): void {
  addDay(touched.thinned, identifier, day)
  touchCrowd(touched, identifier, day)
}

function addDay(days: Map<Key, Set<number>>, identifier: Key, day: number): void {
  const known = days.get(identifier)
  if (known === undefined) days.set(identifier, new Set([day]))
  else known.add(day)
}
