// Segments that were written before messages told clues: text lines without them, and Parquet files without the column.

import { DuckDBInstance } from '@duckdb/node-api'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  account,
  digest,
  numberedMessages,
  withDirectory,
} from '../../../test/file-log/directory.ts'
import { NO_CLUES } from '../../core/edge/clue.ts'
import { keyOf } from '../../core/identifier/identifier.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { duckdbDialect } from '../duckdb/dialect.ts'
import { fileName } from './directory.ts'
import { openFileLog, type FileLog } from './index.ts'

const duckdb = await (await DuckDBInstance.create(':memory:')).connect()

async function rowsOf(sql: string): Promise<readonly unknown[][]> {
  return (await duckdb.runAndReadAll(sql)).getRowsJson()
}

/** Lines as they were written before, by columns and body. */
const FORMER = [
  [
    '["a","message",1,"shop","track","Seen",5,6,2,"cookie","","[1,2]","ip","","10.0.0.1",0,1,"ip_match"]',
    '{"messageId":"a"}',
  ],
  ['["b","message",1,"shop","page","",7,8,1,"cookie","","[1,2]"]', '{"messageId":"b"}'],
  ['["c","message",1,"shop","page","",7,8,0]', '{"messageId":"c"}'],
  [
    '["d","decision",0,"","","",9,9,0]',
    '{"author":"ana","decision":{"type":"erasure","identifiers":[]}}',
  ],
] as const

function lineOf(position: number, columns: string, body: string): string {
  const rest = `${position}\t1\t${columns}\t${body}`
  return `${crc32(rest).toString(16).padStart(8, '0')}\t${rest}\n`
}

const identifier = (type: string, value: string) => ({
  key: keyOf(digest, account, type, '', value),
  type,
  namespace: '',
  value,
})
const formerFact = {
  account,
  site: 'shop',
  identifiers: [identifier('cookie', '[1,2]'), identifier('ip', '10.0.0.1')],
  clues: NO_CLUES,
}
const FORMER_RECORDS = [
  { id: 'a', type: 'track', name: 'Seen', edges: [{ from: 0, to: 1, kind: 'ip_match' }] },
  { id: 'b', type: 'page', identifiers: formerFact.identifiers.slice(0, 1), edges: [] },
  { id: 'c', type: 'page', identifiers: [], edges: [] },
].map((fact, i) => ({
  kind: 'message',
  position: i + 1,
  fact: { name: '', at: i === 0 ? 5 : 7, receivedAt: i === 0 ? 6 : 8, ...formerFact, ...fact },
  extractionVersion: 1,
  raw: JSON.stringify({ messageId: fact.id }),
}))

/** A log whose first four lines are former ones, followed in the same segment by `more` messages. */
async function formerLog(directory: string, more: number): Promise<FileLog> {
  await (await openFileLog(directory, { account })).close()
  const lines = FORMER.map(([columns, body], i) => lineOf(i + 1, columns, body))
  await writeFile(join(directory, fileName('tsv', 1)), lines.join(''))
  const log = await openFileLog(directory, { account })
  if (more > 0) await log.append(numberedMessages(0, more))
  return log
}

const expectFormer = (records: readonly StoredRecord[]): void =>
  expect(records.slice(0, 3)).toEqual(FORMER_RECORDS)

test('former lines read as they are, sealed or not, beside new ones in one segment', () =>
  withDirectory(async (directory) => {
    const text = await formerLog(directory, 2)
    const before = await text.read(1, 10)
    expectFormer(before)
    expect(before.slice(4)).toEqual(
      numberedMessages(0, 2).map((m, i) => ({ ...m, position: i + 5 })),
    )
    await text.close()
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    await log.append(numberedMessages(2, 3))
    await log.settle()
    expect(await log.read(1, 6)).toEqual(before)
    const sealed = join(directory, fileName('parquet', 1, 6))
    const told = await rowsOf(`SELECT len(clues), clues[-1] FROM read_parquet('${sealed}')`)
    const last = String(2 ** 32 - 2 ** 31 + 2 ** 28 - 1)
    const none = ['0', null]
    expect(told).toEqual([none, none, none, none, ['3', last], ['3', last]])
    await log.close()
  }))

/** Two sealed segments of the former format (5 and 4 records) and one of today's, sealed unless `open`. */
async function mixedLog(directory: string, isOpen: boolean): Promise<FileLog> {
  const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
  await log.append(numberedMessages(0, 5))
  await log.append(numberedMessages(5, 9))
  await log.append(numberedMessages(9, 12))
  if (!isOpen) await log.append([sampleMessage({ account, digest }, 'beyond')])
  await log.settle()
  for (const [first, last] of [
    [1, 5],
    [6, 9],
  ] as const) {
    const path = join(directory, fileName('parquet', first, last))
    await rowsOf(`COPY (SELECT * EXCLUDE (clues) REPLACE (1::INTEGER AS extraction_version) FROM read_parquet('${path}'))
      TO '${path}.former' (FORMAT parquet)`)
    await rename(`${path}.former`, path)
  }
  return log
}

const cluesIn = (record: StoredRecord | undefined): number =>
  record?.kind === 'message' ? record.fact.clues.length : -1

test('former sealed segments are read one by one, and searched beside new ones', () =>
  withDirectory(async (directory) => {
    const log = await mixedLog(directory, false)
    const records = await log.read(1, 5)
    expect(records.map(cluesIn)).toEqual([0, 0, 0, 0, 0])
    const told = numberedMessages(0, 5).map(({ fact, raw }, i) => ({
      kind: 'message',
      position: i + 1,
      fact: { ...fact, clues: NO_CLUES },
      extractionVersion: 1,
      raw,
    }))
    expect(records).toEqual(told)
    expect((await log.read(10, 3)).map(cluesIn)).toEqual([3, 3, 3])
    const { identifiers } = sampleMessage({ account, digest }, '', { cookie: 'cookie 0' }).fact
    const found = await log.messagesOf(identifiers, 10)
    expect(found.map((one) => [one.position, cluesIn(one)])).toEqual([
      [1, 0],
      [12, 3],
    ])
    await log.close()
  }))

/** Position and number of clues of every record, as a run reads all parts together. */
async function toldIn(parts: readonly LogColumns[]): Promise<readonly unknown[][]> {
  const table = duckdbDialect.parquet(parts.map(({ events }) => events))
  const all = await rowsOf(
    `SELECT position::INTEGER, len(clues)::INTEGER FROM ${table} ORDER BY position`,
  )
  const each = await rowsOf(`SELECT cookie, unnest(clues) FROM ${table}`)
  expect(each.length).toBe(all.reduce((sum, [, told]) => sum + Number(told), 0))
  return all.map(([position, told]) => [position, told])
}

test.each<[what: string, isOpen: boolean, upTo: number, cuts: readonly number[]]>([
  ['all of them former', false, 9, []],
  ['a former one cut', false, 7, []],
  ['a former one cut in two, beside new ones', false, 12, [3]],
  ['beside a sealed one', false, 12, []],
  ['beside an open one', true, 12, []],
])('former sealed segments are read together: %s', (_what, isOpen, upTo, cuts) =>
  withDirectory(async (directory) => {
    const log = await mixedLog(directory, isOpen)
    const scratch = join(directory, 'scratch')
    await mkdir(scratch)
    const parts = await log.columns({ upTo, cuts, scratch })
    const should = Array.from({ length: upTo }, (_, i) => [i + 1, i < 9 ? null : 3])
    expect(await toldIn(parts)).toEqual(should)
    for (const { identifiers, edges } of parts)
      await rowsOf(`FROM read_parquet(['${identifiers}', '${edges}'], union_by_name = true)`)
    await log.close()
  }),
)
