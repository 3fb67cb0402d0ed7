// Reading a log: which segment holds a position, and the records of it, sealed or not.
// Invariant: only positions up to `end` are shown, in order, each once, whatever is being sealed meanwhile.

import { open } from 'node:fs/promises'
import type { Identifier } from '../../core/identifier/identifier.ts'
import {
  comparePlaces,
  type Place,
  placeOf,
  type Position,
  type StoredMessage,
  type StoredRecord,
} from '../../ports/event-log.ts'
import type { DuckDBLimits } from './duckdb.ts'
import { codeOf, corrupt } from './failures.ts'
import { recordOfLine } from './line.ts'
import { RecordReader, wellFormed } from './record-columns.ts'
import { mayName, SealedCursor, type Search, searchSealed } from './sealed-segment.ts'
import { type Marks, scanLines, searchLines } from './text-segment.ts'

/** Positions are both inclusive; of the open segment `last` grows. */
export interface TextSegment {
  readonly sealed: false
  readonly first: Position
  readonly last: Position
  readonly path: string
  readonly marks: Marks
}

export interface SealedSegment {
  readonly sealed: true
  readonly first: Position
  readonly last: Position
  readonly path: string
  /** Filter of the identifiers it names. */
  readonly keysPath: string
  /** Its summary; one sealed by an older program may have none. */
  readonly identifiersPath: string
  readonly edgesPath: string
}

export type Segment = TextSegment | SealedSegment

/** What a view looks at. */
export interface SegmentList {
  /** Oldest first, without gaps. */
  readonly segments: readonly Segment[]
  /** Position of the last record to be shown. */
  end(): Position
  /** Looks for files that were replaced by others since. */
  refresh(): Promise<void>
}

/** How often a file may be replaced under a reader before it gives up. */
const ATTEMPTS_MAX = 5

export class LogView {
  readonly #list: SegmentList
  readonly #limits: DuckDBLimits
  readonly #reader: RecordReader
  /** Of the last sequential read; taken out while it is in use. */
  #cursor: SealedCursor | null = null
  /** Searches go one after the other: each keeps a thread that appending needs too. */
  #searches: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(list: SegmentList, account: string, limits: DuckDBLimits) {
    this.#list = list
    this.#limits = limits
    this.#reader = new RecordReader(account)
  }

  /** As `EventLog.read`. */
  async read(from: Position, limit: number): Promise<StoredRecord[]> {
    const records: StoredRecord[] = []
    let next = Math.max(1, from)
    while (records.length < limit && next <= this.#list.end()) {
      const wanted = Math.min(limit - records.length, this.#list.end() - next + 1)
      const page = await this.#again(() => this.#readSegment(next, wanted))
      for (const record of page) records.push(record)
      next += page.length
    }
    return records
  }

  /** As `EventLog.messagesOf`. */
  async messagesOf(
    asked: readonly Identifier[],
    limitAsked: number,
    before?: Place,
  ): Promise<StoredMessage[]> {
    const identifiers = asked.map(({ key, type, namespace, value }) => ({
      key,
      type: wellFormed(type),
      namespace: wellFormed(namespace),
      value: wellFormed(value),
    }))
    const limit = Math.min(limitAsked, Number.MAX_SAFE_INTEGER)
    const search: Search = { identifiers, limit, before: before ?? null }
    const found = this.#searches.then(() => this.#again(() => this.#search(search)))
    this.#searches = found.catch(() => undefined)
    return found
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#searches
    await this.#cursor?.close()
    this.#cursor = null
  }

  /** Does `work` again when a file it looked at is gone, because its segment was sealed meanwhile. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (cause) {
        if (!isGone(cause) || attempt === ATTEMPTS_MAX) throw cause
        await this.#list.refresh()
      }
    }
  }

  async #readSegment(from: Position, limit: number): Promise<StoredRecord[]> {
    const segment = this.#list.segments.findLast(({ first }) => first <= from)
    if (segment === undefined || segment.last < from) {
      throw corrupt(`position ${from}`, 'no segment holds it')
    }
    const count = Math.min(limit, segment.last - from + 1)
    const records = await (segment.sealed
      ? this.#readSealed(segment, from, count)
      : this.#readText(segment, from, count))
    if (records.length < count) {
      throw corrupt(segment.path, `the record at position ${from + records.length} is missing`)
    }
    return records
  }

  async #readSealed(
    segment: SealedSegment,
    from: Position,
    count: number,
  ): Promise<StoredRecord[]> {
    const cursor = await this.#cursorAt(segment, from)
    let kept = false
    try {
      const records = await cursor.page(count)
      kept = cursor.next <= segment.last && this.#keep(cursor)
      return records
    } finally {
      if (!kept) await cursor.close()
    }
  }

  /** The last read's cursor if it goes on here, else a new one; the caller keeps or closes it. */
  async #cursorAt(segment: SealedSegment, from: Position): Promise<SealedCursor> {
    const held = this.#cursor
    this.#cursor = null
    if (held?.path === segment.path && held.next === from) return held
    await held?.close()
    return SealedCursor.open(segment.path, from, this.#reader, this.#limits)
  }

  /** False if another read has left its cursor meanwhile, or the log was closed. */
  #keep(cursor: SealedCursor): boolean {
    if (this.#cursor !== null || this.#closed) return false
    this.#cursor = cursor
    return true
  }

  async #readText(segment: TextSegment, from: Position, count: number): Promise<StoredRecord[]> {
    const records: StoredRecord[] = []
    const { position: next, offset } = segment.marks.before(from, segment.first)
    const file = await open(segment.path, 'r')
    try {
      const range = { next, offset, to: Number.POSITIVE_INFINITY }
      await scanLines(file, range, (bytes, line, at) => {
        segment.marks.note(line.position, at)
        if (line.position >= from) records.push(recordOfLine(bytes, line, this.#reader))
        return records.length < count
      })
      return records
    } finally {
      await file.close()
    }
  }

  async #search(search: Search): Promise<StoredMessage[]> {
    if (search.identifiers.length === 0 || search.limit < 1) return []
    const { segments } = this.#list
    const end = this.#list.end()
    const sealed: string[] = []
    const found: StoredMessage[] = []
    for (const segment of segments) {
      if (!segment.sealed) await this.#searchText(segment, search, end, found)
      else if (await mayName(segment.keysPath, search.identifiers)) sealed.push(segment.path)
    }
    const records = await searchSealed(sealed, search, this.#reader, this.#limits)
    for (const record of records) if (record.kind === 'message') found.push(record)
    return latest(found, search.limit)
  }

  async #searchText(
    segment: TextSegment,
    { identifiers, limit, before }: Search,
    end: Position,
    found: StoredMessage[],
  ): Promise<void> {
    const keys = new Set(identifiers.map(({ key }) => key))
    const needles = identifiers.map(({ value }) => Buffer.from(JSON.stringify(value)))
    await searchLines(segment.path, needles, (bytes, line) => {
      if (line.position > end) return
      const record = recordOfLine(bytes, line, this.#reader)
      if (record.kind !== 'message') return
      if (!record.fact.identifiers.some(({ key }) => keys.has(key))) return
      if (before !== null && comparePlaces(placeOf(record), before) >= 0) return
      found.push(record)
      if (found.length >= 2 * limit + 1000) found.splice(0, found.length, ...latest(found, limit))
    })
  }
}

/** The latest `limit` by event time and position, newest last. */
function latest(messages: readonly StoredMessage[], limit: number): StoredMessage[] {
  return messages.toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b))).slice(-limit)
}

/** DuckDB has no code for a missing file, only words. */
function isGone(cause: unknown): boolean {
  return (
    codeOf(cause) === 'ENOENT' || (cause instanceof Error && /No files found/.test(cause.message))
  )
}
