// `serve`: the collector and the look-ups over HTTP, until Ctrl-C or SIGTERM; then what is under way is finished.

import { accountsOf, type Settings } from '../../../core/index.ts'
import type { KeyStore } from '../../../ports/key-store.ts'
import { makeToken, makeWriteKey, type KeyMaking } from '../../access/make-key.ts'
import { accountsIn, bringUpToDate, DEFAULT_ACCOUNT } from '../../account/accounts.ts'
import { sha256 } from '../../account/digest.ts'
import { installationSettings } from '../../account/installation.ts'
import { layoutOf } from '../../account/layout.ts'
import type { Account } from '../../account/account.ts'
import { openAccount } from '../../account/open-account.ts'
import type { OpenOptions } from '../../account/opening.ts'
import { openKeys } from '../../account/stores.ts'
import { lineOfEvent, reportTo } from '../../server/operate/report.ts'
import { checkAddress, startServer } from '../../server/start-server.ts'
import { stackMetrics } from '../../stack/stack-metrics.ts'
import { UserError } from '../../user-error.ts'
import { DONE, interruptible, openOptionsOf, type Invocation } from '../invocation.ts'
import { serverOf } from '../reach-data.ts'
import { accountsMeant, sharedOptions } from './process.ts'
import type { Role } from './role-names.ts'
import { type RoleParts, runRole } from './roles.ts'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  /** What else this process does, of a log on Kafka. */
  readonly with?: readonly Role[]
}

const STOPPING_IN_RUN =
  'stopping: finishing what is under way; the batch run ends here, and the last tables stay as they are'

/** What is said at the start: keys for whoever sets it up, or, as the end of a demo, the way into the console alone. */
export type Said = 'keys' | 'shown'

export async function serve(
  invocation: Invocation,
  address: ServeOptions,
  said: Said = 'keys',
): Promise<number> {
  const { terminal, json } = invocation
  const running = await serverOf(invocation)
  if (running !== null) {
    const hint = `It is process ${running.pid}.`
    throw new UserError(`a server has this data open already: ${running.url}`, { hint })
  }
  const roles = address.with ?? []
  const options = roles.length === 0 ? null : await sharedOptions(invocation, 'serve --with')
  await checkAddress(address)
  const note = (event: 'started' | 'stopping' | 'stopped', words?: string): void => {
    if (json) terminal.note(lineOfEvent(event))
    else if (words !== undefined) terminal.note(words)
  }
  await interruptible(async (signal) => {
    const open = await openAll(invocation)
    try {
      const served = { ...open, layout: layoutOf(invocation.dataDirectory) }
      const report = reportTo((line) => terminal.note(line))
      const server = await startServer(served, address, report)
      const first = await firstKeys(open)
      if (said === 'shown') sayConsole(invocation, server.url, first)
      else sayStart(invocation, server.url, first, open.settings.batch.atHours)
      note('started')
      if (options === null) await aborted(signal)
      else {
        const metrics = stackMetrics(server.registry)
        await playAll(roles, { invocation, options, metrics, isShown: false }, signal)
      }
      note('stopping', server.isInRun() ? STOPPING_IN_RUN : 'stopping: finishing what is under way')
      await server.stop()
    } finally {
      await closeAll(open)
    }
  })
  note('stopped', 'stopped')
  return DONE
}

interface Open {
  readonly accounts: readonly Account[]
  readonly keys: KeyStore
  readonly settings: Settings
}

/** Every account of the configuration, and every other that has data. */
async function openAll(invocation: Invocation): Promise<Open> {
  const { dataDirectory } = invocation
  const options = await openOptionsOf(invocation)
  await bringUpToDate(dataDirectory)
  const accounts: Account[] = []
  try {
    for (const account of await namesOf(dataDirectory, options)) {
      accounts.push(await openAccount(dataDirectory, { ...options, account }))
    }
    const keys = await openKeys(layoutOf(dataDirectory))
    const settings = await installationSettings(dataDirectory, options.configuration)
    return { accounts, keys, settings }
  } catch (cause) {
    for (const account of accounts) await account.close().catch(() => undefined)
    throw cause
  }
}

async function namesOf(
  dataDirectory: string,
  { account, configuration }: OpenOptions,
): Promise<readonly string[]> {
  if (account !== undefined) return [account]
  const known = await accountsIn(dataDirectory)
  const wanted = configuration === null ? [] : accountsOf(configuration)
  const all = [...new Set([...wanted, ...known])]
  return all.length > 0 ? all : [DEFAULT_ACCOUNT]
}

async function closeAll({ accounts, keys }: Open): Promise<void> {
  await keys.close()
  for (const account of accounts) await account.close()
}

/** Keys of an account that had none. */
interface FirstKeys {
  readonly account: string
  readonly adminToken: string | null
  readonly writeKeys: readonly { readonly site: string; readonly key: string }[]
}

/** An account without a token gets one of an administrator, one without write keys one for each of its sites. */
async function firstKeys({ accounts, keys: store }: Open): Promise<readonly FirstKeys[]> {
  const making: KeyMaking = { store, digest: sha256, now: () => Date.now() }
  const first: FirstKeys[] = []
  for (const { name: account, active } of accounts) {
    const known = await store.list(account)
    const label = 'made by the first `serve`'
    const token = known.some(({ kind }) => kind === 'token')
      ? null
      : await makeToken(making, { account, role: 'admin', sites: null, label })
    const named = Object.keys(active.settings.sites)
    // Where no site has a name they are all `default`.
    const sites = named.length === 0 ? ['default'] : named
    const writeKeys: { readonly site: string; readonly key: string }[] = []
    for (const site of known.some(({ kind }) => kind === 'write') ? [] : sites) {
      const made = await makeWriteKey(making, { account, site, label })
      if (made !== null) writeKeys.push({ site, key: made.text })
    }
    first.push({ account, adminToken: token?.text ?? null, writeKeys })
  }
  return first
}

function sayStart(
  { terminal, json, dataDirectory }: Invocation,
  url: string,
  keys: readonly FirstKeys[],
  runsAt: readonly number[],
): void {
  if (json) {
    const accounts = keys.map(({ account, adminToken, writeKeys }) => {
      return { account, admin_token: adminToken, write_keys: writeKeys }
    })
    terminal.say(JSON.stringify({ url, pid: process.pid, accounts }))
    return
  }
  terminal.say(`Serving ${dataDirectory} at ${url}, with the console for whoever has a token`)
  for (const { account, adminToken, writeKeys } of keys) {
    const of = keys.length > 1 ? ` of ${account}` : ''
    for (const { site, key } of writeKeys) terminal.say(`Write key of the site ${site}: ${key}`)
    if (adminToken !== null) terminal.say(`Admin token${of}, shown only now: ${adminToken}`)
  }
  if (keys.every((one) => one.adminToken === null)) {
    terminal.say('Keys: selfsame keys list, selfsame keys create')
  }
  if (runsAt.length > 0) {
    const hours = runsAt.map((hour) => `${String(hour).padStart(2, '0')}:00`)
    terminal.say(`Batch runs at ${hours.join(', ')} UTC`)
  }
  terminal.say(`Stop with Ctrl-C`)
}

/** The token stands behind the "#": a browser sends that to no server, and the page takes it out of the address. */
function sayConsole({ terminal }: Invocation, url: string, keys: readonly FirstKeys[]): void {
  const token = keys.find(({ adminToken }) => adminToken !== null)?.adminToken
  const way = token === undefined ? '' : `#/sign-in?token=${token}`
  terminal.say('')
  terminal.say(`${terminal.paint('bold', 'The console:')} ${url}/${way}`)
  terminal.say('Stop with Ctrl-C')
}

/** All until they are told to stop; one that fails ends all. */
async function playAll(
  roles: readonly Role[],
  parts: RoleParts,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const works = accountsMeant(parts.options).flatMap((account) =>
    roles.map((role) => runRole(role, account, parts, stop)),
  )
  const all = works.map((work) =>
    work.catch((cause: unknown) => {
      failed.abort()
      throw cause
    }),
  )
  for (const one of await Promise.allSettled(all)) if (one.status === 'rejected') throw one.reason
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
