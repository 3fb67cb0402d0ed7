// The published tables asked in SQL, as people do it: read, saved, piped, wrong, interrupted, beside a server.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'

import { openFileWarehouse } from '../../src/adapters/file-warehouse/index.ts'
import { login } from './messages.ts'
import { fails, folder, run, runJson, serve, start } from './run.ts'

const PROFILES = `select 'prf_' || i as profile_id, i as n, 9007199254740992 + i as big,
  timestamp '2026-01-02 03:04:05' as first_seen, ['a', 'b, "c"'] as names,
  case when i = 1 then '' when i = 2 then null else 'x' end as note`

/** Publishes a run of `people` profiles. */
async function publish(cwd: string, people: number): Promise<void> {
  const warehouse = openFileWarehouse(join(cwd, 'selfsame-data', 'warehouse', 'default'))
  const draft = await warehouse.begin()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const file = join(draft.directoryOf('profiles'), 'part.parquet').replaceAll("'", "''")
  await connection.run(`copy (${PROFILES} from range(${people}) t(i)) to '${file}'`)
  connection.closeSync()
  instance.closeSync()
  await warehouse.publish(draft)
}

let cwd = ''

beforeAll(async () => {
  cwd = await folder()
  await publish(cwd, 3_000)
})

describe('as a table', () => {
  test('with how much there is; whole, for it is no terminal', async () => {
    const { code, stdout, stderr } = await run(['sql', 'FROM profiles ORDER BY n'], { cwd })
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^profile_id +n +big +first_seen/)
    expect(lines).toHaveLength(1_002)
    expect([lines[1]?.includes('"b, \\"c\\""'), stdout.includes('…')]).toEqual([true, false])
    expect(stderr).toMatch(/^The first 1,000 rows of run 1\. There are more: --limit/)
    expect(code).toBe(0)
  })

  test('of more rows than are fitted at once, of one, and of none', async () => {
    const all = await run(['sql', 'SELECT n FROM profiles', '--limit', '2500'], { cwd })
    expect(all.stdout.split('\n').filter((line) => /\d/.test(line))).toHaveLength(2_500)
    const one = await run(['sql', 'SELECT count(*) AS people FROM profiles'], { cwd })
    expect(one).toMatchObject({ stdout: 'people\n  3000\n', stderr: '1 row of run 1.\n' })
    const none = await run(['sql', 'SELECT n FROM profiles WHERE n < 0'], { cwd })
    expect(none).toMatchObject({ stdout: 'n\n', stderr: '0 rows of run 1.\n' })
  })

  test('a plan is shown in its own lines', async () => {
    const { stdout } = await run(['sql', 'EXPLAIN SELECT count(*) FROM profiles'], { cwd })
    expect(stdout.split('\n').length).toBeGreaterThan(5)
  })
})

test('as CSV and as JSON, whole', async () => {
  const query = 'SELECT * FROM profiles WHERE n BETWEEN 1 AND 2 ORDER BY n'
  const csv = await run(['sql', query, '--format', 'csv'], { cwd })
  expect(csv).toMatchObject({ code: 0, stderr: '' })
  const names = '"[""a"",""b, \\""c\\""""]"'
  expect(csv.stdout).toBe(
    'profile_id,n,big,first_seen,names,note\r\n' +
      `prf_1,1,9007199254740993,2026-01-02T03:04:05.000Z,${names},""\r\n` +
      `prf_2,2,9007199254740994,2026-01-02T03:04:05.000Z,${names},\r\n`,
  )
  const [one, two] = await runJson<readonly object[]>(['sql', query], { cwd })
  const same = { first_seen: '2026-01-02T03:04:05.000Z', names: ['a', 'b, "c"'] }
  expect(one).toEqual({ profile_id: 'prf_1', n: 1, big: '9007199254740993', ...same, note: '' })
  expect(two).toEqual({ profile_id: 'prf_2', n: 2, big: '9007199254740994', ...same, note: null })
  const many = await runJson<readonly object[]>(['sql', 'FROM profiles'], { cwd })
  expect(many).toHaveLength(3_000)
  const few = await run(['sql', 'FROM profiles', '--format', 'json', '--limit', '5'], { cwd })
  expect(JSON.parse(few.stdout)).toHaveLength(5)
  expect(few.stderr).toContain('there are more')
  expect(await runJson(['sql', 'SELECT 1 AS a, 2 AS a WHERE false'], { cwd })).toEqual([])
})

describe('into a file', () => {
  test('of the format its name says; what is there is replaced, or stays if the query fails', async () => {
    const out = await folder()
    const file = (name: string): string => join(out, name)
    for (const name of ['a.csv', 'a.json', 'a.parquet', 'a.txt']) {
      const asked = ['sql', 'SELECT sum(n) AS s FROM profiles', '--out', file(name)]
      expect(await run(asked, { cwd })).toMatchObject({ code: 0, stdout: '' })
    }
    expect(await readFile(file('a.csv'), 'utf8')).toBe('s\r\n4498500\r\n')
    expect(await readFile(file('a.json'), 'utf8')).toBe('[{"s":4498500}]\n')
    expect(await readFile(file('a.parquet'), 'latin1')).toMatch(/^PAR1.*PAR1$/s)
    expect(await readFile(file('a.txt'), 'utf8')).toBe('      s\n4498500\n')
    const more = ['sql', 'FROM profiles', '--out', file('a.csv')]
    expect((await run(more, { cwd })).stderr).toMatch(/^3,000 rows of run 1 written to .*a\.csv\n$/)
    const before = await readFile(file('a.csv'), 'utf8')
    const failing = "SELECT CASE WHEN n = 2999 THEN error('late') ELSE n END FROM profiles"
    for (const name of ['a.csv', 'a.parquet']) {
      await fails(['sql', failing, '--out', file(name)], { cwd }, 1, 'late')
    }
    expect(await readFile(file('a.csv'), 'utf8')).toBe(before)
    expect(await readdir(out)).toEqual(['a.csv', 'a.json', 'a.parquet', 'a.txt'])
  })

  test('but not where it cannot or must not be', async () => {
    expect.hasAssertions()
    const into = (out: string): string[] => ['sql', 'SELECT 1', '--format', 'parquet', '--out', out]
    await fails(into('nowhere/a.parquet'), { cwd }, 1, /cannot write .*nowhere/)
    await fails(into('.'), { cwd }, 1, /no regular file/)
    const published = join('selfsame-data/warehouse/default/runs/1/profiles/part.parquet')
    await fails(into(published), { cwd }, 1, /among the published tables/)
  })
})

test('a query from standard input', async () => {
  const input = '-- people\nSELECT count(*) AS c\nFROM profiles;\n'
  expect(await run(['sql', '-', '--format', 'csv'], { cwd, input })).toMatchObject({
    stdout: 'c\r\n3000\r\n',
  })
})

describe('mistakes', () => {
  test.each<[name: string, args: string[], code: number, words: RegExp]>([
    [
      'a name',
      ['SELECT n,\n  nam FROM profiles'],
      1,
      /^selfsame: line 2, column 3: .*"nam" not found.*\n {4}nam FROM profiles\n {4}\^\nCandidate/,
    ],
    [
      'a table',
      ['FROM people'],
      1,
      /no table "people"\n {2}FROM people\n {7}\^\nThere is profiles\./,
    ],
    ['nothing', [''], 1, /there is no query/],
    ['a statement that writes', ['DROP VIEW profiles'], 1, /only statements that read/],
    ['another file', ["FROM read_text('a')"], 1, /published tables and nothing else/],
    ['a format nobody knows', ['SELECT 1', '--format', 'xml'], 2, /table, csv, json, parquet/],
    ['a file nobody knows', ['SELECT 1', '--out', 'a.xlsx'], 2, /no format goes by "\.xlsx"/],
    ['Parquet without a file', ['SELECT 1', '--format', 'parquet'], 2, /--out FILE/],
    ['two formats', ['SELECT 1', '--json', '--format', 'csv'], 2, /two formats/],
    ['no limit', ['SELECT 1', '--limit', '0'], 2, /whole number from 1/],
    ['no query', [], 2, /missing required argument/],
    ['another account', ['SELECT 1', '--account', 'clinic'], 1, /there is no data/],
  ])('%s', async (_name, args, code, words) => {
    expect.hasAssertions()
    await fails(['sql', ...args], { cwd }, code, words)
  })

  test('no data, and data without a published run', async () => {
    const empty = await folder()
    await fails(['sql', 'SELECT 1'], { cwd: empty }, 1, /there is no data/)
    expect(await readdir(empty)).toEqual([])
    await run(['ingest', '-'], { cwd: empty, input: login('c-a', 'ana@example.com', 'm1') })
    await fails(['sql', 'SELECT 1'], { cwd: empty }, 1, /published yet\n.*selfsame resolve/)
  })

  test('a pointer that is damaged', async () => {
    expect.hasAssertions()
    const broken = await folder()
    await publish(broken, 1)
    const pointer = join(broken, 'selfsame-data', 'warehouse', 'default', 'current.json')
    await writeFile(pointer, '{}')
    await fails(['sql', 'SELECT 1'], { cwd: broken }, 1, /current\.json does not name a run/)
    await writeFile(pointer, '{"run":9}')
    await fails(['sql', 'SELECT 1'], { cwd: broken }, 1, /runs\/9 cannot be read/)
  })
})

test('Ctrl-C stops it, and nothing is left behind', async () => {
  const scratch = await folder()
  const environment = { TMPDIR: scratch }
  const query = 'SELECT sum(a.n * b.n) FROM profiles a, profiles b, profiles c, range(1000)'
  const asked = start(['sql', query, '--out', 'never.csv'], { cwd, environment })
  await expect.poll(async () => (await readdir(scratch)).length, { timeout: 60_000 }).toBe(1)
  // It is about to ask, or asks.
  await new Promise((resolve) => setTimeout(resolve, 300))
  asked.child.kill('SIGINT')
  expect(await asked.ended).toMatchObject({ code: 130, stdout: '', stderr: '' })
  expect(await readdir(scratch)).toEqual([])
  expect(await readdir(cwd)).toEqual(['selfsame-data'])
})

test('nor when nobody reads what it says', async () => {
  const scratch = await folder()
  const query = 'SELECT a.n FROM profiles a, profiles b, profiles c'
  const args = ['sql', query, '--format', 'csv']
  const asked = start(args, { cwd, environment: { TMPDIR: scratch } })
  await asked.said((stdout) => stdout.length > 100)
  asked.child.stdout?.pause()
  asked.child.kill('SIGINT')
  asked.child.stdout?.resume()
  expect(await asked.ended).toMatchObject({ code: 130, stderr: '' })
  expect(await readdir(scratch)).toEqual([])
})

test('whoever reads no further ends it', async () => {
  const scratch = await folder()
  const query = 'SELECT a.n FROM profiles a, profiles b, profiles c'
  const args = ['sql', query, '--format', 'csv']
  const asked = start(args, { cwd, environment: { TMPDIR: scratch } })
  await asked.said((stdout) => stdout.length > 100)
  asked.child.stdout?.destroy()
  expect(await asked.ended).toMatchObject({ code: 0, stderr: '' })
  expect(await readdir(scratch)).toEqual([])
})

test('beside a running server, which may publish meanwhile', async () => {
  const served = await folder()
  await publish(served, 1)
  const server = await serve(served)
  const count = ['sql', 'SELECT count(*) AS people FROM profiles']
  expect(await runJson(count, { cwd: served })).toEqual([{ people: 1 }])
  await publish(served, 2)
  expect(await runJson(count, { cwd: served })).toEqual([{ people: 2 }])
  await server.stop()
})
