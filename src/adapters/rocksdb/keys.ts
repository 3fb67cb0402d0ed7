// How rows are named: one letter for what it is, then what it is looked up by, in an order that ranges can use.
// Invariant: numbers are big-endian and keys of identifiers are 32 bytes, so bytes compare as what they stand for.

import type { Key } from '../../core/identifier/identifier.ts'

export const KEY_BYTES = 32

/** Rows in which the value says something are upper case, orders and reverses of them lower case. */
const LETTERS = {
  meta: 'M',
  position: 'A',
  node: 'N',
  /** By one end: those that start there, then those between members that end there (without a value). */
  edge: 'E',
  sighting: 'S',
  profile: 'P',
  question: 'Q',
  verdict: 'V',
  feed: 'F',
  /** By component. */
  nodesOf: 'c',
  /** By profile; the value is when the member was first seen. */
  membersOf: 'm',
  /** By anchor, where it is another node. */
  anchoredTo: 'a',
  /** By the other end: the first bytes of the identifier, and the day. */
  seenWith: 's',
  questionsByWorth: 'q',
  /** Ids of questions by side. */
  questionsOf: 'k',
  verdictsByOrder: 'o',
  verdictsByQuestion: 'y',
  /** Ids of verdicts by member. */
  verdictsOf: 'v',
  changesOf: 'h',
  waiting: 'w',
} as const

export type Kind = keyof typeof LETTERS

const CODES = Object.fromEntries(
  Object.entries(LETTERS).map(([kind, letter]) => [kind, letter.charCodeAt(0)]),
) as Readonly<Record<Kind, number>>

/** By a key of an identifier, and what else. */
export function byKey(kind: Kind, key: Key, rest: Uint8Array = NOTHING): Buffer {
  const row = Buffer.allocUnsafe(1 + KEY_BYTES + rest.length)
  row[0] = CODES[kind]
  row.write(key, 1, KEY_BYTES, 'hex')
  row.set(rest, 1 + KEY_BYTES)
  return row
}

/** By a text and nothing else. */
export function byText(kind: Kind, text: string): Buffer {
  return Buffer.concat([prefixOf(kind), Buffer.from(text)])
}

/** By a text, and what else. A text ends with a zero, which none contains. */
export function byTextAnd(kind: Kind, text: string, rest: Uint8Array = NOTHING): Buffer {
  return Buffer.concat([prefixOf(kind), Buffer.from(text), ZERO, rest])
}

export function byBytes(kind: Kind, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([prefixOf(kind), ...parts])
}

export function prefixOf(kind: Kind): Buffer {
  return Buffer.of(CODES[kind])
}

/** Where the rows that begin so end. */
export function endOf(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix)
  let at = end.length - 1
  while (end[at] === 0xff) at--
  end[at] = (end[at] ?? 0) + 1
  return end.subarray(0, at + 1)
}

export function keyAt(row: Buffer, at: number): Key {
  return row.toString('hex', at, at + KEY_BYTES)
}

export function bytesOf(key: Key): Buffer {
  return Buffer.from(key, 'hex')
}

const SEQUENCE_BYTES = 6
const SEQUENCE_MAX = 2 ** (8 * SEQUENCE_BYTES) - 1

export function sequenceBytes(sequence: number): Buffer {
  const bytes = Buffer.allocUnsafe(SEQUENCE_BYTES)
  bytes.writeUIntBE(Math.min(sequence, SEQUENCE_MAX), 0, SEQUENCE_BYTES)
  return bytes
}

/** At the end of a row. */
export function sequenceIn(row: Buffer): number {
  return row.readUIntBE(row.length - SEQUENCE_BYTES, SEQUENCE_BYTES)
}

export const DAY_BYTES = 4
const DAY_ZERO = 0x80000000

/** Days before 1970, too; what is beyond them all is the last or the first. */
export function dayBytes(day: number): Buffer {
  const bytes = Buffer.allocUnsafe(DAY_BYTES)
  bytes.writeUInt32BE(Math.max(0, Math.min(2 * DAY_ZERO - 1, day + DAY_ZERO)), 0)
  return bytes
}

export function dayAt(row: Buffer, at: number): number {
  return row.readUInt32BE(at) - DAY_ZERO
}

/** Any number, ascending. */
export function numberBytes(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleBE(number + 0, 0)
  const negative = (bytes[0] ?? 0) >= 0x80
  return negative ? inverted(bytes) : (bytes.set([(bytes[0] ?? 0) ^ 0x80]), bytes)
}

/** The other way round. */
export function inverted(bytes: Buffer): Buffer {
  return bytes.map((byte) => byte ^ 0xff) as Buffer
}

const NOTHING = Buffer.alloc(0)
const ZERO = Buffer.of(0)
