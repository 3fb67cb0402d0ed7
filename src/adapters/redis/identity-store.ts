// The identity store on Redis: for several processes that write one graph, each commit one atomic script.
// Invariant: a store answers only over a connection of which it knows which start of Redis is at the other end.

import { setImmediate } from 'node:timers/promises'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { askingOf } from './asking.ts'
import { censusOf } from './census.ts'
import { feedOf } from './feed.ts'
import { commitArguments } from './commit-arguments.ts'
import { commitScript } from './commit-script.ts'
import { Link, type Send } from './link.ts'
import { LEAF_MAX } from './lists-script.ts'
import { type LoadAnswer, loadArguments, neighbourhoodIn } from './load-answer.ts'
import { LOAD } from './load-script.ts'
import { membershipOf } from './membership.ts'
import {
  checkNames,
  drop,
  enter,
  type Namespace,
  type Names,
  namesOf,
  namespacesOf,
  servingIn,
  switchTo,
} from './namespaces.ts'
import { orderedNodes } from './ordered-nodes.ts'
import { profilesOf } from './profiles.ts'
import { promiscuousIn } from './promiscuous.ts'
import { numbersOf, reviewsOf } from './queries.ts'

export interface RedisOptions {
  readonly account: string
  /** PEM; for rediss:// with an authority of one's own. */
  readonly ca?: string
  /** ms that one operation may take, waiting for a connection included. */
  readonly deadlineMs?: number
}

export interface RedisStoreOptions extends RedisOptions {
  /** Which of the account's graphs; else the one that serves. Opening makes it. */
  readonly namespace?: string
}

export interface RedisStore extends IdentityStore {
  readonly namespace: string
  /**
   * Calls back after commits that made rows of the feed, by whomever, and whenever some may have been missed. Returns the
   * end of it.
   */
  whenFed(listener: () => void): () => void
  /** Up to which sequence the feed is as it was under an epoch; 0 for one that this graph knows nothing of. */
  sharedUpTo(epoch: string): Promise<number>
  /** Which of the account's graphs serves now. */
  serving(): Promise<string>
}

const DEADLINE_MS = 5_000
/** Older ones run scripts that are full of memory half-way. */
const REDIS_FROM = 7

/**
 * Throws a StoreError. A `commit` that fails by `unavailable` may have been taken, once: the answer was lost. Whoever
 * reads again sees it by the position, and the same commit conflicts. `leafMax`: of a list, for tests.
 */
export async function openRedisStore(
  url: string,
  { account, namespace, ca, deadlineMs = DEADLINE_MS }: RedisStoreOptions,
  leafMax = LEAF_MAX,
): Promise<RedisStore> {
  checkNames(account, namespace)
  let names: Names | undefined
  const link = new Link({ url, ca, deadlineMs }, async (send) => {
    const run = await runOf(send)
    names ??= namesOf(account, namespace ?? (await servingIn(send, account)))
    await enter(send, account, names, run)
  })
  try {
    await link.ask('PING')
  } catch (error) {
    await link.close()
    throw error
  }
  if (names === undefined) throw new Error('a connection that nobody looked at')
  return {
    ...storeOn(link, names, commitScript(leafMax)),
    serving: () => servingIn((...given) => link.ask(...given), account),
  }
}

function storeOn(link: Link, names: Names, commitOf: string): Omit<RedisStore, 'serving'> {
  const asking = askingOf(link, names)
  return {
    namespace: names.namespace,
    ...numbersOf(asking),
    ...reviewsOf(asking),
    ...profilesOf(asking),
    ...feedOf(asking),
    load: async (request, limits) => {
      const answer = await link.run(LOAD, names.keys, loadArguments(request, limits))
      return neighbourhoodIn(answer as LoadAnswer, limits)
    },
    commit: async (commit) => {
      // What is asked for in this turn is answered first: a commit takes long, and whoever reads decides meanwhile.
      await setImmediate()
      const given = commitArguments(commit, Date.now(), names.fed)
      return (await link.run(commitOf, names.keys, given)) === 1 ? 'committed' : 'conflict'
    },
    census: (crowdFrom) => censusOf(link, names, crowdFrom),
    promiscuous: (crowdFrom, after, limit) => promiscuousIn(link, names, crowdFrom, after, limit),
    membership: () => membershipOf(link, names),
    scanNodes: orderedNodes(link, names),
    whenFed: (listener) => link.hear(names.fed, listener),
    sharedUpTo: async (epoch) => sharedIn(await link.ask('HGETALL', names.key('eras')), epoch),
    close: () => link.close(),
  }
}

/** Which start of Redis this is. Throws a StoreError on one that a graph must not be kept in. */
async function runOf(send: Send): Promise<string> {
  const text = `${String(await send('INFO', 'server'))}\n${String(await send('INFO', 'memory'))}`
  const said = (name: string): string =>
    new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1] ?? ''
  const version = said('redis_version')
  if (Number.parseInt(version) < REDIS_FROM)
    throw unfit(`is version ${version}; it is to be ${REDIS_FROM} or later`)
  const policy = said('maxmemory_policy')
  if (Number(said('maxmemory')) > 0 && policy !== 'noeviction')
    throw unfit(
      `throws keys away when its memory is full; set maxmemory-policy to noeviction (it is ${policy})`,
    )
  return said('run_id')
}

function unfit(why: string): StoreError {
  return new StoreError('unavailable', `this Redis ${why}`, { retryable: false })
}

/** What serves, what is being built beside it, and what can go. */
export async function withRedisNamespaces<T>(
  url: string,
  { account, ca, deadlineMs = DEADLINE_MS }: RedisOptions,
  work: (namespaces: RedisNamespaces) => Promise<T>,
): Promise<T> {
  checkNames(account, undefined)
  const link = new Link({ url, ca, deadlineMs }, async (send) => void (await runOf(send)))
  try {
    return await work({
      list: () => namespacesOf(link, account),
      switchTo: (namespace) => switchTo(link, account, namespace),
      drop: (namespace) => drop(link, account, namespace),
    })
  } finally {
    await link.close()
  }
}

/** The least that any later epoch began behind. */
function sharedIn(eras: unknown, epoch: string): number {
  const fields = (eras as readonly Buffer[]).map(String)
  const began = new Map<string, number>()
  for (let at = 0; at + 1 < fields.length; at += 2)
    began.set(fields[at] ?? '', Number(fields[at + 1]))
  if (!began.has(epoch)) return 0
  return Math.min(Infinity, ...[...began].flatMap(([name, end]) => (name > epoch ? [end] : [])))
}

export interface RedisNamespaces {
  list(): Promise<readonly Namespace[]>
  /** From now on whoever opens without a namespace gets this one. Throws on one that is not there. */
  switchTo(namespace: string): Promise<void>
  /** Frees its memory in the background. Throws on the one that serves. */
  drop(namespace: string): Promise<void>
}
