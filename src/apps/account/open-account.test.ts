// Opening a data directory: what is made once stays, what is newer or damaged is refused, one writes at a time.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { parseSettings, type Settings } from '../../core/index.ts'
import { ingest, understand } from '../../flows/ingest.ts'
import { hasData, openAccount, openToLook, type Account } from './open-account.ts'

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

test('what decides stays as it was; limits and contacts follow the configuration', async () => {
  await opened({ thresholds: { merge: 0.9 } })
  await closeAll()
  notices.splice(0)
  const second = await opened({ thresholds: { merge: 0.8 }, contacts: 'hash' })
  expect(second.active.settings).toMatchObject({ thresholds: { merge: 0.9 }, contacts: 'hash' })
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

test('another account, a lost or damaged secret, a damaged policy are refused', async () => {
  const { layout } = await opened()
  await closeAll()
  await expect(opened({ account: 'other' })).rejects.toThrow(/of the account "default"/)
  const [secret, policy] = await Promise.all([
    readFile(layout.secretFile, 'utf8'),
    readFile(layout.policyFile, 'utf8'),
  ])
  await writeFile(layout.secretFile, 'abc')
  await expect(opened()).rejects.toThrow(/does not hold a secret/)
  await rm(layout.secretFile)
  await expect(opened()).rejects.toThrow(/is missing, though there is data/)
  await writeFile(layout.secretFile, secret)
  await writeFile(layout.policyFile, policy.slice(0, 20))
  await expect(opened()).rejects.toThrow(/does not hold the settings/)
  await writeFile(layout.policyFile, policy)
  expect((await opened()).active.settings.account).toBe('default')
})

test('nothing is made by looking', async () => {
  await expect(opened(null, true)).rejects.toThrow(/there is no data/)
  expect(await hasData(directory)).toBe(false)
})
