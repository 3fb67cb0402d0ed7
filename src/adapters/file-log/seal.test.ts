// Sealed segments: typed columns that other engines read alike, the same records, found again by identifier.

import { DuckDBInstance } from '@duckdb/node-api'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  account,
  digest,
  numberedMessages,
  withDirectory,
} from '../../../test/file-log/directory.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { fileName } from './directory.ts'
import { openFileLog } from './index.ts'
import { mayName } from './sealed-segment.ts'

/** Rows of a query in a DuckDB of its own, which knows nothing of the log. */
async function rowsOf(sql: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

test('columns have types that Presto and Trino read alike', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    const message = sampleMessage({ account, digest }, 'a', { at: 1_700_000_000_123, email: 'x' })
    await log.append([
      message,
      {
        kind: 'decision',
        id: 'd',
        at: -5,
        author: 'steward',
        decision: { type: 'policy', version: '2', settings: '{}' },
      },
    ])
    await log.append([sampleMessage({ account, digest }, 'b')])
    await log.settle()
    await log.close()
    const table = `read_parquet('${join(directory, fileName('parquet', 1, 2))}')`
    const types = await rowsOf(
      `SELECT column_name || ' ' || column_type AS is FROM (DESCRIBE FROM ${table})`,
    )
    expect(types.map((row) => (row as { is: string }).is)).toEqual([
      'position BIGINT',
      'id VARCHAR',
      'account VARCHAR',
      'site VARCHAR',
      'kind VARCHAR',
      'type VARCHAR',
      'name VARCHAR',
      'at TIMESTAMP',
      'received_at TIMESTAMP',
      'extraction_version INTEGER',
      'identifiers STRUCT("type" VARCHAR, namespace VARCHAR, "value" VARCHAR)[]',
      'edges STRUCT("from" INTEGER, "to" INTEGER, kind VARCHAR)[]',
      'clues BIGINT[]',
      'cookie BIGINT',
      'named BIGINT[]',
      'page_url VARCHAR',
      'page_host VARCHAR',
      'page_query VARCHAR',
      'referrer_host VARCHAR',
      'campaign_source VARCHAR',
      'campaign_medium VARCHAR',
      'campaign_name VARCHAR',
      'campaign_term VARCHAR',
      'campaign_content VARCHAR',
      'revenue DOUBLE',
      'currency VARCHAR',
      'traits VARCHAR',
      'context_traits VARCHAR',
      'verified BOOLEAN',
      'decision VARCHAR',
      'raw VARCHAR',
    ])
    expect(await rowsOf(`FROM ${table}`)).toEqual([
      expect.objectContaining({
        position: '1',
        id: 'a',
        account,
        site: 'shop',
        kind: 'message',
        type: 'track',
        name: 'Product Viewed',
        at: '2023-11-14 22:13:20.123',
        received_at: '2023-11-14 22:13:20.128',
        extraction_version: 1,
        identifiers: [
          { type: 'cookie', namespace: '', value: 'cookie of a' },
          { type: 'email', namespace: '', value: 'x' },
        ],
        edges: [{ from: 0, to: 1, kind: 'login' }],
        decision: null,
        raw: message.raw,
      }),
      expect.objectContaining({
        position: '2',
        id: 'd',
        kind: 'decision',
        at: '1969-12-31 23:59:59.995',
        decision: '{"author":"steward","decision":{"type":"policy","version":"2","settings":"{}"}}',
        raw: null,
      }),
    ])
  }))

test('a segment of many records and one of large ones come back from Parquet', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    const large = [0, 1, 2].map((at) => ({
      ...sampleMessage({ account, digest }, `large ${at}`),
      raw: JSON.stringify('ä'.repeat(1_000_000)),
    }))
    const records = [...numberedMessages(0, 12_000), ...large]
    await log.append(records)
    await log.append(numberedMessages(12_000, 12_001))
    await log.settle()
    const back: StoredRecord[] = []
    for (let from = 1; from <= records.length; from += 999) {
      back.push(...(await log.read(from, Math.min(999, records.length - from + 1))))
    }
    expect(back).toEqual(records.map((record, at) => ({ ...record, position: at + 1 })))
    expect(await log.read(11_999, 3)).toEqual(back.slice(11_998, 12_001))
    await log.close()
  }))

test('a segment of large records is sealed within the memory DuckDB may take', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    const records = Array.from({ length: 200 }, (_, at) => ({
      ...sampleMessage({ account, digest }, `${at}`),
      raw: JSON.stringify(`${at}`.repeat(250_000)),
    }))
    await log.append(records)
    await log.append(numberedMessages(0, 1))
    await log.settle()
    for (const at of [0, 77, 199]) {
      expect(await log.read(at + 1, 1)).toEqual([{ ...records[at], position: at + 1 }])
    }
    await log.close()
  }))

test('half a surrogate pair in an id does not stand in the way of sealing', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    const odd = sampleMessage({ account, digest }, 'a \ud800', { cookie: '\udfff' })
    expect(await log.append([odd])).toEqual([1])
    await log.append(numberedMessages(0, 1))
    const asText = await log.read(1, 1)
    await log.settle()
    expect(await log.read(1, 1)).toEqual(asText)
    expect(await log.append([odd])).toEqual([null])
    expect((await log.messagesOf(odd.fact.identifiers, 10)).length).toBe(1)
    await log.close()
  }))

test('the filter beside a segment names what is in it; without it, all is searched', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    for (let at = 0; at < 3; at++) await log.append(numberedMessages(at * 10, at * 10 + 10))
    await log.settle()
    const filters = (await readdir(directory)).filter((name) => name.endsWith('.keys'))
    expect(filters.length).toBe(2)
    const [inside, outside] = ['cookie 3', 'elsewhere'].map(
      (cookie) => sampleMessage({ account, digest }, '', { cookie }).fact.identifiers,
    )
    const path = join(directory, fileName('keys', 1, 10))
    expect(await mayName(path, inside ?? [])).toBe(true)
    expect(await mayName(path, outside ?? [])).toBe(false)
    const before = await log.messagesOf(inside ?? [], 100)
    expect(before.length).toBe(3)
    await rm(path)
    expect(await log.messagesOf(inside ?? [], 100)).toEqual(before)
    await log.close()
  }))

test('closing in the middle of sealing leaves a log that goes on sealing', () =>
  withDirectory(async (directory) => {
    for (let round = 0; round < 8; round++) {
      const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
      const from = round * 500
      await log.append(numberedMessages(from, from + 500))
      await new Promise((resolve) => setTimeout(resolve, round * 10))
      await log.close()
    }
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    await log.settle()
    const names = await readdir(directory)
    expect(names.filter((name) => /^[\d-]+\.parquet$/.test(name)).length).toBe(7)
    expect(names.filter((name) => name.endsWith('.draft'))).toEqual([])
    expect((await log.read(1, 10_000)).length).toBe(4_000)
    await log.close()
  }))
