// Real runs, written by DuckDB: what a query gets, what it is refused, and what it is told when it is wrong.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openPublishedTables, type PublishedTables, type QueryError } from './index.ts'
import { literal } from './literal.ts'

let root = ''
let run = ''
let open: PublishedTables

async function writeTables(sql: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const statement of sql) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'selfsame-test-'))
  // What DuckDB would take for a pattern, a partition or the end of a string.
  run = join(root, "env=it's [a] place*", 'runs', '1')
  const other = join(run, '..', '10', 'profiles')
  for (const table of ['profiles', 'events']) await mkdir(join(run, table), { recursive: true })
  await mkdir(other, { recursive: true })
  await writeTables([
    `copy (select 'prf_' || i as profile_id, i as n, 'person ' || i as name from range(5000) t(i))
     to ${literal(join(run, 'profiles', 'a.parquet'))}`,
    `copy (select 'prf_' || i as profile_id, i as n, 'person ' || i as name from range(5000, 10000) t(i))
     to ${literal(join(run, 'profiles', 'b.parquet'))}`,
    `copy (select 'page' as type, 1 as n) to ${literal(join(run, 'events', 'a.parquet'))}`,
    `copy (select 'secret' as secret) to ${literal(join(other, 'a.parquet'))}`,
    `copy (select 'secret' as secret) to ${literal(join(root, 'other.csv'))}`,
  ])
  open = await openPublishedTables({ directory: run })
})

afterAll(async () => {
  await open.close()
  await rm(root, { recursive: true, force: true })
})

async function values(sql: string, tables = open): Promise<unknown[]> {
  const rows: unknown[] = []
  const answer = await tables.query(sql)
  for await (const page of answer.values()) rows.push(...page)
  return rows
}

async function texts(sql: string): Promise<unknown[]> {
  const rows: unknown[] = []
  const answer = await open.query(sql)
  for await (const page of answer.texts()) rows.push(...page)
  return rows
}

async function failure(sql: string, tables = open): Promise<QueryError> {
  const told = await values(sql, tables).then(
    (rows) => new Error(`it answered ${JSON.stringify(rows)}`),
    (cause: unknown) => cause as QueryError,
  )
  expect(told).toMatchObject({ name: 'QueryError' })
  return told as QueryError
}

test('a table whose files are gone is said, not left out', async () => {
  const damaged = join(root, 'damaged')
  await mkdir(join(damaged, 'profiles'), { recursive: true })
  await expect(openPublishedTables({ directory: damaged })).rejects.toThrow(
    /no files in .*profiles.*`selfsame resolve` publishes the tables anew/,
  )
})

describe('answers', () => {
  test('the tables of a run, and nothing but their columns', async () => {
    expect(open.tables).toEqual(['events', 'profiles'])
    expect(await values('show tables')).toEqual([['events'], ['profiles']])
    expect((await open.query('from profiles')).columns).toEqual([
      { name: 'profile_id', isNumber: false },
      { name: 'n', isNumber: true },
      { name: 'name', isNumber: false },
    ])
  })

  test.each([
    ['select count(*), sum(n) from profiles', [[10_000, 49_995_000]]],
    ['WITH a AS (SELECT 1 AS x) SELECT * FROM a', [[1]]],
    ['-- a note\n/* more */ select 1; -- the end', [[1]]],
    ['(select 1)', [[1]]],
    ['values (1), (2)', [[1], [2]]],
    ['from events', [['page', 1]]],
    ['table events', [['page', 1]]],
    ['select * from events e join profiles p using (n)', [['page', 1, 'prf_1', 'person 1']]],
    ['pivot (select n % 2 as odd from profiles where n < 5) on odd using count(*)', [[3, 2]]],
    ["select now() > timestamptz '2020-01-01'", [[true]]],
  ])('%s', async (sql, rows) => {
    expect(await values(sql)).toEqual(rows)
  })

  test.each(['describe profiles', 'summarize profiles', 'explain analyze select * from events'])(
    '%s',
    async (sql) => {
      const answer = await open.query(sql)
      expect(answer.isPlan).toBe(sql.startsWith('explain'))
      expect((await values(sql)).length).toBeGreaterThan(0)
    },
  )

  test('in pages, of which one may take the first and leave the others', async () => {
    const answer = await open.query('select * from range(1000000000)')
    const seen: number[] = []
    for await (const page of answer.texts()) {
      seen.push(page.length)
      if (seen.length === 3) break
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(2_048)
    expect(await values('select 1')).toEqual([[1]])
  })
})

test.each<[sql: string, json: unknown, text: string | null]>([
  ['null', null, null],
  ['true', true, 'true'],
  ["''", '', ''],
  ['9007199254740991', 9_007_199_254_740_991, '9007199254740991'],
  ['9007199254740993', '9007199254740993', '9007199254740993'],
  ['(-9223372036854775808)::bigint', '-9223372036854775808', '-9223372036854775808'],
  ['170141183460469231731687303715884105727::hugeint', `${2n ** 127n - 1n}`, `${2n ** 127n - 1n}`],
  ['0.1::double', 0.1, '0.1'],
  ["'nan'::double", 'NaN', 'NaN'],
  ['12.50::decimal(18,2)', 12.5, '12.50'],
  [
    '-0.000000000000012345678901234::decimal(38,27)',
    -1.2345678901234e-14,
    '-0.000000000000012345678901234',
  ],
  ['1234567890123456.78::decimal(18,2)', '1234567890123456.78', '1234567890123456.78'],
  ["timestamp '2026-01-02 03:04:05'", '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z'],
  [
    "timestamp '1969-12-31 23:59:59.999999'",
    '1969-12-31T23:59:59.999999Z',
    '1969-12-31T23:59:59.999999Z',
  ],
  [
    "timestamp_ns '2026-01-02 03:04:05.123456789'",
    '2026-01-02T03:04:05.123456789Z',
    '2026-01-02T03:04:05.123456789Z',
  ],
  ["timestamp_s '2026-01-02 03:04:05'", '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z'],
  [
    "timestamptz '2026-01-02 03:04:05.5+02'",
    '2026-01-02T01:04:05.500Z',
    '2026-01-02T01:04:05.500Z',
  ],
  ["'infinity'::timestamp", 'infinity', 'infinity'],
  ["date '2026-01-02'", '2026-01-02', '2026-01-02'],
  ["time '03:04:05.5'", '03:04:05.5', '03:04:05.5'],
  ["interval '1 day'", '1 day', '1 day'],
  ["'abc'::blob", 'YWJj', 'YWJj'],
  [
    "'1b4e28ba-2fa1-11d2-883f-0016d3cca427'::uuid",
    '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
    '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
  ],
  ["'a'::enum('a', 'b')", 'a', 'a'],
  ['[1, null, 9007199254740993]', [1, null, '9007199254740993'], '[1,null,"9007199254740993"]'],
  ["['a']::varchar[1]", ['a'], '["a"]'],
  [
    "{'at': timestamp '2026-01-02 03:04:05', 'l': [{'x': 1.5}]}",
    { at: '2026-01-02T03:04:05.000Z', l: [{ x: 1.5 }] },
    '{"at":"2026-01-02T03:04:05.000Z","l":[{"x":1.5}]}',
  ],
  ["map {'a': 1, 'b': null}", { a: 1, b: null }, '{"a":1,"b":null}'],
  ['union_value(n := 3)', 3, '3'],
  [`'{"a": [1,  2]}'::json`, { a: [1, 2] }, '{"a": [1,  2]}'],
  [`'"a"'::json`, 'a', '"a"'],
])('a value: %s', async (sql, json, text) => {
  expect(await values(`select ${sql}`)).toEqual([[json]])
  expect(await texts(`select ${sql}`)).toEqual([[text]])
})

describe('refused', () => {
  const file = (...names: readonly string[]): string => literal(join(root, ...names))
  const here = (name: string): string => literal(join(run, 'profiles', name))

  test.each([
    ['a file beside', () => `select * from read_csv(${file('other.csv')})`],
    ['a file by its name', () => `select * from ${file('other.csv')}`],
    ['a file of the machine', () => "select * from read_text('/etc/hosts')"],
    ['a list of files', () => "select * from glob('/etc/*')"],
    ['another run', () => `from read_parquet(${here('../../10/profiles/a.parquet')})`],
    ['a URL', () => "from 'https://example.com/a.parquet'"],
    ['a sniffer', () => `from sniff_csv(${file('other.csv')})`],
    ['a copy', () => `copy (select 1) to ${file('new.csv')}`],
    ['a copy into the run', () => `copy (select 1) to ${here('new.parquet')}`],
    ['a copy over the run', () => `copy (select 1) to ${here('a.parquet')}`],
    ['a copy explained', () => `explain analyze copy (select 1) to ${here('a.parquet')}`],
    ['with options', () => `explain (analyze) copy (select 1) to ${here('a.parquet')}`],
    [
      'behind a note',
      () => `/* /* */ explain select */ explain analyze copy (select 1) to ${here('a.parquet')}`,
    ],
    [
      'a log',
      () =>
        `select * from enable_logging(storage = 'file', storage_path = ${literal(join(run, 'log'))})`,
    ],
    ['a database', () => `attach ${file('new.db')}`],
    ['one in the run', () => `attach ${here('new.db')}`],
    ['an export', () => `export database ${file('new')}`],
    ['an import', () => `import database ${file('.')}`],
    ['an extension', () => 'install httpfs'],
    ['its loading', () => 'load httpfs'],
    ['a secret', () => "create secret s (type s3, key_id 'a', secret 'b')"],
    ['a setting', () => "set memory_limit = '64GB'"],
    ['one looser', () => 'set enable_external_access = true'],
    ['the lock', () => 'set lock_configuration = false'],
    ['the default', () => 'reset memory_limit'],
    ['a pragma', () => "pragma memory_limit = '64GB'"],
    ['a call', () => 'call enable_logging()'],
    ['a table', () => 'create table t as select 1'],
    ['an insert', () => 'insert into profiles values (1)'],
    ['a deletion', () => 'delete from profiles'],
    ['a view less', () => 'drop view profiles'],
    ['a transaction', () => 'begin'],
    ['a prepared statement', () => 'prepare a as select 1'],
    ['two statements', () => 'select 1; select 2'],
    ['one that drops behind one that reads', () => 'select 1; drop view profiles'],
    [
      'one behind a PIVOT',
      () => 'pivot profiles on n % 2 using count(*); create table t as select 1',
    ],
    ['a parameter', () => 'select * from profiles where n = ?'],
  ])('%s', async (_name, sqlOf) => {
    const tables = await openPublishedTables({ directory: run })
    const before = [
      await readdir(root, { recursive: true }),
      await readFile(join(run, 'profiles', 'a.parquet')),
    ]
    try {
      expect((await failure(sqlOf(), tables)).code).toBe('refused')
      expect(await values('select 1', tables)).toEqual([[1]])
    } finally {
      await tables.close()
    }
    expect([
      await readdir(root, { recursive: true }),
      await readFile(join(run, 'profiles', 'a.parquet')),
    ]).toEqual(before)
  })

  test('in words', async () => {
    expect(await failure(' insert into profiles values (1)')).toMatchObject({
      code: 'refused',
      position: 1,
      message: 'only statements that read are possible; this begins with insert',
    })
    expect(await failure("select 1 from read_text('/etc/hosts')")).toMatchObject({
      code: 'refused',
      position: 14,
      message: 'a query can read the published tables and nothing else',
      hint: 'There are events, profiles.',
    })
    expect(await failure('selct 1')).toMatchObject({
      position: 0,
      message: expect.stringContaining('selct') as string,
    })
    expect((await failure('select 1; select 2')).message).toContain('more than one statement')
    expect((await failure('select ?')).message).toContain('no parameters')
  })
})

describe('wrong', () => {
  test.each<[sql: string, position: number | null, message: RegExp]>([
    ['', null, /there is no query/],
    [' -- nothing\n;', null, /there is no query/],
    ['select * fro profiles', 13, /syntax error/],
    ['with a as (select 1) insert into profiles select * from a', null, /profiles is not a/],
    ['select', null, /SELECT clause without selection list/],
    ['select nam from profiles', 7, /"nam" not found/],
    ["select 'ä', \n 'ö' || nam from profiles", 21, /"nam" not found/],
    ['select 1\nfrom people', 14, /there is no table "people"/],
    ["select cast('x' as int)", 7, /Could not convert/],
    ['select cast(name as int) from profiles where n = 9999', 7, /Could not convert/],
    ["select error('no')", null, /no/],
  ])('%s', async (sql, position, message) => {
    const told = await failure(sql)
    expect(told).toMatchObject({ code: 'wrong', position })
    expect(told.message).toMatch(message)
    expect(told.message).not.toContain('exception_type')
  })

  test('what may help is said', async () => {
    expect((await failure('select nam from profiles')).hint).toContain('"name"')
    expect((await failure('from people')).hint).toBe('There are events, profiles.')
  })

  test('too much for the memory', async () => {
    const tables = await openPublishedTables({ directory: run, memoryMegabytesMax: 40 })
    const told = await failure(
      'select list(i || repeat(i::varchar, 10)) from range(10000000) t(i)',
      tables,
    )
    expect(told.code).toBe('too_large')
    await tables.close()
  })

  test('a run that is gone, before and after it was opened', async () => {
    const directory = join(root, 'gone')
    await expect(openPublishedTables({ directory })).rejects.toMatchObject({ name: 'StoreError' })
    await mkdir(join(directory, 'profiles'), { recursive: true })
    await writeTables([`copy (select 1) to ${literal(join(directory, 'profiles', 'a.parquet'))}`])
    const tables = await openPublishedTables({ directory })
    await rm(directory, { recursive: true })
    expect(await failure('from profiles', tables)).toMatchObject({ code: 'gone' })
    await tables.close()
    await mkdir(join(directory, 'profiles'), { recursive: true })
    await writeFile(join(directory, 'profiles', 'a.parquet'), 'no Parquet')
    await expect(openPublishedTables({ directory })).rejects.toMatchObject({ name: 'StoreError' })
  })
})

describe('interrupted', () => {
  const long = 'select sum(a.range * b.range) from range(10000000) a, range(10000000) b'

  test.each([0, 200])('after %i ms', async (ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), ms)
    const { signal } = controller
    const asked = open.query(long, signal).then(async (answer) => answer.values().next())
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' })
    await expect(open.query('select 1', signal)).rejects.toMatchObject({ code: 'interrupted' })
    expect(await values('select 1')).toEqual([[1]])
  })
})

describe('as Parquet', () => {
  const written = async (sql: string, rowsMax = Infinity): Promise<[number, unknown[]]> => {
    const parquetFile = join(root, 'answer.parquet')
    const tables = await openPublishedTables({ directory: run, parquetFile })
    try {
      const rows = await tables.writeParquet(sql, { rowsMax })
      return [rows, await values(`from read_parquet(${literal(parquetFile)})`, tables)]
    } finally {
      await tables.close()
      await rm(parquetFile, { force: true })
    }
  }

  test('rows, at most so many, with sums that are exact', async () => {
    const sums =
      'select 1 as a, 2 as a, sum(9007199254740993 + n) as s, count(*) from profiles where n < 1; -- end'
    expect(await written(sums)).toEqual([1, [[1, 2, '9007199254740993', 1]]])
    expect(await written('from profiles order by n', 2)).toEqual([
      2,
      [
        ['prf_0', 0, 'person 0'],
        ['prf_1', 1, 'person 1'],
      ],
    ])
    expect(await written('from profiles where n < 0')).toEqual([0, []])
  })

  test.each(['explain select 1', 'describe profiles', "copy (select 1) to 'x.parquet'"])(
    'not %s',
    async (sql) => {
      await expect(written(sql)).rejects.toMatchObject({ name: 'QueryError', code: 'refused' })
    },
  )
})
