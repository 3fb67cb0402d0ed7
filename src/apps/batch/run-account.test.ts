// What a run leaves on the disk, and what it makes of damage that it finds there.
import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { type OnAccount, withAccount } from '../../../test/batch/account.ts'
import { openCurrentRun, type Row, textOf } from '../../../test/cli/published.ts'
import { login, page, signUp } from '../../../test/scenarios/messages.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'

const AT = Date.UTC(2026, 0, 1, 10)
const MESSAGES = [
  page('c-1'),
  login('c-1', 'ana@example.com'),
  login('c-2', 'ana@example.com'),
  signUp('c-3', 'bob@example.com'),
]

async function lineage({ account }: OnAccount): Promise<readonly Row[]> {
  const { ask, close } = await openCurrentRun(account.layout.warehouseDirectory)
  const rows = await ask('SELECT * FROM lineage ORDER BY sequence')
  await close()
  return rows
}

/** Of each profile, by the tables and by the API. */
async function confidences({ account }: OnAccount): Promise<readonly unknown[]> {
  const { ask, close } = await openCurrentRun(account.layout.warehouseDirectory)
  const rows = await ask('SELECT profile_id, confidence FROM profiles ORDER BY confidence')
  await close()
  const lookUps = accountLookUps(account)
  return Promise.all(
    rows.map(async ({ profile_id: id, confidence }) => {
      const found = await lookUps.profile(textOf(id))
      return [confidence, found.ok ? found.value.confidence : found]
    }),
  )
}

test('a dry run leaves nothing; a run says what the API says; a lineage that is damaged is told anew', async () => {
  await withAccount({}, async (on) => {
    await on.take(MESSAGES.map((sent, n) => ({ at: AT + n, sent })))
    const { directory, warehouseDirectory } = on.account.layout
    const before = await readdir(directory, { recursive: true })
    expect(await on.run({}, { dryRun: true })).toMatchObject({ run: null, profiles: 2 })
    expect(await readdir(directory, { recursive: true })).toEqual(before)
    expect(await on.run()).toMatchObject({ run: 1, notices: [] })
    expect(await confidences(on)).toEqual([
      [0.95, 0.95],
      [0.99, 0.99],
    ])
    const told = await lineage(on)
    expect(told.length).toBeGreaterThan(1)
    await truncate(join(warehouseDirectory, 'runs', '1', 'lineage', 'part-0.parquet'), 200)
    const { notices } = await on.run()
    expect(notices).toEqual([
      expect.stringMatching(
        /^the lineage that run 1 published cannot be read \(.*part-0.*told anew/,
      ),
    ])
    expect(await lineage(on)).toEqual(told.map((row) => ({ ...row, run_id: 2 })))
  })
})
