// Reading sealed segments: in order, or by the identifiers their messages name.
// Invariant: records come with consecutive positions, or the segment is reported as damaged.

import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import { open } from 'node:fs/promises'
import type { Identifier } from '../../core/identifier/identifier.ts'
import type { Place, Position, StoredRecord } from '../../ports/event-log.ts'
import { BLOCK_BYTES, blockMayHave, blockOf } from './bloom.ts'
import { connectDuckDB, type DuckDBLimits } from './duckdb.ts'
import { codeOf, corrupt } from './failures.ts'
import type { RecordReader } from './record-columns.ts'
import { messagesSql, recordsSql } from './segment-sql.ts'

/** The records of one sealed segment from a position on: a query that goes on where the last page ended. */
export class SealedCursor {
  readonly path: string
  readonly #connection: DuckDBConnection
  readonly #result: DuckDBResult
  readonly #reader: RecordReader
  #chunk: DuckDBDataChunk | null = null
  /** The chunk after `#chunk`, already on its way. */
  #following: Promise<DuckDBDataChunk | null>
  #row = 0
  #next: Position

  private constructor(
    path: string,
    next: Position,
    connection: DuckDBConnection,
    result: DuckDBResult,
    reader: RecordReader,
  ) {
    this.path = path
    this.#next = next
    this.#connection = connection
    this.#result = result
    this.#reader = reader
    this.#following = this.#fetch()
  }

  static async open(
    path: string,
    from: Position,
    reader: RecordReader,
    limits: DuckDBLimits,
  ): Promise<SealedCursor> {
    const connection = await connectDuckDB(limits)
    try {
      const result = await connection.stream(recordsSql(path, from))
      return new SealedCursor(path, from, connection, result, reader)
    } catch (cause) {
      connection.closeSync()
      throw cause
    }
  }

  /** Position of the record that the next page begins with. */
  get next(): Position {
    return this.#next
  }

  /** The next records, at most `limit`; empty at the end of the segment. */
  async page(limit: number): Promise<StoredRecord[]> {
    const records: StoredRecord[] = []
    while (records.length < limit) {
      if (this.#chunk === null || this.#row === this.#chunk.rowCount) {
        this.#chunk = await this.#following
        if (this.#chunk === null) break
        this.#following = this.#fetch()
        this.#row = 0
      }
      const record = recordAt(this.#chunk, this.#row, this.#reader)
      if (record.position !== this.#next) {
        throw corrupt(this.path, `the record at position ${this.#next} is missing`)
      }
      records.push(record)
      this.#row += 1
      this.#next += 1
    }
    return records
  }

  async close(): Promise<void> {
    await this.#following.catch(() => null)
    this.#connection.closeSync()
  }

  #fetch(): Promise<DuckDBDataChunk | null> {
    const chunk = this.#result
      .fetchChunk()
      .then((fetched) => (fetched === null || fetched.rowCount === 0 ? null : fetched))
    // A failure is met by the page that needs the chunk, if one ever does.
    chunk.catch(() => undefined)
    return chunk
  }
}

function recordAt(chunk: DuckDBDataChunk, row: number, reader: RecordReader): StoredRecord {
  const position = chunk.getColumnVector(0).getItem(row) as number
  const text = chunk.getColumnVector(1).getItem(row) as string
  const tab = text.indexOf('\t')
  return reader.record(position, text.slice(0, tab), text.slice(tab + 1))
}

/** What to look for: the latest `limit` records that name one of the identifiers, before a place if one is given. */
export interface Search {
  readonly identifiers: readonly Identifier[]
  readonly limit: number
  readonly before: Place | null
}

/** What is found in sealed segments, latest first. */
export async function searchSealed(
  paths: readonly string[],
  { identifiers, limit, before }: Search,
  reader: RecordReader,
  limits: DuckDBLimits,
): Promise<StoredRecord[]> {
  if (paths.length === 0) return []
  const wanted = identifiers.map(({ type, namespace, value }) => ({ type, namespace, value }))
  const connection = await connectDuckDB(limits)
  try {
    const result = await connection.run(messagesSql(paths, limit, before), [JSON.stringify(wanted)])
    const records: StoredRecord[] = []
    for (const chunk of await result.fetchAllChunks()) {
      for (let row = 0; row < chunk.rowCount; row++) records.push(recordAt(chunk, row, reader))
    }
    return records
  } finally {
    connection.closeSync()
  }
}

/**
 * Whether a segment may name one of the identifiers, by its filter at `path`: a read of 64 bytes for each. True when
 * there is no filter.
 */
export async function mayName(path: string, identifiers: readonly Identifier[]): Promise<boolean> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null
    throw cause
  })
  if (file === null) return true
  try {
    const blocks = Math.floor((await file.stat()).size / BLOCK_BYTES)
    const block = new Uint32Array(BLOCK_BYTES / 4)
    const bytes = new Uint8Array(block.buffer)
    for (const { key } of identifiers) {
      const hash = keyWords(key)
      await file.read(bytes, 0, BLOCK_BYTES, blockOf(hash[1] ?? 0, blocks) * BLOCK_BYTES)
      if (blockMayHave(block, hash)) return true
    }
    return false
  } finally {
    await file.close()
  }
}

/** The first four words of a key, as the sealing put them into the filter. */
function keyWords(key: string): Uint32Array {
  return Uint32Array.from({ length: 4 }, (_, word) =>
    Number.parseInt(key.slice(8 * word, 8 * word + 8), 16),
  )
}
