// docs/tables.md: its columns are those of the tables a run publishes, and its queries answer what they are for.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonValue } from '../src/adapters/duckdb/cell.ts'
import { attributesOf } from '../src/core/golden/attributes.ts'
import { lineOfItem } from '../src/apps/cli/commands/world-lines.ts'
import { simulate } from '../src/simulator/index.ts'
import { openPublished, type Published, type Row, textOf } from './cli/published.ts'
import { folder, runJson } from './cli/run.ts'
import { settingsOf } from './extraction.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const doc = readFileSync(join(root, 'docs', 'tables.md'), 'utf8')
/** The story of Ana, whom the last query asks for. */
const STORY = join(root, 'examples', 'first-steps', 'events.ndjson')
const WORLD = { people: 150, seed: 5, days: 21, hard: true }

let cwd = ''
let published: Published

const ask = (sql: string): Promise<readonly Row[]> => published.ask(sql)
const one = (sql: string): Promise<number> => published.one(sql)

beforeAll(async () => {
  cwd = await folder()
  const input = [...simulate(WORLD)].map(lineOfItem).join('')
  await runJson(['ingest', '-', STORY], { cwd, input })
  await runJson(['resolve'], { cwd })
  published = await openPublished(cwd)
}, 180_000)

afterAll(async () => published.close())

const number = (cell: JsonValue | undefined): number => Number(cell)
const total = (rows: readonly Row[], column: string): number =>
  rows.reduce((sum, row) => sum + number(row[column]), 0)

/** The part of the document under a heading, up to the next. */
function section(heading: string): string {
  const [, after = ''] = doc.split(`\n## ${heading}\n`)
  return after.split('\n## ')[0] ?? ''
}

const headings = [...doc.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
const described = headings.filter((heading) => /^[a-z]+$/.test(heading))

/** Columns as the document has them; those of attributes once for each. */
function columnsOf(table: string): readonly (readonly [string, string])[] {
  const rows = [...section(table).matchAll(/^\| `(\w+)` +\| `([\w[\]]+)` +\|/gm)]
  const columns = rows.map(([, name = '', type = '']) => [name, type] as const)
  const golden = columns.filter(([name]) => name.includes('NAME'))
  return [
    ...columns.filter(([name]) => !name.includes('NAME')),
    ...attributesOf(settingsOf({})).flatMap((attribute) =>
      golden.map(([name, type]) => [name.replace('NAME', attribute.name), type] as const),
    ),
  ]
}

test('the query of docs/journeys.md is answered', async () => {
  const guide = readFileSync(join(root, 'docs', 'journeys.md'), 'utf8')
  const queries = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql)
  expect(queries).toHaveLength(1)
  const rows = await ask(queries[0] ?? '')
  expect(total(rows, 'revenue')).toBeGreaterThan(0)
})

test('every table is described, and no other', () => {
  expect(described.toSorted()).toEqual(published.tables)
})

test.each(described)('the columns of %s, their types and their order', async (table) => {
  const columns = await ask(`DESCRIBE ${table}`)
  const there = columns.map((row) => [row['column_name'], textOf(row['column_type']).split('(')[0]])
  expect(there).toEqual(columnsOf(table))
})

test('where a golden value came from has the fields that are named', async () => {
  const [row] = await ask('SELECT typeof(golden_email_from) AS type FROM profiles LIMIT 1')
  const FIELD = /"?(\w+)"? (?:VARCHAR|TIMESTAMP|BOOLEAN|INTEGER)/g
  const names = [...textOf(row?.['type']).matchAll(FIELD)].map(([, name]) => name)
  const inDoc = (pattern: RegExp): readonly unknown[] => {
    const [, listed = ''] = pattern.exec(doc) ?? []
    return [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  }
  expect(names).toHaveLength(7)
  expect(inDoc(/`golden_NAME_from`.*where it came from: (.*)\|/)).toEqual(names)
  expect(inDoc(/in this order: (.*)\./)).toEqual(names)
})

test('whatever names a profile, a session, an event or an identifier names one that is there', async () => {
  const references = [
    ['events', 'session_id', 'sessions', 'session_id'],
    ['sessions', 'session_id', 'events', 'position'],
    ['sessions', 'cookie', 'identifiers', 'value'],
    ['touchpoints', 'position', 'events', 'position'],
    ['touchpoints', 'session_id', 'sessions', 'session_id'],
    ['conversions', 'position', 'events', 'position'],
    ['credits', 'conversion', 'conversions', 'position'],
    ['credits', 'touchpoint', 'touchpoints', 'position'],
    ...['identifiers', 'events', 'sessions', 'touchpoints', 'conversions', 'credits'].map(
      (table) => [table, 'profile_id', 'profiles', 'profile_id'],
    ),
  ]
  for (const [table, column, of, key] of references) {
    const lost = `SELECT count(*) FROM ${table} WHERE ${column} NOT IN (SELECT ${key} FROM ${of})`
    expect([table, column, await one(lost)]).toEqual([table, column, 0])
  }
  const loose = `SELECT count(*) FROM edges e LEFT JOIN identifiers f ON f.type = e.from_type
    AND f.namespace = e.from_namespace AND f.value = e.from_value WHERE f.value IS NULL`
  expect(await one(loose)).toBe(0)
})

test.each([
  ['profiles', 'kind'],
  ['profiles', 'state'],
  ['identifiers', 'state'],
  ['edges', 'kind'],
  ['events', 'type'],
  ['lineage', 'event'],
  ['reviews', 'status'],
  ['reviews', 'guard'],
])('the words of %s.%s are those that are named', async (table, column) => {
  const rows = section(table).split('\n')
  const named = rows.find((row) => row.startsWith(`| \`${column}\` `)) ?? ''
  const there = await ask(`SELECT DISTINCT ${column} AS word FROM ${table}`)
  expect(there.length).toBeGreaterThan(0)
  for (const { word } of there) expect(named).toContain(`\`${textOf(word)}\``)
})

/** The queries of the document, by their numbers. */
const queries = new Map(
  [...section('Ten queries').matchAll(/^\*\*(\d+)\. [^]*?```sql\n([^]*?)```/gm)].map(
    ([, nth = '', sql = '']) => [Number(nth), sql],
  ),
)

describe('the queries', () => {
  const answerOf = async (nth: number): Promise<readonly Row[]> => {
    const rows = await ask(queries.get(nth) ?? '')
    expect(rows.length).toBeGreaterThan(0)
    return rows
  }

  test('are ten', () => {
    expect([...queries.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('1: fewer people than cookies, and every session counts', async () => {
    const rows = await answerOf(1)
    expect(rows.length).toBeGreaterThan(WORLD.days / 2)
    // A kiosk's cookie is many people; of the others some are one.
    const own = `SELECT count(DISTINCT cookie) - count(DISTINCT s.profile_id) FROM sessions s
      JOIN identifiers i ON i.type = 'cookie' AND i.value = cookie AND i.state = 'active'`
    expect(await one(own)).toBeGreaterThan(0)
    expect(total(rows, 'people')).not.toBe(total(rows, 'cookies'))
    expect(total(rows, 'sessions')).toBe(await one('SELECT count(*) FROM sessions'))
  })

  test('2: every profile once', async () => {
    const rows = await answerOf(2)
    expect(total(rows, 'profiles')).toBe(await one('SELECT count(*) FROM profiles'))
    expect(rows).toContainEqual(expect.objectContaining({ kind: 'person', sure: 0.95 }))
    expect(rows).toContainEqual(expect.objectContaining({ kind: 'anonymous', sure: null }))
  })

  test('3: the weakest first, each with its link', async () => {
    const rows = await answerOf(3)
    expect(rows).toHaveLength(20)
    const confidences = rows.map(({ confidence }) => number(confidence))
    expect(confidences).toEqual(confidences.toSorted((a, b) => a - b))
    expect(confidences[0]).toBe(0.95)
    for (const row of rows) expect(Object.values(row)).not.toContain(null)
  })

  test('4: among them an address that many people share', async () => {
    const rows = await answerOf(4)
    expect(rows.map(({ type }) => type)).toContain('ip')
    expect(number(rows[0]?.['promiscuity'])).toBeGreaterThan(10)
  })

  test('5: every model gives the same revenue away', async () => {
    const rows = await answerOf(5)
    const credited = await one(
      'SELECT sum(value) FROM conversions WHERE position IN (SELECT conversion FROM credits)',
    )
    for (const model of ['first_touch', 'last_touch', 'linear']) {
      expect(total(rows, model)).toBeCloseTo(credited, 0)
    }
  })

  test('6: several channels on several devices', async () => {
    const rows = await answerOf(6)
    for (const { devices, channels } of rows) {
      expect(number(devices)).toBeGreaterThan(1)
      expect((channels as readonly string[]).length).toBeGreaterThanOrEqual(number(devices))
    }
  })

  test('7: every credited order once, in the look-back', async () => {
    const rows = await answerOf(7)
    const orders = `SELECT count(DISTINCT conversion) FROM credits
      JOIN conversions ON position = conversion WHERE name = 'Order Completed'`
    expect(total(rows, 'orders')).toBe(await one(orders))
    for (const { days } of rows) expect(number(days)).toBeLessThanOrEqual(30)
  })

  test('8: nobody comes back in the first week', async () => {
    const rows = await answerOf(8)
    expect(number(rows[0]?.['came_back'])).toBe(0)
    expect(total(rows, 'came_back')).toBeGreaterThan(0)
    expect(total(rows, 'people') - total(rows, 'came_back')).toBe(
      await one('SELECT count(DISTINCT profile_id) FROM sessions'),
    )
  })

  test('9: who gave way, and the reason', async () => {
    for (const { from_ids: from, reason } of await answerOf(9)) {
      expect(from).not.toEqual([])
      expect(reason).not.toBe('')
    }
  })

  test('10: Ana on her phone and both laptops', async () => {
    const rows = await answerOf(10)
    expect(rows).toHaveLength(7)
    expect(new Set(rows.map(({ cookie }) => cookie))).toEqual(
      new Set(['c-phone', 'c-work-laptop', 'c-home-laptop']),
    )
  })

  test('and who has more than one e-mail', async () => {
    const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(section('profiles')) ?? []
    const rows = await ask(sql)
    expect(rows.length).toBeGreaterThan(0)
    for (const { others } of rows) expect(others).not.toEqual([])
  })
})

test('DuckDB reads them without Selfsame, by the pointer', async () => {
  const [, sql = ''] = /```sql\n(SET[\s\S]*?)```/.exec(section('On disk')) ?? []
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const here = sql.replaceAll('/var/lib/selfsame', join(cwd, 'selfsame-data'))
  const rows = (await connection.runAndReadAll(here)).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  expect(Number(rows[0]?.[0])).toBe(await one('SELECT count(*) FROM profiles'))
})

test('what Presto and Trino are told of a table is so', () => {
  const [, told = ''] = /conversions \(\n([\s\S]*?)\n\)/.exec(section('On disk')) ?? []
  const types: Readonly<Record<string, string>> = { 'timestamp(6)': 'TIMESTAMP' }
  const columns = told.split(',').map((column) => {
    const [name = '', type = ''] = column.trim().replaceAll('"', '').split(' ')
    return [name, types[type] ?? type.toUpperCase()]
  })
  expect(columns).toEqual(columnsOf('conversions'))
})
