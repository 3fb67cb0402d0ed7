// Sealing: a closed text segment becomes Parquet, with its summary and a filter of its identifiers beside it.
// Invariant: a text segment is given up only after every line of it was checked and counted in its Parquet file.

import type { DuckDBConnection } from '@duckdb/node-api'
import { open } from 'node:fs/promises'
import { addToBloom, emptyBloom } from './bloom.ts'
import { replaceFile } from './directory.ts'
import { connectDuckDB, type DuckDBLimits } from './duckdb.ts'
import { corrupt, damaged } from './failures.ts'
import { countSql, keysSql, sealSql } from './segment-sql.ts'
import { sealedSegment } from './segments.ts'
import { edgesSql, identifiersSql } from './summary-sql.ts'
import type { SealedSegment } from './log-view.ts'
import { scanLines, type ClosedText } from './text-segment.ts'

export interface SealOptions {
  readonly directory: string
  readonly account: string
  readonly recordBytesMax: number
  readonly limits: DuckDBLimits
  /** Ends a sealing early; the text segment stays. */
  readonly signal: AbortSignal
}

/**
 * Writes a closed text segment as Parquet, its summary and the filter of its identifiers beside it. The text segment is left to
 * the caller to remove.
 * @throws StoreError `corrupt` when a line of the text segment is damaged.
 */
export async function seal(text: ClosedText, options: SealOptions): Promise<SealedSegment> {
  const { directory, account, recordBytesMax, signal } = options
  const segment = sealedSegment(directory, text.first, text.last)
  await checkText(text)
  const connection = await connectDuckDB(options.limits)
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  const write = async (sql: string, draft: string): Promise<void> => {
    signal.throwIfAborted()
    await connection.run(sql)
    await syncFile(draft)
  }
  try {
    await replaceFile(segment.path, async (draft) => {
      await write(sealSql(text.path, draft, account, recordBytesMax), draft)
      await checkCount(connection, draft, text)
      await replaceFile(segment.identifiersPath, (to) =>
        write(identifiersSql(draft, to, account), to),
      )
      await replaceFile(segment.edgesPath, (to) => write(edgesSql(draft, to, account), to))
      await writeKeys(connection, segment)
      signal.throwIfAborted()
    })
  } finally {
    signal.removeEventListener('abort', interrupt)
    connection.closeSync()
  }
  return segment
}

async function checkText(text: ClosedText): Promise<void> {
  const file = await open(text.path, 'r')
  try {
    const range = { next: text.first, offset: 0, to: Number.POSITIVE_INFINITY }
    const end = await scanLines(file, range, () => true)
    if (end.bad || end.next !== text.last + 1 || end.offset !== (await file.stat()).size) {
      throw damaged(text.path, end)
    }
  } finally {
    await file.close()
  }
}

async function checkCount(
  connection: DuckDBConnection,
  path: string,
  { first, last, path: source }: ClosedText,
): Promise<void> {
  const [counts] = (await connection.runAndReadAll(countSql(path, first))).getRows()
  if (counts?.every((count) => count === last - first + 1) !== true) {
    throw corrupt(source, `it has not become the records ${first} to ${last} in Parquet`)
  }
}

async function writeKeys(
  connection: DuckDBConnection,
  { identifiersPath, keysPath }: SealedSegment,
): Promise<void> {
  const result = await connection.run(keysSql(identifiersPath))
  const chunks = await result.fetchAllChunks()
  const bloom = emptyBloom(chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0))
  const hash = new Uint32Array(4)
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rowCount; row++) {
      for (let word = 1; word < 4; word++) {
        hash[word] = chunk.getColumnVector(word - 1).getItem(row) as number
      }
      addToBloom(bloom, hash, 0)
    }
  }
  await replaceFile(keysPath, async (draft) => {
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(new Uint8Array(bloom.buffer))
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
