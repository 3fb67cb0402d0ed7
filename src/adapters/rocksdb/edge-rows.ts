// Edges and sightings by the names of their rows.

import type { Key } from '../../core/identifier/identifier.ts'
import type { EdgeRecord } from '../../core/profile/view/records.ts'
import type { Row } from './database.ts'
import { byKey, byTwoKeys, dayAt, dayBytes, DAY_BYTES, KEY_BYTES, keyAt, bytesOf } from './keys.ts'
import { edgeOf } from './rows.ts'

const SECOND = 1 + KEY_BYTES
const THIRD = SECOND + KEY_BYTES

/** The ends and the kind that the name of a row says. */
export interface Ends {
  readonly from: Key
  readonly to: Key
  /** Code. */
  readonly kind: number
}

export function edgeRow({ from, to, kind }: Ends): Buffer {
  return byTwoKeys('edge', from, to, kind)
}

/** Where an edge between members ends. */
export function intoRow({ from, to, kind }: Ends): Buffer {
  return byTwoKeys('edgesInto', to, from, kind)
}

export function endsOf(row: Buffer): Ends {
  return { from: keyAt(row, 1), to: keyAt(row, SECOND), kind: row[THIRD] ?? 0 }
}

export function endsInto(row: Buffer): Ends {
  return { from: keyAt(row, SECOND), to: keyAt(row, 1), kind: row[THIRD] ?? 0 }
}

export function edgeIn([row, value]: Row): EdgeRecord {
  const { from, to, kind } = endsOf(row)
  return edgeOf(from, to, kind, value)
}

/** Who was seen where, and when. */
export interface Seen {
  readonly identifier: Key
  readonly day: number
  readonly from: Key
}

export function sightingRow({ identifier, day, from }: Seen): Buffer {
  return byKey('sighting', identifier, Buffer.concat([dayBytes(day), bytesOf(from)]))
}

/** Sightings of an identifier from a day on. */
export function sightingsFrom(identifier: Key, day: number): Buffer {
  return byKey('sighting', identifier, dayBytes(day))
}

export function seenIn(row: Buffer): Seen {
  return {
    identifier: keyAt(row, 1),
    day: dayAt(row, SECOND),
    from: keyAt(row, SECOND + DAY_BYTES),
  }
}

/** So much of an identifier tells it from all others; what it is short of is looked up. */
const IDENTIFIER_BYTES = 8

/** A sighting by its other end. */
export function seenWithRow({ identifier, day, from }: Seen): Buffer {
  const start = bytesOf(identifier).subarray(0, IDENTIFIER_BYTES)
  return byKey('seenWith', from, Buffer.concat([start, dayBytes(day)]))
}

/** With which sightings to look for one by its other end. */
export function startOfSeenWith(row: Buffer): { readonly start: Buffer; readonly day: number } {
  const dayFrom = SECOND + IDENTIFIER_BYTES
  return { start: row.subarray(SECOND, dayFrom), day: dayAt(row, dayFrom) }
}
