// The batch run as people start it: run, repeated, tried, interrupted, killed, refused, and with other rules and back.
// One directory goes through all of it: what a test leaves is what the next one begins with.
import { createHash } from 'node:crypto'
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { beforeAll, describe, expect, test } from 'vitest'

import { environment } from '../chaos/command.ts'
import { line, login, page } from './messages.ts'
import { openPublished, type Row, textOf, warehouseIn } from './published.ts'
import { fails, folder, run, runJson, start } from './run.ts'

/** Enough for a few sealed segments. */
const PAGES = 350
const form = (cookie: string, email: string, messageId: string): string =>
  line({
    type: 'track',
    event: 'Form Submitted',
    messageId,
    anonymousId: cookie,
    properties: { email },
  })
const account = (cookie: string, userId: string, email: string): string =>
  line({
    type: 'identify',
    messageId: `u-${cookie}`,
    anonymousId: cookie,
    userId,
    traits: { email },
  })

const MESSAGES = [
  ...Array.from({ length: PAGES }, (_, i) => page(i)),
  // Joined by a form only; by logins; refused, since a person has one user id.
  ...[1, 2, 3].map((i) => form(`c-${i}`, 'ana@example.com', `f-${i}`)),
  login('c-1', 'ana@example.com', 'l-1'),
  ...[10, 11].map((i) => login(`c-${i}`, 'bob@example.com', `l-${i}`)),
  account('c-20', 'u-1', 'family@example.com'),
  account('c-21', 'u-2', 'family@example.com'),
].join('')

/** Forms join no more, and the accounts of a family do. */
const OTHER = { edges: { form_submit: 0.5 }, namespaces: { user: { unique: false } } }

interface Said {
  readonly run: number | null
  readonly profiles: number
  readonly identifiers: number
  readonly confirmed: number
  readonly decided_anew: number
  readonly merges: number
  readonly splits: number
  readonly moves: number
  readonly largest: readonly unknown[]
}

const NOTHING = { merges: 0, splits: 0, moves: 0, largest: [] }

let cwd = ''
const resolve = (...args: readonly string[]): Promise<Said> =>
  runJson<Said>(['resolve', ...args], { cwd, environment })

beforeAll(async () => {
  cwd = await folder()
  await writeFile(join(cwd, 'other.json'), JSON.stringify(OTHER))
  await writeFile(join(cwd, 'usual.json'), '{}')
  await runJson(['ingest', '-'], { cwd, environment, input: MESSAGES })
})

/** The tables of the current run as text; without what tells runs apart. */
async function published(): Promise<ReadonlyMap<string, readonly Row[]>> {
  const { tables, ask, close } = await openPublished(cwd)
  const all = new Map<string, readonly Row[]>()
  for (const table of tables) {
    const columns = table === 'profiles' ? '* EXCLUDE (run_id)' : '*'
    all.set(table, await ask(`SELECT ${columns} FROM ${table} ORDER BY ALL`))
  }
  await close()
  return all
}

/** Whose each identifier is. */
async function owners(): Promise<ReadonlyMap<string, unknown>> {
  const { ask, close } = await openPublished(cwd)
  const rows = await ask(`SELECT type || ':' || value AS identifier, profile_id FROM identifiers`)
  await close()
  return new Map(rows.map((row) => [textOf(row['identifier']), row['profile_id']]))
}

/** What lies in the warehouse beside published tables. */
async function inWarehouse(): Promise<readonly string[]> {
  const [outside, runs] = [warehouseIn(cwd), join(warehouseIn(cwd), 'runs')]
  const names = [...(await readdir(outside)), ...(await readdir(runs).catch(() => []))]
  return names.toSorted()
}

const tidy = (...runs: readonly number[]): readonly string[] =>
  [...runs.map(String), 'current.json', 'last-run.json', 'runs', 'runs.ndjson'].toSorted()

/** A digest of every file of the data. */
async function files(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(join(cwd, 'selfsame-data'), {
    recursive: true,
    withFileTypes: true,
  })
  const digests = new Map<string, string>()
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    digests.set(
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    )
  }
  return digests
}

describe('one directory', () => {
  test('is published, each profile confirmed', async () => {
    const said = await run(['resolve'], { cwd, environment })
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toMatch(/^Run 1: 359 records to \d+ profiles of \d+ identifiers in .*\n/)
    expect(said.stdout).toContain('nothing had to be put right')
    const tables = await published()
    const states = (tables.get('profiles') ?? []).map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['confirmed']))
    expect(tables.get('events')).toHaveLength(PAGES + 8)
    expect(await inWarehouse()).toEqual(tidy(1))
  })

  test('keeps its tables when a run is interrupted, and nothing else', async () => {
    const before = await published()
    const running = start(['resolve'], { cwd, environment, input: '' })
    await expect.poll(inWarehouse, { interval: 5, timeout: 60_000 }).toContain('.work')
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toBe(
      'interrupted: no tables were published, the last ones stay as they are\n',
    )
    expect(await published()).toEqual(before)
    expect(await inWarehouse()).toEqual(tidy(1))
  })

  test('keeps its tables when a run is killed; the next one clears up and changes nothing', async () => {
    const before = await published()
    const running = start(['resolve'], { cwd, environment, input: '' })
    const drafts = async (): Promise<string> => (await inWarehouse()).join(' ')
    await expect.poll(drafts, { interval: 5, timeout: 60_000 }).toContain('.tmp-')
    running.child.kill('SIGKILL')
    await running.ended
    expect(await published()).toEqual(before)
    const said = await resolve()
    expect(said).toMatchObject({ confirmed: 0, decided_anew: 0, ...NOTHING })
    expect(await inWarehouse()).toEqual(tidy(1, said.run ?? 0))
    const after = await published()
    for (const [table, rows] of before) {
      const now = after.get(table) ?? []
      expect([table, now]).toEqual([table, table === 'runs' ? [...rows, now.at(-1)] : rows])
    }
  })

  test('tells what other rules would do, does just that, and is as before under the former ones', async () => {
    const before = await owners()
    const untouched = await files()
    const tried = await resolve('--dry-run', '--config', 'other.json')
    expect(tried).toMatchObject({ merges: 1, splits: 2 })
    expect(tried.run).toBe(null)
    expect(await files()).toEqual(untouched)
    const { profiles, merges, splits, moves, largest } = await resolve('--config', 'other.json')
    expect(tried).toMatchObject({ profiles, merges, splits, moves, largest })
    const between = await owners()
    const moved = [...between].filter(([identifier, profile]) => before.get(identifier) !== profile)
    expect(moved).toHaveLength(moves)
    expect(await runJson(['verify'], { cwd, environment })).toMatchObject({ ok: true })
    const back = await resolve('--config', 'usual.json')
    expect(back).toMatchObject({ merges: 2, splits: 1, moves })
    expect(await owners()).toEqual(before)
  })

  test('is refused while somebody else writes to it', async () => {
    const before = await files()
    const writer = start(['ingest', '-'], { cwd, environment })
    writer.child.stdin?.write(page(PAGES))
    await expect.poll(files, { timeout: 60_000 }).not.toEqual(before)
    await fails(['resolve'], { cwd, environment }, 1, `process ${writer.child.pid} writes to it`)
    writer.child.stdin?.end()
    expect((await writer.ended).code).toBe(0)
  })

  test('keeps its tables when a stage fails, which is named', async () => {
    const before = await published()
    const log = join(cwd, 'selfsame-data', 'log', 'default')
    const edges = (await readdir(log)).find((name) => name.endsWith('.edges.parquet')) ?? ''
    await truncate(join(log, edges), 100)
    const words = new RegExp(
      `stage "\\w+" failed: .*${edges}[^]*Nothing was published.*SQL[^]*SELECT`,
    )
    await fails(['resolve'], { cwd, environment }, 1, words)
    expect(await published()).toEqual(before)
    expect((await inWarehouse()).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

test('where there is no data, nothing is made', async () => {
  const empty = await folder()
  await fails(['resolve'], { cwd: empty }, 1, /there is no data/)
  expect(await readdir(empty)).toEqual([])
})

test('data without a message is published as empty tables', async () => {
  const bare = await folder()
  expect((await run(['ingest', '-'], { cwd: bare, input: '{\n' })).stdout).toContain('not_json')
  const said = await runJson<Said>(['resolve'], { cwd: bare })
  expect(said).toMatchObject({ run: 1, profiles: 0, identifiers: 0, ...NOTHING })
  const { tables, one, close } = await openPublished(bare)
  for (const table of tables) {
    const rows = await one(`SELECT count(*) FROM ${table}`)
    expect([table, rows]).toEqual([table, table === 'runs' ? 1 : 0])
  }
  await close()
})

test.each<[name: string, args: string[], code: number, words: RegExp]>([
  ['an argument', ['now'], 2, /too many arguments/],
  ['too little memory', ['--memory', '3'], 2, /whole number from 256/],
  ['no such configuration', ['--config', 'none.json'], 1, /none\.json: it does not exist/],
])('%s', async (_name, args, code, words) => {
  expect.hasAssertions()
  await fails(['resolve', ...args], { cwd }, code, words)
})
