// Edges and sightings by the names of their rows.

import type { Key } from '../../core/identifier/identifier.ts'
import type { EdgeRecord } from '../../core/profile/view/records.ts'
import type { Row } from './database.ts'
import { byKey, dayAt, dayBytes, DAY_BYTES, KEY_BYTES, keyAt, bytesOf } from './keys.ts'
import { edgeOf } from './rows.ts'

const SECOND = 1 + KEY_BYTES
/** Of an edge: the key where it stands, whether it starts or ends there, the other key, its kind. */
const OTHER_END = SECOND + 1
const KIND = OTHER_END + KEY_BYTES
const STARTS = 0
const ENDS = 1

/** The ends and the kind that the name of a row says. */
export interface Ends {
  readonly from: Key
  readonly to: Key
  /** Code. */
  readonly kind: number
}

/** Where it starts; this row has the value. */
export function edgeRow({ from, to, kind }: Ends): Buffer {
  return rowAt(from, STARTS, to, kind)
}

/** Where an edge between members ends. */
export function intoRow({ from, to, kind }: Ends): Buffer {
  return rowAt(to, ENDS, from, kind)
}

function rowAt(key: Key, direction: number, other: Key, kind: number): Buffer {
  const rest = Buffer.allocUnsafe(KEY_BYTES + 2)
  rest[0] = direction
  rest.write(other, 1, KEY_BYTES, 'hex')
  rest[1 + KEY_BYTES] = kind
  return byKey('edge', key, rest)
}

export function startsHere(row: Buffer): boolean {
  return row[SECOND] === STARTS
}

export function endsOf(row: Buffer): Ends {
  const [here, there] = [keyAt(row, 1), keyAt(row, OTHER_END)]
  const kind = row[KIND] ?? 0
  return startsHere(row) ? { from: here, to: there, kind } : { from: there, to: here, kind }
}

/** Of a row where it starts. */
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
