// Runs in the feed: each once, whenever the process was killed, and all of them again in a graph that is made anew.
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { type OnAccount, withAccount } from '../../../test/batch/account.ts'
import { login } from '../../../test/scenarios/messages.ts'
import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import { noteRun, readPastRuns } from './past-runs.ts'

const MESSAGES = [login('c-1', 'ana@example.com'), login('c-2', 'ana@example.com')]

async function runsTold({ account }: OnAccount): Promise<readonly string[]> {
  const rows = await account.store.feed(0, 1_000)
  return rows.filter(({ event }) => event === 'run.finished').map(({ subject }) => subject)
}

/** A run up to its publication, where the process is killed. */
async function publishUntold({ account: { layout } }: OnAccount): Promise<void> {
  const warehouse = openFileWarehouse(layout.warehouseDirectory)
  const past = await readPastRuns(layout)
  const scratch = join(layout.warehouseDirectory, '.work')
  await mkdir(scratch, { recursive: true })
  const draft = await warehouse.begin()
  const [first] = past
  if (first === undefined) throw new Error('a first run is needed')
  await noteRun(layout, scratch, [...past, { ...first, run: draft.run }])
  await warehouse.publish(draft)
}

test('a run is told when it is published, a dry one never', async () => {
  await withAccount({}, async (on) => {
    await on.take(MESSAGES.map((sent, at) => ({ at, sent })))
    await on.run({}, { dryRun: true })
    expect(await runsTold(on)).toEqual([])
    await on.run()
    const [row] = (await on.account.store.feed(0, 1_000)).slice(-1)
    expect(row).toMatchObject({
      event: 'run.finished',
      subject: '1',
      reason: 'run 1: 1 profiles, 1 newly confirmed, 0 merges, 0 splits',
    })
    await on.reopen()
    expect(await runsTold(on)).toEqual(['1'])
    expect((await on.verify()).differences).toEqual([])
  })
})

test('killed between publishing and telling, it is told at the next opening, once', async () => {
  await withAccount({}, async (on) => {
    await on.take(MESSAGES.map((sent, at) => ({ at, sent })))
    await on.run()
    await publishUntold(on)
    await publishUntold(on)
    expect(await runsTold(on)).toEqual(['1'])
    expect(await on.reopen()).toEqual([])
    expect(await runsTold(on)).toEqual(['1', '2', '3'])
    await on.reopen()
    expect(await runsTold(on)).toEqual(['1', '2', '3'])
  })
})

test('a graph that is made anew tells them again, in another epoch; a warehouse that is, its own', async () => {
  await withAccount({}, async (on) => {
    await on.take(MESSAGES.map((sent, at) => ({ at, sent })))
    await on.run()
    await on.run()
    const epoch = await on.account.store.epoch()
    const { graphFile, warehouseDirectory } = on.account.layout
    // Files that are open stay readable until they are closed.
    await rm(dirname(graphFile), { recursive: true })
    await on.reopen()
    expect(await runsTold(on)).toEqual(['1', '2'])
    expect(await on.account.store.epoch()).not.toBe(epoch)
    await rm(warehouseDirectory, { recursive: true })
    await on.run()
    expect(await runsTold(on)).toEqual(['1', '2', '1'])
    await on.reopen()
    expect(await runsTold(on)).toEqual(['1', '2', '1'])
  })
})
