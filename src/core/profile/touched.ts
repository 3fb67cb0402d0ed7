// What facts and decrees made doubtful, until it is decided again.

import type { Key } from '../identifier/identifier.ts'

export interface Touched {
  /** Members whose edges, or whose right to have them, may have changed. */
  readonly members: Set<Key>
  /** E-mails and external ids that may have come to vouch for one another, or ceased to. */
  readonly vouching: Set<Key>
  /** Cookies that were seen with a witness at a new hour. */
  readonly sighted: Set<Key>
  /** Witness -> days on which its crowd may have changed. */
  readonly crowds: Map<Key, Set<number>>
  /** Event time of the latest fact or decree among them, ms. */
  at: number
}

export function nothingTouched(): Touched {
  return { members: new Set(), vouching: new Set(), sighted: new Set(), crowds: new Map(), at: 0 }
}

export function touchCrowd(touched: Touched, identifier: Key, day: number): void {
  const days = touched.crowds.get(identifier)
  if (days === undefined) touched.crowds.set(identifier, new Set([day]))
  else days.add(day)
}
