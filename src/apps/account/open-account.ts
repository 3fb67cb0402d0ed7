// A data directory, opened: log, graph and resolver of its account put together under its active policy.
// Invariant: an account open to write has decided everything the log holds before anybody asks it.

import { createExtraction } from '../../core/index.ts'
import { SoleResolver } from '../../flows/resolve-events.ts'
import type { EventLog } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { UserError } from '../user-error.ts'
import { announceRuns } from '../batch/announce-runs.ts'
import { openShared } from '../stack/open-shared.ts'
import { isShared } from '../stack/open-stack.ts'
import type { Account } from './account.ts'
import { accountsIn, bringUpToDate, isFormer } from './accounts.ts'
import { readActivePolicy } from './active-policy.ts'
import { sha256 } from './digest.ts'
import { keepDrift } from './drift-keeping.ts'
import { FirstWords } from './first-words.ts'
import { flushRegularly } from './flushing.ts'
import type { GraphPlace } from './graph-place.ts'
import { ActiveRules, knowing, missing } from './active-rules.ts'
import { readKnowledge } from './knowledge-file.ts'
import type { AccountLayout } from './layout.ts'
import { activePolicy, inTurn, meant, noData, noteDifference, type OpenOptions } from './opening.ts'
import { idsWith, makeSecret, readSecret } from './secret.ts'
import { logUpTo, makeDirectory, openGraph, openLog, openRocksGraph, openToRead } from './stores.ts'

/**
 * Opens the directory to write, creates it if need be, and catches up with its log.
 * @throws {StoreError} `locked` when another process has it, and what else a store may fail with.
 */
export async function openAccount(directory: string, options: OpenOptions): Promise<Account> {
  if (isShared(options.stack)) return openShared(directory, options)
  await bringUpToDate(directory)
  const { layout, configuration, name } = await meant(directory, options)
  // A policy that cannot be read stops it before anything is made.
  await readActivePolicy(layout.policyFile, configuration)
  await makeDirectory(directory)
  const log = await openLog(layout, name)
  const closing: (() => Promise<void>)[] = [() => log.close()]
  try {
    const active = await activePolicy(layout, name, configuration)
    noteDifference(active, layout, options)
    const secret = await secretOf(layout, log)
    const store = await (isRocks(options) ? openRocksGraph(layout) : openGraph(layout))
    closing.unshift(() => store.close())
    const firstWords = await FirstWords.open(layout, options.notice)
    const rules = await ActiveRules.open({ layout, log, active, notice: options.notice })
    const { policy } = rules.active
    const { drift } = rules.learned
    const resolver = new SoleResolver({ log, store, policy, drift, ids: idsWith(secret) })
    await resolver.catchUp()
    await announceRuns(store, layout).catch((cause: unknown) => {
      options.notice(`runs that were published are not told in the feed yet: ${wordsOf(cause)}`)
    })
    const flushing = flushRegularly(resolver)
    const keeping = keepDrift(resolver, rules)
    closing.unshift(
      () => flushing.stop(),
      () => resolver.flush(),
      () => keeping.stop(),
    )
    return {
      name,
      layout,
      get active() {
        return rules.active
      },
      get learned() {
        return { ...rules.learned, drift: resolver.drift ?? rules.learned.drift }
      },
      whenStopped: (listener) => rules.whenStopped(listener),
      activate: (run, since) => rules.activate(run, since, resolver),
      settle: () => rules.settle(),
      secret,
      log,
      store,
      graphPlace: graphPlaceOf(layout, options),
      unstored: async () => log.end() - (await store.position('log')),
      resolver,
      firstWords,
      extraction: createExtraction(active.settings, sha256),
      flushFailure: () => flushing.failure(),
      close: () => inTurn(closing),
    }
  } catch (cause) {
    await inTurn(closing).catch(() => undefined)
    throw cause
  }
}

/**
 * Opens the directory to read what its graph has stored; changes nothing. Where the log is ahead of the graph and
 * nobody writes, catches up first.
 */
export async function openToLook(directory: string, options: OpenOptions): Promise<Account> {
  if (isShared(options.stack)) return openShared(directory, options)
  // One process at a time has a RocksDB open.
  if (isRocks(options) || (await isFormer(directory))) return openStored(directory, options)
  let reader: Reader
  try {
    reader = await openReader(directory, options)
  } catch (cause) {
    // No graph yet, or one of an older format: a writer puts that right.
    if (cause instanceof StoreError && (cause.code === 'unavailable' || cause.code === 'read_only'))
      return openStored(directory, options)
    throw cause
  }
  if (!reader.isBehind) return reader.account
  try {
    const writer = await openStored(directory, options)
    await reader.account.close()
    return writer
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    if (cause.code !== 'locked')
      options.notice(`the latest messages are not resolved yet: ${cause.message}`)
    return reader.account
  }
}

/** As `openAccount`, with everything in the graph's file too. */
async function openStored(directory: string, options: OpenOptions): Promise<Account> {
  const account = await openAccount(directory, options)
  try {
    await account.resolver.flush()
    return account
  } catch (cause) {
    await account.close().catch(() => undefined)
    throw cause
  }
}

interface Reader {
  readonly account: Account
  /** The log holds what the graph has not applied. */
  readonly isBehind: boolean
}

async function openReader(directory: string, options: OpenOptions): Promise<Reader> {
  const { layout, configuration, name } = await meant(directory, options)
  const active = await readActivePolicy(layout.policyFile, configuration)
  const secret = await readSecret(layout.secretFile)
  if (active === null || secret === null) throw await noData(directory, name)
  noteDifference(active, layout, options)
  const { log: whole, store } = await openToRead(layout)
  const position = await store.position('log')
  // Only what is stored is shown: to apply more would be to write.
  const log = logUpTo(whole, position)
  const { knowledge, ...learned } = missing(active, await readKnowledge(layout))
  const known = knowing(active, knowledge)
  const { policy } = known
  const resolver = new SoleResolver({ log, store, policy, ids: idsWith(secret) })
  const account: Account = {
    name,
    layout,
    active: known,
    learned,
    whenStopped: () => undefined,
    activate: onlyRead,
    settle: onlyRead,
    secret,
    log,
    store,
    graphPlace: graphPlaceOf(layout, options),
    unstored: async () => log.end() - (await store.position('log')),
    resolver,
    firstWords: await FirstWords.open(layout, options.notice),
    extraction: createExtraction(active.settings, sha256),
    flushFailure: () => null,
    close: () => inTurn([() => store.close(), () => log.close()]),
  }
  return { account, isBehind: whole.end() > position }
}

function isRocks({ stack }: OpenOptions): boolean {
  return stack?.graph === 'rocksdb'
}

function graphPlaceOf({ graphFile }: AccountLayout, options: OpenOptions): GraphPlace {
  return isRocks(options) ? { kind: 'held' } : { kind: 'sqlite', file: graphFile }
}

function onlyRead(): Promise<never> {
  return Promise.reject(new Error('an account that is only read'))
}

async function secretOf(layout: AccountLayout, log: EventLog): Promise<string> {
  const secret = await readSecret(layout.secretFile)
  if (secret !== null) return secret
  const others = (await accountsIn(layout.directory)).length > 1
  if (log.end() === 0 && !others) return makeSecret(layout.secretFile)
  throw new UserError(`${layout.secretFile} is missing, though there is data`, {
    hint: 'Put the file back from a backup: without it all profile ids would change.',
  })
}

/** A bug is thrown on. */
function wordsOf(cause: unknown): string {
  if (cause instanceof StoreError || cause instanceof UserError) return cause.message
  throw cause
}
