// A server on opened accounts: put together, listening, and found by commands through serve.json.

import { Hono } from 'hono'
import type { Registry } from 'prom-client'

import type { Settings } from '../../core/index.ts'
import { sitesOfOthers } from '../../core/policy/account-settings.ts'
import type { KeyStore } from '../../ports/key-store.ts'
import { Access } from '../access/access.ts'
import { tokenText } from '../access/make-key.ts'
import { sha256 } from '../account/digest.ts'
import type { Layout } from '../account/layout.ts'
import type { Account } from '../account/account.ts'
import { removeServeFile, writeServeFile } from '../account/serve-file.ts'
import { createApp } from './app.ts'
import { trustedProxies } from './who/client-address.ts'
import { consoleFiles } from './console-files.ts'
import { createMetrics } from './operate/metrics.ts'
import { listen, type Address } from './node.ts'
import type { Env, ServerParts } from './parts.ts'
import { RateLimit } from './who/rate-limit.ts'
import type { Report } from './operate/report.ts'
import { serveAccount } from './served-account.ts'
import { tagScript } from './tag-script.ts'
import { Traffic } from './traffic.ts'
import { Turns } from './turns.ts'
import { watchAccounts } from './operate/watch-accounts.ts'
import { watchModels } from './operate/watch-models.ts'

/** Of all bodies that are not whole yet: some of the largest, or very many that are as clients send them. */
const ARRIVING_BYTES_MAX = 128 * 1024 * 1024
/** How often it is stored when keys were last used, ms. */
const NOTE_USE_EVERY_MS = 5_000

export interface StartedServer {
  readonly url: string
  /** What it counts. */
  readonly registry: Registry
  /** Whether a batch run is under way, which a stop ends. */
  isInRun(): boolean
  /** Answers what is under way, then takes serve.json away. Accounts and keys stay open. */
  stop(): Promise<void>
}

export interface Served {
  readonly accounts: readonly Account[]
  readonly keys: KeyStore
  /** Of the whole installation. */
  readonly settings: Settings
}

/** @throws {UserError} when the address cannot be listened on. */
export async function startServer(
  served: Served & { readonly layout: Layout },
  address: Address,
  report: Report,
): Promise<StartedServer> {
  const token = tokenText()
  const together = await putTogether(served, token, report)
  const { trustedProxies: networks } = served.settings.server
  const app = createApp(together.parts)
  const { serveFile } = served.layout
  const listening = await listen(app, address, trustedProxies(networks)).catch(
    async (cause: unknown) => {
      await together.close()
      throw cause
    },
  )
  const { url } = listening
  await writeServeFile(serveFile, { url, pid: process.pid, token })
  return {
    url,
    registry: together.parts.metrics.registry,
    isInRun: () =>
      [...together.parts.accounts.values()].some(({ runs }) => runs.latest?.state === 'running'),
    stop: async () => {
      // They have no end of their own.
      for (const { streams } of together.parts.accounts.values()) streams.close()
      await listening.stop()
      await removeServeFile(serveFile)
      await together.close()
    },
  }
}

/** For whoever comes while it is only looked whether one could listen: come again. */
const COME_AGAIN = { status: 503, headers: { 'retry-after': '1' } }

/** Before anything is made for a server that could not start. @throws {UserError} when the address cannot be listened on. */
export async function checkAddress(address: Address): Promise<void> {
  const nobody = new Hono<Env>().all('*', () => new Response(null, COME_AGAIN))
  const listening = await listen(nobody, address, trustedProxies([]))
  await listening.stop()
}

export interface PutTogether {
  readonly parts: ServerParts
  /** Stores what the server knows of its own. Accounts and keys stay open. */
  close(): Promise<void>
}

/** @param token of the operator: administrator of whichever account is named with it */
export async function putTogether(
  { accounts, keys: store, settings }: Served,
  token: string,
  report: Report,
): Promise<PutTogether> {
  const keys = { store, digest: sha256, now: () => Date.now() }
  const access = new Access({ ...keys, operatorDigest: sha256(token) })
  const turns = new Turns()
  const serving = accounts.map((account) =>
    serveAccount(account, sitesOfOthers(settings, account.name), report, turns),
  )
  const served = new Map(serving.map((one) => [one.served.name, one.served] as const))
  const traffic = new Traffic({
    openRequests: settings.limits.openRequests,
    arrivingBytes: ARRIVING_BYTES_MAX,
  })
  const metrics = createMetrics(() => traffic.open)
  watchAccounts(metrics.registry, served, report)
  watchModels(metrics.registry, served)
  const noteUse = (): Promise<void> => access.noteUse().catch(report)
  const noting = setInterval(() => void noteUse(), NOTE_USE_EVERY_MS)
  const { messagesPerSecond, requestsPerSecond } = settings.limits
  const parts: ServerParts = {
    accounts: served,
    access,
    keys,
    settings,
    sendingRate: new RateLimit(messagesPerSecond),
    askingRate: new RateLimit(requestsPerSecond),
    traffic,
    turns,
    metrics,
    tag: await tagScript(),
    console: await consoleFiles(),
    now: keys.now,
    report,
  }
  const close = async (): Promise<void> => {
    clearInterval(noting)
    await noteUse()
    for (const one of serving) await one.close()
  }
  return { parts, close }
}
