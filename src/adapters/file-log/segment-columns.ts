// The segments of a log as columns up to a position: sealed ones as they are, of the others what is asked for, sealed
// into a directory of the caller's. Invariant: nothing of the log itself is changed.

import type { DuckDBConnection } from '@duckdb/node-api'
import { copyFile, open, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnsAsked, LogColumns } from '../../ports/columnar-log.ts'
import type { Position } from '../../ports/event-log.ts'
import { fileName } from './directory.ts'
import { connectDuckDB, type DuckDBLimits } from './duckdb.ts'
import { codeOf, corrupt, damaged } from './failures.ts'
import type { Segment, SegmentList, TextSegment } from './log-view.ts'
import { cutSql, sealSql } from './segment-sql.ts'
import { edgesSql, identifiersSql } from './summary-sql.ts'
import { scanLines } from './text-segment.ts'

export interface ColumnsOptions {
  readonly account: string
  readonly recordBytesMax: number
  readonly limits: DuckDBLimits
}

/** As `ColumnarLog.columns`. */
export async function logColumns(
  list: SegmentList,
  asked: ColumnsAsked,
  options: ColumnsOptions,
): Promise<readonly LogColumns[]> {
  const parts: LogColumns[] = []
  let made = false
  const end = Math.min(asked.upTo, list.end())
  for (let next = 1; next <= end; next = (parts.at(-1)?.last ?? end) + 1) {
    const here = (): Segment | undefined => list.segments.findLast(({ first }) => first <= next)
    for (let segment = here(); ; segment = here()) {
      if (segment === undefined) throw corrupt(`position ${next}`, 'no segment holds it')
      const asking = { ...asked, upTo: end }
      const part = await segmentColumns(segment, asking, options).catch((cause: unknown) => {
        // It was sealed meanwhile.
        if (codeOf(cause) === 'ENOENT' && here()?.path !== segment.path) return null
        throw cause
      })
      if (part === null) continue
      parts.push(...part)
      made ||= part.some(({ events }) => events !== segment.path)
      break
    }
  }
  return made || parts.length === 0 ? parts : [await emptyPart(asked.scratch, options), ...parts]
}

/** Parts of one segment, from its first record up to `asked.upTo`. */
async function segmentColumns(
  segment: Segment,
  asked: ColumnsAsked,
  options: ColumnsOptions,
): Promise<readonly LogColumns[]> {
  const last = Math.min(segment.last, asked.upTo)
  const ranges = rangesOf(segment.first, last, asked.cuts)
  if (segment.sealed && ranges.length === 1 && last === segment.last) {
    const { first, path: events, identifiersPath: identifiers, edgesPath: edges } = segment
    if ((await exists(identifiers)) && (await exists(edges)))
      return [{ first, last, events, identifiers, edges }]
  }
  const connection = await connectDuckDB(options.limits)
  try {
    const events = segment.sealed
      ? segment.path
      : await sealText(connection, segment, last, asked.scratch, options)
    const parts: LogColumns[] = []
    for (const range of ranges)
      parts.push(await cut(connection, events, range, { ...options, scratch: asked.scratch }))
    return parts
  } finally {
    connection.closeSync()
  }
}

interface Range {
  readonly first: Position
  readonly last: Position
}

function rangesOf(first: Position, last: Position, cuts: readonly Position[]): Range[] {
  const starts = [first, ...cuts.filter((at) => at > first && at <= last)]
  const ranges = starts.map((start, i) => ({ first: start, last: (starts[i + 1] ?? last + 1) - 1 }))
  return ranges.filter((range) => range.first <= range.last)
}

/** The records of a text segment up to one, as Parquet. The copy is cut off behind it: the rest may still grow. */
async function sealText(
  connection: DuckDBConnection,
  segment: TextSegment,
  last: Position,
  scratch: string,
  { account, recordBytesMax }: ColumnsOptions,
): Promise<string> {
  const text = join(scratch, fileName('tsv', segment.first))
  await copyFile(segment.path, text)
  const file = await open(text, 'r')
  try {
    const range = { next: segment.first, offset: 0, to: Number.POSITIVE_INFINITY }
    const end = await scanLines(file, range, (_bytes, line) => line.position < last)
    if (end.next !== last + 1) throw damaged(segment.path, end)
    await truncate(text, end.offset)
  } finally {
    await file.close()
  }
  const events = join(scratch, `text-${fileName('parquet', segment.first, last)}`)
  await connection.run(sealSql(text, events, account, recordBytesMax))
  await rm(text)
  return events
}

/** Without records, with all columns: beside it segments that were sealed before there were some of them can be read. */
async function emptyPart(scratch: string, options: ColumnsOptions): Promise<LogColumns> {
  const { account, recordBytesMax, limits } = options
  const text = join(scratch, fileName('tsv', 1))
  const events = join(scratch, `text-${fileName('parquet', 1, 0)}`)
  await writeFile(text, '')
  const connection = await connectDuckDB(limits)
  try {
    await connection.run(sealSql(text, events, account, recordBytesMax))
    return await cut(
      connection,
      events,
      { first: 1, last: 0 },
      { account, recordBytesMax, limits, scratch },
    )
  } finally {
    connection.closeSync()
  }
}

async function cut(
  connection: DuckDBConnection,
  source: string,
  { first, last }: Range,
  { account, scratch }: ColumnsOptions & { readonly scratch: string },
): Promise<LogColumns> {
  const events = join(scratch, fileName('parquet', first, last))
  const identifiers = join(scratch, fileName('identifiers.parquet', first, last))
  const edges = join(scratch, fileName('edges.parquet', first, last))
  await connection.run(cutSql(source, events, first, last))
  await connection.run(identifiersSql(events, identifiers, account))
  await connection.run(edgesSql(events, edges, account))
  return { first, last, events, identifiers, edges }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw cause
  }
}
