// Opening a data directory: what is made once stays, what is newer or damaged is refused, one writes at a time.
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { parseSettings, type Settings } from '../../core/index.ts'
import { ingest, understand } from '../../flows/ingest.ts'
import { accountsIn } from './accounts.ts'
import type { Account } from './account.ts'
import { openAccount, openToLook } from './open-account.ts'

let directory: string
const open: Account[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-account-'))
})

afterEach(async () => {
  for (const account of open.splice(0)) await account.close()
  await rm(directory, { recursive: true, force: true })
})

function settingsOf(json: object): Settings {
  const parsed = parseSettings(json)
  if (!parsed.ok) throw new Error('the settings of this test are wrong')
  return parsed.settings
}

const notices: string[] = []

async function opened(json: object | null = null, toLook = false): Promise<Account> {
  const configuration = json === null ? null : settingsOf(json)
  const how = toLook ? openToLook : openAccount
  const account = await how(directory, { configuration, notice: (line) => notices.push(line) })
  open.push(account)
  return account
}

async function closeAll(): Promise<void> {
  for (const account of open.splice(0)) await account.close()
}

async function send(account: Account, cookie: string): Promise<void> {
  const message = { type: 'page', anonymousId: cookie, messageId: cookie }
  const envelope = { receivedAt: 1_772_409_600_000, historical: true, site: 'default' }
  const raw = JSON.stringify(message)
  const { resolved } = await ingest(account, [
    understand(account.extraction, { raw, message, envelope }),
  ])
  await resolved
}

test('secret and policy are made once, for their owner only', async () => {
  const first = await opened()
  const { secretFile, policyFile } = first.layout
  const secret = await readFile(secretFile, 'utf8')
  expect(secret).toMatch(/^[0-9a-f]{64}\n$/)
  for (const path of [secretFile, policyFile]) expect((await stat(path)).mode & 0o077).toBe(0)
  const [record] = await first.log.read(1, 1)
  const { version } = first.active.policy
  expect(record).toMatchObject({ kind: 'decision', decision: { type: 'policy', version } })
  await closeAll()
  const second = await opened()
  expect(await readFile(secretFile, 'utf8')).toBe(secret)
  expect(second.log.end()).toBe(1)
})

test('what decides stays as it was; limits, contacts and golden records follow the configuration', async () => {
  await opened({ thresholds: { merge: 0.9 } })
  await closeAll()
  notices.splice(0)
  const follows = {
    contacts: 'hash',
    golden: { othersMax: 2 },
    conversions: { Lead: 20 },
    attribution: { lookbackDays: 7 },
  }
  const second = await opened({ thresholds: { merge: 0.8 }, ...follows })
  expect(second.active.settings).toMatchObject({ thresholds: { merge: 0.9 }, ...follows })
  expect(notices).toHaveLength(1)
  await closeAll()
  notices.splice(0)
  await opened({ thresholds: { merge: 0.9 } })
  await closeAll()
  await opened()
  expect(notices).toEqual([])
})

test('one writes at a time; who only looks sees what is stored', async () => {
  const writer = await opened()
  await send(writer, 'c-1')
  await writer.resolver.flush()
  await expect(opened()).rejects.toMatchObject({ code: 'locked' })
  const reader = await opened(null, true)
  expect(await reader.store.counts()).toMatchObject({ profiles: 1 })
  expect(reader.log.end()).toBe(2)
  await expect(reader.log.append([])).rejects.toThrow('only read')
})

test('what a killed writer left in the log only is caught up with, also to look', async () => {
  const writer = await opened()
  await writer.log.append([])
  const { graphFile } = { graphFile: join(directory, 'graph', 'default.db') }
  await send(writer, 'c-1')
  await closeAll()
  for (const suffix of ['', '-wal', '-shm']) await rm(graphFile + suffix, { force: true })
  const reader = await opened(null, true)
  expect(await reader.store.counts()).toMatchObject({ profiles: 1 })
})

test('a lost or damaged secret, a damaged policy are refused', async () => {
  const { layout } = await opened()
  await closeAll()
  const [secret, policy] = await Promise.all([
    readFile(layout.secretFile, 'utf8'),
    readFile(layout.policyFile, 'utf8'),
  ])
  await writeFile(layout.secretFile, 'abc')
  await expect(opened()).rejects.toThrow(/does not hold a secret/)
  await rm(layout.secretFile)
  await expect(opened()).rejects.toThrow(/is missing, though there is data/)
  await expect(opened({ account: 'other' })).rejects.toThrow(/is missing, though there is data/)
  await rm(join(layout.policyDirectory, 'other.json'))
  await writeFile(layout.secretFile, secret)
  await writeFile(layout.policyFile, policy.slice(0, 20))
  await expect(opened()).rejects.toThrow(/does not hold the settings/)
  await writeFile(layout.policyFile, policy)
  expect((await opened()).active.settings.account).toBe('default')
})

test('nothing is made by looking', async () => {
  await expect(opened(null, true)).rejects.toThrow(/there is no data/)
  expect(await accountsIn(directory)).toEqual([])
})

const TWO = { account: 'acme', sites: { shop: { crossSite: false }, blog: { account: 'other' } } }

test('accounts have each their own log, graph and sites, and may be open at once', async () => {
  const acme = await opened(TWO)
  const configuration = settingsOf(TWO)
  const other = await openAccount(directory, { configuration, account: 'other', notice: () => {} })
  open.push(other)
  await send(acme, 'c-1')
  expect([acme.name, other.name]).toEqual(['acme', 'other'])
  expect(Object.keys(acme.active.settings.sites)).toEqual(['shop'])
  expect(Object.keys(other.active.settings.sites)).toEqual(['blog'])
  expect([acme.log.end(), other.log.end()]).toEqual([2, 1])
  await closeAll()
  expect(await accountsIn(directory)).toEqual(['acme', 'other'])
  await expect(opened()).rejects.toThrow(/several accounts/)
  const notice = (): void => {}
  const options = { configuration: null, notice }
  const again = await openToLook(directory, { ...options, account: 'acme' })
  expect(await again.store.counts()).toMatchObject({ profiles: 1 })
  await again.close()
  await expect(openToLook(directory, { ...options, account: 'no' })).rejects.toThrow(/no account/)
})

test('a directory of one account from before is brought up to date, also by who only looks', async () => {
  const writer = await opened({ account: 'acme' })
  await send(writer, 'c-1')
  const { policyFile, policyDirectory, formerPolicyFile } = writer.layout
  await closeAll()
  await rename(policyFile, formerPolicyFile)
  await rm(policyDirectory, { recursive: true })
  const reader = await opened(null, true)
  expect([reader.name, await reader.store.counts()]).toMatchObject(['acme', { profiles: 1 }])
  expect(await accountsIn(directory)).toEqual(['acme'])
})
