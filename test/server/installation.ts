// An installation as the server has it open, in a folder of its own: real log, graph and keys, and the app without a
// socket.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Hono } from 'hono'

import { makeToken, makeWriteKey } from '../../src/apps/access/make-key.ts'
import { layoutOf } from '../../src/apps/account/layout.ts'
import type { Account } from '../../src/apps/account/account.ts'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { openKeys } from '../../src/apps/account/stores.ts'
import { createApp } from '../../src/apps/server/app.ts'
import type { Report } from '../../src/apps/server/operate/report.ts'
import type { Env, ServerParts } from '../../src/apps/server/parts.ts'
import { putTogether } from '../../src/apps/server/start-server.ts'
import { accountsOf } from '../../src/core/index.ts'
import type { Role } from '../../src/ports/key-store.ts'
import { settingsOf } from '../extraction.ts'

export const OPERATOR = 'sst_operator'

export interface Installation {
  readonly directory: string
  readonly accounts: readonly Account[]
  readonly parts: ServerParts
  readonly app: Hono<Env>
  /** A new write key; with `text` that very one. */
  writeKey(site: string, account?: string, text?: string): Promise<string>
  /** A new token. */
  token(role: Role, account?: string, sites?: readonly string[], label?: string): Promise<string>
  /** What the app takes for now. */
  readonly clock: { later(ms: number): void }
  close(): Promise<void>
}

/**
 * With every account the configuration names. `secret`: 64 hex digits, by which profiles have the same ids each time;
 * `report`: told of what fails, which otherwise fails the test.
 */
export async function openInstallation(
  configuration: unknown = {},
  secret?: string,
  report: Report = throwLater,
): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-server-'))
  if (secret !== undefined) await writeFile(layoutOf(directory).secretFile, `${secret}\n`)
  const settings = settingsOf(configuration)
  const accounts: Account[] = []
  for (const account of accountsOf(settings)) {
    const options = { configuration: settings, account, notice: () => {} }
    accounts.push(await openAccount(directory, options))
  }
  const keys = await openKeys(layoutOf(directory))
  const together = await putTogether({ accounts, keys, settings }, OPERATOR, report)
  const { parts } = together
  const label = 'test'
  let ahead = 0
  return {
    directory,
    accounts,
    parts,
    app: createApp({ ...parts, now: () => parts.now() + ahead }),
    clock: { later: (ms) => void (ahead += ms) },
    writeKey: async (site, account = settings.account, text) => {
      const wanted = { account, site, label, ...(text !== undefined && { text }) }
      const made = await makeWriteKey(parts.keys, wanted)
      return made?.text ?? ''
    },
    token: async (role, account = settings.account, sites, named = label) => {
      const wanted = { account, role, sites: sites ?? null, label: named }
      const made = await makeToken(parts.keys, wanted)
      return made.text
    },
    close: async () => {
      await together.close()
      await keys.close()
      for (const account of accounts) await account.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What nobody foresaw fails the test that is running. */
function throwLater(cause: unknown): void {
  queueMicrotask(() => {
    throw cause
  })
}
