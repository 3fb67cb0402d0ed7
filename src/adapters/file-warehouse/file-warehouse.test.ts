// Runs on a disk: what readers see while others publish, are killed, or leave half of it behind.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Warehouse } from '../../ports/warehouse.ts'
import { openFileWarehouse } from './index.ts'

const kills = Number(process.env['SELFSAME_KILLS'] ?? 5)
const publisher = fileURLToPath(new URL('../../../test/warehouse/publisher.ts', import.meta.url))

let root = ''
let directory = ''
let warehouse: Warehouse

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'selfsame-test-'))
  directory = join(root, 'warehouse', 'default')
  warehouse = openFileWarehouse(directory)
})

afterEach(() => rm(root, { recursive: true, force: true }))

const inRuns = (...names: readonly string[]): string => join(directory, 'runs', ...names)

async function fillAndPublish(into: Warehouse = warehouse): Promise<number> {
  const draft = await into.begin()
  await writeFile(join(draft.directoryOf('profiles'), 'a.parquet'), String(draft.run))
  await into.publish(draft)
  return draft.run
}

test('before the first run there is none, and looking makes nothing', async () => {
  expect(await warehouse.current()).toBeNull()
  expect(await readdir(root)).toEqual([])
})

test('a draft is seen by nobody until it is published', async () => {
  const draft = await warehouse.begin()
  expect(draft).toMatchObject({ run: 1, directory: inRuns('.tmp-1') })
  const path = draft.directoryOf('profiles')
  expect(draft.directoryOf('profiles')).toBe(path)
  await writeFile(join(path, 'a.parquet'), 'rows')
  expect(await warehouse.current()).toBeNull()
  await warehouse.publish(draft)
  expect(await warehouse.current()).toBe(1)
  expect(JSON.parse(await readFile(join(directory, 'current.json'), 'utf8'))).toEqual({ run: 1 })
  expect(await readFile(join(warehouse.directoryOf(1), 'profiles', 'a.parquet'), 'utf8')).toBe(
    'rows',
  )
  expect(await readdir(inRuns())).toEqual(['1'])
  for (const made of [directory, inRuns(), inRuns('1'), inRuns('1', 'profiles')]) {
    expect([made, (await stat(made)).mode & 0o777]).toEqual([made, 0o700])
  }
})

test('the latest three stay', async () => {
  for (const run of [1, 2, 3, 4, 5]) expect(await fillAndPublish()).toBe(run)
  expect(await readdir(inRuns())).toEqual(['3', '4', '5'])
  expect(await fillAndPublish(openFileWarehouse(directory, { runsKept: 1 }))).toBe(6)
  expect(await readdir(inRuns())).toEqual(['6'])
})

test('no number is given twice, and the current run outlives those that came to nothing', async () => {
  await fillAndPublish()
  for (const run of [2, 3]) {
    const draft = await warehouse.begin()
    expect(draft.run).toBe(run)
    draft.directoryOf('profiles')
    await warehouse.discard(draft)
  }
  expect(await readdir(inRuns())).toEqual(['1'])
  await warehouse.begin()
  expect((await openFileWarehouse(directory).begin()).run).toBe(5)
  expect(await readdir(inRuns())).toEqual(['.tmp-5', '1'])
  expect(await warehouse.current()).toBe(1)
})

test('a run that was renamed and then not named, and one half removed, are cleared away', async () => {
  for (const run of [1, 2]) expect(await fillAndPublish()).toBe(run)
  await mkdir(inRuns('7', 'profiles'), { recursive: true })
  await mkdir(inRuns('notes', 'profiles'), { recursive: true })
  await mkdir(inRuns('.old-1', 'profiles'), { recursive: true })
  await writeFile(join(directory, 'current.json.draft'), '{"ru')
  expect(await warehouse.current()).toBe(2)
  expect(await fillAndPublish()).toBe(8)
  expect(await readdir(inRuns())).toEqual(['1', '2', '8', 'notes'])
  expect(await readdir(directory)).toEqual(['current.json', 'last-run.json', 'runs'])
})

test('a pointer that names no run is damage, said in words', async () => {
  await fillAndPublish()
  await writeFile(join(directory, 'current.json'), '{"run": "../../secret"}')
  for (const tried of [warehouse.current(), warehouse.begin()]) {
    await expect(tried).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  }
})

test('what the disk refuses is a StoreError, and the run that readers see stays', async () => {
  await fillAndPublish()
  const draft = await warehouse.begin()
  await rm(draft.directory, { recursive: true })
  await expect(warehouse.publish(draft)).rejects.toMatchObject({ name: 'StoreError' })
  expect(await warehouse.current()).toBe(1)
  await rm(directory, { recursive: true })
  await writeFile(directory, 'no directory')
  await expect(warehouse.begin()).rejects.toMatchObject({ code: 'unavailable' })
})

/** What every file of the current run says; the run must be whole. */
async function readRun(): Promise<number | null> {
  const run = await warehouse.current()
  if (run === null) return null
  const found = warehouse.directoryOf(run)
  const tables = await readdir(found)
  expect(tables).toEqual(['edges', 'profiles'])
  for (const table of tables) {
    const files = await readdir(join(found, table))
    expect(files).toEqual(['a.parquet', 'b.parquet', 'c.parquet'])
    for (const file of files) {
      expect(await readFile(join(found, table, file), 'utf8')).toBe(String(run))
    }
  }
  return run
}

test(`beside a publisher that is killed ${kills} times, readers see whole runs only`, async () => {
  let latest = 0
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [publisher, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const closed = new Promise((resolve) => child.once('close', resolve))
    const until = latest + 4 + kill * 3
    for (let seen = 0; seen < until;) {
      const run = await readRun().catch(async (cause: unknown) => {
        // Three publications while this one was read: such a reader looks again.
        if (((await warehouse.current()) ?? 0) >= seen + 3) return seen
        throw cause
      })
      expect(run ?? 0).toBeGreaterThanOrEqual(seen)
      seen = run ?? 0
    }
    child.kill('SIGKILL')
    await closed
    const acknowledged = Number(said.trimEnd().split('\n').at(-1))
    const run = (await readRun()) ?? 0
    expect(run).toBeGreaterThanOrEqual(acknowledged)
    latest = run
  }
  expect(await fillAndPublish()).toBeGreaterThan(latest)
  expect((await readdir(inRuns())).length).toBe(3)
})
