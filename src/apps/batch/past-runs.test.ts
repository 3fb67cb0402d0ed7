// A run between its note and its publication: whenever a crash comes, exactly the published ones are told.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import type { RunRow } from '../../flows/tell-history.ts'
import { accountLayout, type AccountLayout } from '../account/layout.ts'
import { noteRun, readPastRuns } from './past-runs.ts'

let [root, scratch] = ['', '']
let layout: AccountLayout

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'selfsame-test-'))
  layout = accountLayout(root, 'default')
  scratch = join(layout.warehouseDirectory, '.work')
  await mkdir(scratch, { recursive: true })
})

afterEach(() => rm(root, { recursive: true, force: true }))

const rowOf = (run: number): RunRow => ({
  run,
  started_at: 0,
  seconds: 1,
  up_to: 10 * run,
  policy_version: 'p',
  identifiers: 1,
  profiles: 1,
  confirmed: 0,
  merges: 0,
  splits: 0,
  moves: 0,
  awaiting: 0,
})

const published = async (): Promise<readonly number[]> =>
  (await readPastRuns(layout)).map(({ run }) => run)

/** As far as a crash lets it. */
async function runTo(until: 'computed' | 'noted' | 'published'): Promise<void> {
  const warehouse = openFileWarehouse(layout.warehouseDirectory)
  const past = await readPastRuns(layout)
  const draft = await warehouse.begin()
  if (until === 'computed') return
  await noteRun(layout, scratch, [...past, rowOf(draft.run)])
  if (until === 'published') await warehouse.publish(draft)
}

test('a run counts from the moment it is published', async () => {
  expect(await published()).toEqual([])
  await runTo('noted')
  expect(await published()).toEqual([])
  await runTo('published')
  expect(await published()).toEqual([2])
  await runTo('computed')
  await runTo('noted')
  await runTo('noted')
  expect(await published()).toEqual([2])
  await runTo('published')
  expect(await published()).toEqual([2, 6])
  expect(await readPastRuns(layout)).toEqual([rowOf(2), rowOf(6)])
  expect(await readdir(scratch)).toEqual([])
})
