// A data directory, opened: log, graph and resolver of its account put together under its active policy.
// Invariant: an account open to write has decided everything the log holds before anybody asks it.

import { dirname, resolve } from 'node:path'

import {
  createExtraction,
  settingsOfAccount,
  type Extraction,
  type Settings,
} from '../../core/index.ts'
import type { Drift } from '../../core/evidence/learned/drift.ts'
import type { Resolver } from '../../flows/resolver.ts'
import { SoleResolver } from '../../flows/resolve-events.ts'
import type { ColumnarLog } from '../../ports/columnar-log.ts'
import type { EventLog, Position } from '../../ports/event-log.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { UserError } from '../user-error.ts'
import { announceRuns } from '../batch/announce-runs.ts'
import { accountMeant, accountsIn, bringUpToDate, isFormer } from './accounts.ts'
import { readActivePolicy, writeActivePolicy, type ActivePolicy } from './active-policy.ts'
import { sha256 } from './digest.ts'
import { keepDrift } from './drift-keeping.ts'
import { FirstWords } from './first-words.ts'
import { flushRegularly } from './flushing.ts'
import { defaultSettings } from './installation.ts'
import { type Activated, ActiveRules, knowing, type LearnedLast, missing } from './active-rules.ts'
import { readKnowledge } from './knowledge-file.ts'
import { accountLayout, type AccountLayout } from './layout.ts'
import { idsWith, makeSecret, readSecret } from './secret.ts'
import { logUpTo, makeDirectory, openGraph, openLog, openToRead } from './stores.ts'

export interface Account {
  readonly name: string
  readonly layout: AccountLayout
  /** What is decided by; another one after `activate`. */
  readonly active: ActivePolicy
  /** What was learned last, or why it is not gone by; and what new logins have said of it. */
  readonly learned: LearnedLast
  /** Told whenever new logins have stopped the model; at once if they have already. */
  whenStopped(listener: (drift: Drift) => void): void
  /**
   * Decides by other settings, and by what was learned, from now on, and again what came after a position of the log.
   * What was decided before stays until it is decided again. What of the settings decides nothing stays as it is here.
   */
  activate(run: Activated, since: Position): Promise<void>
  /** Whoever activated settings has decided everything by them, and all of that is stored. */
  settle(): Promise<void>
  readonly secret: string
  readonly extraction: Extraction
  readonly log: EventLog & ColumnarLog
  readonly store: IdentityStore
  readonly resolver: Resolver
  /** Of merges that take two stewards. */
  readonly firstWords: FirstWords
  /** Why the graph could not be written of late; null when it could. What was decided is not lost, the log has it. */
  flushFailure(): unknown
  /** Everything acknowledged is stored, every file closed. */
  close(): Promise<void>
}

export interface OpenOptions {
  /** Settings of the configuration file; null when there is none. */
  readonly configuration: Settings | null
  /** The account meant; without it that of the configuration, or the only one there is. */
  readonly account?: string | undefined
  /** Told once what the person should know; one line. */
  readonly notice: (line: string) => void
}

/**
 * Opens the directory to write, creates it if need be, and catches up with its log.
 * @throws {StoreError} `locked` when another process has it, and what else a store may fail with.
 */
export async function openAccount(directory: string, options: OpenOptions): Promise<Account> {
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
    const store = await openGraph(layout)
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
  if (await isFormer(directory)) return openStored(directory, options)
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
    resolver,
    firstWords: await FirstWords.open(layout, options.notice),
    extraction: createExtraction(active.settings, sha256),
    flushFailure: () => null,
    close: () => inTurn([() => store.close(), () => log.close()]),
  }
  return { account, isBehind: whole.end() > position }
}

function onlyRead(): Promise<never> {
  return Promise.reject(new Error('an account that is only read'))
}

interface Meant {
  readonly name: string
  readonly layout: AccountLayout
  /** As it is for that account. */
  readonly configuration: Settings | null
}

async function meant(directory: string, { account, configuration }: OpenOptions): Promise<Meant> {
  const name = await accountMeant(directory, account, configuration)
  return {
    name,
    layout: accountLayout(directory, name),
    configuration: configuration && settingsOfAccount(configuration, name),
  }
}

/** What to say where there is no data. */
export async function noData(directory: string, account: string): Promise<UserError> {
  const others = await accountsIn(directory)
  if (others.length > 0) {
    return new UserError(`there is no account "${account}" in ${resolve(directory)}`, {
      hint: `There is ${others.join(', ')}: name one with --account.`,
    })
  }
  return new UserError(`there is no data in ${resolve(directory)}`, {
    hint: 'Load some with `selfsame ingest FILE`, try `selfsame demo`, or name another directory with --data.',
  })
}

async function activePolicy(
  { policyFile }: AccountLayout,
  name: string,
  configuration: Settings | null,
): Promise<ActivePolicy> {
  const known = await readActivePolicy(policyFile, configuration)
  if (known !== null) return known
  await makeDirectory(dirname(policyFile))
  const settings = configuration ?? settingsOfAccount(defaultSettings(), name)
  return writeActivePolicy(policyFile, settings, (version) => `policy:${version}`, true)
}

function noteDifference(
  active: ActivePolicy,
  layout: AccountLayout,
  { notice }: OpenOptions,
): void {
  if (!active.configurationDiffers) return
  notice(
    `the configuration decides otherwise than ${layout.policyFile}; the active policy ${active.policy.version} stays. \`selfsame resolve --config …\` makes the configuration the active one`,
  )
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

/** Runs all, in order, whatever fails; then fails with the first failure. */
async function inTurn(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let failure: { readonly cause: unknown } | null = null
  for (const task of tasks) {
    try {
      await task()
    } catch (cause) {
      failure ??= { cause }
    }
  }
  if (failure !== null) throw failure.cause
}
