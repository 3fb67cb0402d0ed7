// One record as one line of a text segment: crc32, position, first position of its write, columns, body; tabs between.
// Invariant: the checksum is of everything behind it, so a line is whole and as written, or not believed at all.

import { crc32 } from 'node:zlib'
import type { Position, StoredRecord } from '../../ports/event-log.ts'
import type { RecordReader } from './record-columns.ts'

const TAB = 9
const LF = 10
const QUOTE = 34
const DECISION_INITIAL = 100
const CRC_DIGITS = 8
const HEX = Buffer.from('0123456789abcdef', 'latin1')
/** Checksum, two positions of at most 16 digits, separators. */
export const LINE_OVERHEAD_BYTES = 64

/** An upper bound of the bytes that `writeLine` needs. */
export function lineBytesMax(columns: string, body: string): number {
  return LINE_OVERHEAD_BYTES + 3 * (columns.length + body.length)
}

/** Writes a line at `start` of `target` and returns where it ends; `lineBytesMax` bytes must be free there. */
export function writeLine(
  target: Buffer,
  start: number,
  position: Position,
  write: Position,
  columns: string,
  body: string,
): number {
  const from = start + CRC_DIGITS + 1
  let end = from + target.write(`${position}\t${write}\t${columns}\t`, from)
  end += target.write(body, end)
  let crc = crc32(target.subarray(from, end))
  for (let at = start + CRC_DIGITS - 1; at >= start; at--) {
    target[at] = HEX[crc & 15] ?? 0
    crc >>>= 4
  }
  target[from - 1] = TAB
  target[end] = LF
  return end + 1
}

/** Where a line's parts are; offsets into the bytes it was read from. */
export interface Line {
  readonly position: Position
  /** Position of the first record of the write it came with: all before that had been made durable by then. */
  readonly write: Position
  readonly columnsAt: number
  /** Of its line feed. */
  readonly end: number
}

/** Reads the line from `start` to `end`, its line feed; null unless its checksum holds. */
export function readLine(bytes: Buffer, start: number, end: number): Line | null {
  const from = start + CRC_DIGITS + 1
  if (from >= end || bytes[from - 1] !== TAB) return null
  const crc = Number.parseInt(bytes.toString('latin1', start, from - 1), 16)
  if (crc !== crc32(bytes.subarray(from, end))) return null
  let at = from
  let position = 0
  for (; bytes[at] !== TAB; at++) position = position * 10 + (bytes[at] ?? 0) - 48
  let write = 0
  for (at++; bytes[at] !== TAB; at++) write = write * 10 + (bytes[at] ?? 0) - 48
  return { position, write, columnsAt: at + 1, end }
}

/** ASCII without quotes and escapes: as JSON it is the text itself. */
const PLAIN = /^[ !#-[\]-~]*$/

/** Kind and id of a line, as a rule without parsing its columns. */
export function idOf(
  bytes: Buffer,
  line: Line,
): { readonly kind: StoredRecord['kind']; readonly id: string } {
  const from = line.columnsAt + 2
  const until = bytes.indexOf(QUOTE, from)
  const id = bytes.toString('latin1', from, until)
  if (PLAIN.test(id)) {
    return { kind: bytes[until + 3] === DECISION_INITIAL ? 'decision' : 'message', id }
  }
  const tab = bytes.indexOf(TAB, line.columnsAt)
  const columns = JSON.parse(bytes.toString('utf8', line.columnsAt, tab)) as [string, 'message']
  return { kind: columns[1], id: columns[0] }
}

export function recordOfLine(bytes: Buffer, line: Line, reader: RecordReader): StoredRecord {
  const tab = bytes.indexOf(TAB, line.columnsAt)
  return reader.record(
    line.position,
    bytes.toString('utf8', line.columnsAt, tab),
    bytes.toString('utf8', tab + 1, line.end),
  )
}
