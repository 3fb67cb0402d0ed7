// Many requests at once: written together, answered each with its own, and none failed by another's fault.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { understand, type Understood } from '../../../flows/ingest.ts'
import { StoreError } from '../../../ports/store-error.ts'
import type { Account } from '../../account/account.ts'
import { openAccount } from '../../account/open-account.ts'
import { Intake } from './intake.ts'

const WAITING_MAX = 5_000

let directory: string
let account: Account

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-intake-'))
  account = await openAccount(directory, { configuration: null, notice: () => {} })
})

afterEach(async () => {
  await account.close()
  await rm(directory, { recursive: true, force: true })
})

const envelope = { receivedAt: 1_772_409_600_000, historical: false, site: 'default' }

const understood = (message: object): Understood =>
  understand(account.extraction, { raw: JSON.stringify(message), message, envelope })

const page = (i: number): Understood =>
  understood({ type: 'page', anonymousId: `c-phone-${i}`, messageId: `m-${i}` })

test('what arrives together is written together, and answered in order', async () => {
  let appends = 0
  const log = {
    ...account.log,
    append: (records: Parameters<Account['log']['append']>[0]) => {
      appends++
      return account.log.append(records)
    },
  }
  const intake = new Intake({ ...account, log }, WAITING_MAX, () => {})
  const taken = await Promise.all(
    Array.from({ length: 300 }, (_, i) => intake.take([page(2 * i), page(2 * i + 1)])),
  )
  for (const [i, { outcomes }] of taken.entries()) {
    expect(outcomes).toMatchObject([{ id: `m-${2 * i}` }, { id: `m-${2 * i + 1}` }])
  }
  expect(appends).toBeLessThan(10)
  await Promise.all(taken.map(({ resolved }) => resolved))
  await account.resolver.flush()
  expect((await account.store.counts()).identifiers).toBe(600)
})

test('a message that was refused keeps its place and costs only itself', async () => {
  const intake = new Intake(account, WAITING_MAX, () => {})
  const wave = understood({ type: 'wave' })
  const taken = await Promise.all([intake.take([page(1)]), intake.take([wave, page(2)])])
  expect(taken.flatMap(({ outcomes }) => outcomes)).toMatchObject([
    { status: 'accepted', id: 'm-1' },
    { status: 'rejected', reason: 'unknown_type' },
    { status: 'accepted', id: 'm-2' },
  ])
})

test('a log that fails fails the requests, and those after it are taken again', async () => {
  let isFull = true
  const log = {
    ...account.log,
    append: (records: Parameters<Account['log']['append']>[0]) =>
      isFull
        ? Promise.reject(new StoreError('full', 'no space', { retryable: true }))
        : account.log.append(records),
  }
  const intake = new Intake({ ...account, log }, WAITING_MAX, () => {})
  const refused = await Promise.allSettled([intake.take([page(1)]), intake.take([page(2)])])
  expect(refused).toMatchObject([{ reason: { code: 'full' } }, { reason: { code: 'full' } }])
  isFull = false
  expect((await intake.take([page(1)])).outcomes).toMatchObject([{ status: 'accepted' }])
})

test('profiles that cannot be brought up to date are reported, and hold up nobody', async () => {
  const failures: unknown[] = []
  const resolver = {
    apply: () => Promise.reject(new Error('no')),
  } as unknown as Account['resolver']
  const intake = new Intake({ ...account, resolver }, WAITING_MAX, (cause) => failures.push(cause))
  for (let i = 0; i < 3; i++) {
    const { outcomes, resolved } = await intake.take([page(i)])
    expect(outcomes).toMatchObject([{ status: 'accepted' }])
    await expect(resolved).rejects.toThrow('no')
  }
  expect(failures).toHaveLength(3)
})
