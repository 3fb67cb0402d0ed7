// How a command reaches the data: through the server that has it open, else by opening it.

import { type SitesOfOthers, whoseSite } from '../../core/policy/account-settings.ts'
import { layoutOf } from '../account/layout.ts'
import type { Account } from '../account/account.ts'
import { openAccount, openToLook } from '../account/open-account.ts'
import { runningServer } from '../account/serve-file.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'
import type { LookUps } from '../answers/look-ups.ts'
import { ingest } from '../../flows/ingest.ts'
import { lineReader } from '../loading/read-lines.ts'
import { takeLines, type Sink } from '../loading/take-lines.ts'
import { UserError } from '../user-error.ts'
import { accountOf, openOptionsOf, othersOf, type Invocation } from './invocation.ts'
import { answers, serverLookUps, serverSink, type Reached } from './server-client.ts'

/** The server that has the data open, asked for the account that is meant; null when none runs. */
export async function serverOf(invocation: Invocation): Promise<Reached | null> {
  const server = await runningServer(layoutOf(invocation.dataDirectory).serveFile)
  if (server === null || !(await answers(server))) return null
  return { ...server, account: await accountOf(invocation) }
}

/** Asks the server if one runs, else opens the data for the time of the work. */
export async function withLookUps<T>(
  invocation: Invocation,
  work: (lookUps: LookUps) => Promise<T>,
): Promise<T> {
  const server = await serverOf(invocation)
  if (server !== null) return work(serverLookUps(server))
  return withReader(invocation, (account) => work(accountLookUps(account)))
}

/** The data as it is stored, beside whoever writes. */
export async function withReader<T>(
  invocation: Invocation,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  const account = await openToLook(invocation.dataDirectory, await openOptionsOf(invocation))
  try {
    return await work(account)
  } finally {
    await account.close()
  }
}

const HINT = 'Load it into that account: --account NAME'

/** Where a load goes. */
export interface Destination {
  readonly sink: Sink
  /** Null when a server has the data open. */
  readonly account: Account | null
  close(): Promise<void>
}

/** `site` is that of messages that name none. @throws {UserError} for another account's site. @throws {StoreError} `locked` when another command has the data. */
export async function openDestination(invocation: Invocation, site: string): Promise<Destination> {
  const others = await othersOf(invocation)
  const foreign = whoseSite(others, site)
  if (foreign !== null) throw new UserError(foreign, { hint: HINT, exitCode: 2 })
  const server = await serverOf(invocation)
  if (server !== null) {
    return { sink: serverSink(server, site), account: null, close: () => Promise.resolve() }
  }
  const options = await openOptionsOf(invocation)
  const account = await openAccount(invocation.dataDirectory, {
    ...options,
    waitsForProcessors: false,
  })
  const sink = accountSink(account, site, others)
  const close = async (): Promise<void> => {
    await sink.close()
    await account.close()
  }
  return { sink, account, close }
}

/** To be closed when the load is over; the account stays open. */
export function accountSink(
  account: Account,
  site: string,
  others: SitesOfOthers = {},
): Sink & { close(): Promise<void> } {
  const { extraction } = account
  const reader = lineReader(extraction)
  const read = reader.read.bind(reader)
  const parts = { extraction, read, take: ingest.bind(undefined, account) }
  return {
    submit: (batch) => takeLines(parts, batch, { site, now: Date.now(), others }),
    close: () => reader.close(),
  }
}
