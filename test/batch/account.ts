// An account as an installation has it, its log, graph and warehouse in a folder: messages go in, runs are made over it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import type { Account } from '../../src/apps/account/account.ts'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { idsWith } from '../../src/apps/account/secret.ts'
import { runAccount, type RunOptions } from '../../src/apps/batch/run-account.ts'
import type { Key } from '../../src/core/identifier/identifier.ts'
import { ingest, understand } from '../../src/flows/ingest.ts'
import type { RunOutcome } from '../../src/flows/run-batch.ts'
import { verifyGraph, type Verification } from '../../src/flows/verify-graph.ts'
import { settingsOf } from '../extraction.ts'
import type { Sent } from '../scenarios/messages.ts'

/** A message, and when it was sent and received, ms. */
export interface Timed {
  readonly at: number
  readonly sent: Sent
}

export interface OnAccount {
  /** Another one after `reopen`. */
  readonly account: Account
  /** As a restart does; what it has to say. */
  reopen(): Promise<readonly string[]>
  /** Appends the messages in calls of so many, and has each call decided. The keys they name. */
  take(messages: readonly Timed[], atOnce?: number): Promise<ReadonlySet<Key>>
  /** With a configuration, under that one, which becomes the active one unless it is only tried. */
  run(json?: unknown, options?: Partial<RunOptions>): Promise<RunOutcome>
  verify(): Promise<Verification>
}

const MESSAGES_AT_ONCE = 500
const MEGABYTES = 512

/** Runs `work` over a new account with such a configuration. */
export async function withAccount<T>(
  json: unknown,
  work: (on: OnAccount) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-account-'))
  let noted: string[] = []
  const open = (): Promise<Account> =>
    openAccount(directory, {
      configuration: settingsOf(json),
      notice: (line) => noted.push(line),
    })
  let account = await open()
  let taken = 0
  try {
    return await work({
      get account() {
        return account
      },
      reopen: async () => {
        await account.close()
        noted = []
        account = await open()
        return noted
      },
      take: async (messages, atOnce = MESSAGES_AT_ONCE) => {
        const named = new Set<Key>()
        for (let at = 0; at < messages.length; at += atOnce) {
          const some = messages.slice(at, at + atOnce)
          const records = some.map((one) => understood(account, one, `m${taken++}`))
          for (const { fact } of records) for (const { key } of fact.identifiers) named.add(key)
          const { resolved } = await ingest(account, records)
          await resolved
        }
        return named
      },
      run: (changed, options) =>
        runAccount(account, {
          settings: changed === undefined ? account.active.settings : settingsOf(changed),
          memoryMegabytesMax: MEGABYTES,
          threads: 2,
          dryRun: false,
          signal: new AbortController().signal,
          told: () => undefined,
          at: Date.now(),
          ...options,
        }),
      verify: () => verified(account),
    })
  } finally {
    await account.close()
    await rm(directory, { recursive: true, force: true })
  }
}

function understood({ extraction }: Account, { at, sent }: Timed, id: string) {
  const time = new Date(at).toISOString()
  const message = { messageId: id, timestamp: time, ...sent.raw }
  const envelope = { receivedAt: at, historical: true, site: sent.site }
  const one = understand(extraction, { raw: JSON.stringify(message), message, envelope })
  if (!('kind' in one)) throw new Error(`${one.reason}: ${one.detail}`)
  return one
}

async function verified({ log, store, active, secret, resolver }: Account): Promise<Verification> {
  await resolver.flush()
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-verify-'))
  const scratch = openSqliteStore(join(directory, 'graph.db'))
  try {
    const { policy, settled } = active
    const ids = idsWith(secret)
    const replayed = (): void => undefined
    return await verifyGraph({ log, graph: store, scratch, policy, settled, ids, replayed })
  } finally {
    await scratch.close()
    await rm(directory, { recursive: true, force: true })
  }
}
