// How records are packed into columns: numbers or blobs for days, blobs for hashes.
// Invariant: what is packed unpacks to an equal value.

import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { DayHours } from '../../core/profile/view/records.ts'

const HASH = /^[0-9a-f]{64}$/

/** A hash (64 hex digits) as its 32 bytes, any other text as it is. `VALUE_TEXT` reads it back. */
export function valueColumn(value: string): string | Uint8Array {
  return HASH.test(value) ? Buffer.from(value, 'hex') : value
}

/** The value column of table `n` as text, hashes in hex again. */
export const VALUE_TEXT = `CASE typeof(n.value) WHEN 'blob' THEN lower(hex(n.value)) ELSE n.value END`

const HOURS_RANGE = 0x1000000
const DAY_BYTES = 6

/**
 * One day is a number: day * 2^24 + hours mask. Several are a blob of 3 bytes of day (signed; distance to the one
 * before, the first from 1970) and 3 bytes of hours each, ascending. One number is what most edges have, and reads fastest.
 */
export function daysColumn(days: DayHours): number | Uint8Array {
  if (days.size === 1) {
    for (const [day, hours] of days) return day * HOURS_RANGE + hours
  }
  const blob = Buffer.allocUnsafe(days.size * DAY_BYTES)
  let at = 0
  let before = 0
  for (const [day, hours] of ascending(days)) {
    blob.writeIntBE(day - before, at, 3)
    blob.writeUIntBE(hours, at + 3, 3)
    before = day
    at += DAY_BYTES
  }
  return blob
}

export function daysOf(column: number | Uint8Array): Map<number, number> {
  const days = new Map<number, number>()
  if (typeof column === 'number') {
    const day = Math.floor(column / HOURS_RANGE)
    return days.set(day, column - day * HOURS_RANGE)
  }
  let day = 0
  for (let at = 0; at < column.length; at += DAY_BYTES) {
    day += (uint24(column, at) << 8) >> 8
    days.set(day, uint24(column, at + 3))
  }
  return days
}

function ascending(days: DayHours): [number, number][] {
  return [...days].toSorted(([a], [b]) => a - b)
}

function uint24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
}

/** Four bytes a clue, the lowest first; NULL for none. */
export function cluesColumn(clues: Clues): Uint8Array | null {
  if (clues.length === 0) return null
  const blob = Buffer.allocUnsafe(clues.length * 4)
  for (let at = 0; at < clues.length; at++) blob.writeUInt32LE(clues[at] ?? 0, 4 * at)
  return blob
}

export function cluesOf(column: Uint8Array | null): Clues {
  if (column === null) return NO_CLUES
  const bytes = new DataView(column.buffer, column.byteOffset, column.byteLength)
  const clues = new Uint32Array(column.byteLength >>> 2)
  for (let at = 0; at < clues.length; at++) clues[at] = bytes.getUint32(4 * at, true)
  return clues
}

const SITE_LISTS_MAX = 10_000
const siteLists = new Map<string, readonly string[]>()

/** Lists of sites repeat endlessly, so that each text is parsed once and its list shared. */
export function sitesOf(column: string): readonly string[] {
  let sites = siteLists.get(column)
  if (sites === undefined) {
    sites = Object.freeze(JSON.parse(column) as string[])
    if (siteLists.size >= SITE_LISTS_MAX) siteLists.clear()
    siteLists.set(column, sites)
  }
  return sites
}

export function sitesColumn(sites: readonly string[]): string {
  return JSON.stringify(sites)
}

/** The first 48 bits of a key: orders as the key does, and fits a number. */
export function keyOrder(key: string): number {
  return Number.parseInt(key.slice(0, 12), 16)
}
