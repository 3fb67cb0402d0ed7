// Questions, verdicts and rows of the feed as the bytes that are kept.
// Invariant: the places of questions and verdicts order them by their bytes as the port does by number.

import type { Key } from '../../core/identifier/identifier.ts'
import type { Change, QuestionRecord, VerdictRecord } from '../../core/profile/view/records.ts'
import type { FeedRow, StoredChange } from '../../ports/identity-store.ts'
import { codeOf, FEED_EVENTS, wordOf } from '../../ports/record-codes.ts'
import { type ByteReader, ByteWriter } from './bytes.ts'

type Words = Pick<FeedRow, 'subject' | 'revision' | 'from' | 'reason'>

/** 8 bytes that order numbers from the highest down. */
export function descending(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(number === 0 ? 0 : number)
  if ((bytes[0] ?? 0) >= 0x80) return bytes
  for (const [at, byte] of bytes.entries()) bytes[at] = byte ^ 0xff
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  return bytes
}

/** A row without its event and its time, which the script puts before it. */
function wordsOf({ subject, revision, from, reason }: Words): Buffer {
  const bytes = new ByteWriter(128)
  writeWords(bytes, { subject, revision, from, reason })
  return bytes.done()
}

function writeWords(bytes: ByteWriter, { subject, revision, from, reason }: Words): void {
  bytes.text(subject)
  bytes.count(revision)
  bytes.count(from.length)
  for (const id of from) bytes.text(id)
  bytes.text(reason)
}

export function writeRow(bytes: ByteWriter, row: Omit<FeedRow, 'sequence'>): void {
  bytes.u8(codeOf(FEED_EVENTS, row.event))
  bytes.whole(row.at)
  writeWords(bytes, row)
}

/** With the length before it, as it stands in a chunk of the feed. */
export function readRow(bytes: ByteReader, sequence: number): FeedRow {
  bytes.at += 3
  const event = wordOf(FEED_EVENTS, bytes.u8())
  const at = bytes.whole()
  const [subject, revision] = [bytes.text(), bytes.count()]
  const from = Array.from({ length: bytes.count() }, () => bytes.text())
  return { sequence, event, subject, revision, from, at, reason: bytes.text() }
}

export function rowOfChange({ profile, event, ...rest }: Change): Omit<FeedRow, 'sequence'> {
  return { ...rest, event: `profile.${event}`, subject: profile }
}

/** Null for a row that is not of a profile. */
export function changeOfRow({ event, subject, ...rest }: FeedRow): StoredChange | null {
  if (!event.startsWith(PROFILE)) return null
  return { ...rest, event: event.slice(PROFILE.length) as Change['event'], profile: subject }
}
const PROFILE = 'profile.'

export function packQuestion(question: QuestionRecord): Buffer {
  const { id, a, b, guard, worth } = question
  const bytes = new ByteWriter(512)
  bytes.key(a)
  bytes.key(b)
  const place = descending(worth)
  bytes.u16(place.length)
  bytes.raw(place)
  const words = wordsOf({ subject: id, revision: 0, from: [], reason: guard })
  bytes.u24(words.length)
  bytes.raw(words)
  bytes.raw(Buffer.from(JSON.stringify(question)))
  return bytes.done()
}

export function questionIn(bytes: Buffer): QuestionRecord {
  const words = 66 + bytes.readUInt16BE(64)
  const start = words + 3 + bytes.readUIntBE(words, 3)
  return JSON.parse(bytes.toString('utf8', start)) as QuestionRecord
}

export function packVerdict(verdict: VerdictRecord): Buffer {
  const { id, question, at, a, b, order } = verdict
  const subject = question?.id ?? id
  const keys = [...new Set<Key>([...a, ...b])]
  const bytes = new ByteWriter(1_024)
  bytes.whole(at)
  bytes.raw(descending(order))
  bytes.u32(keys.length * 32)
  for (const key of keys) bytes.key(key)
  const name = Buffer.from(subject)
  bytes.u16(name.length)
  bytes.raw(name)
  const reason = `${verdict.verdict}, by ${verdict.author}`
  const words = wordsOf({ subject, revision: 0, from: [], reason })
  bytes.u24(words.length)
  bytes.raw(words)
  bytes.raw(Buffer.from(JSON.stringify(verdict)))
  return bytes.done()
}

export function verdictIn(bytes: Buffer): VerdictRecord {
  const subject = 18 + bytes.readUInt32BE(14)
  const words = subject + 2 + bytes.readUInt16BE(subject)
  const start = words + 3 + bytes.readUIntBE(words, 3)
  return JSON.parse(bytes.toString('utf8', start)) as VerdictRecord
}
