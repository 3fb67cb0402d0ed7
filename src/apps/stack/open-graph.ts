// The graph of an account whose log is shared, opened where the configuration says it is.
// Invariant: of several graphs on Redis the one that was meant, or the one that serves.

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { openRedisStore, type RedisStore } from '../../adapters/redis/index.ts'
import type { Stack } from '../../core/index.ts'
import type { SharedUpTo } from '../../ports/change-topics.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { GraphPlace } from '../account/graph-place.ts'
import type { AccountLayout } from '../account/layout.ts'
import { openGraph, openRocksGraph } from '../account/stores.ts'
import { systemError, UserError } from '../user-error.ts'

export interface OpenedGraph {
  readonly store: IdentityStore
  readonly place: GraphPlace
  /** Of several graphs of the account its name. */
  readonly namespace: string
  /** Whether it is the one that answers. */
  readonly isServing: () => boolean
  /** Resolves when its feed may have more, or after a while. */
  readonly fed: () => Promise<void>
  /** As the topics of changes ask it. */
  readonly sharedUpTo: SharedUpTo
}

/** How long nobody waits in vain for the feed, ms; and how often it is looked where nobody tells, and which one serves. */
const FED_MS_MAX = 1_000
const LOOK_FED_EVERY_MS = 50
const LOOK_SERVING_EVERY_MS = 1_000

/**
 * @param namespace of several graphs on Redis the one meant; by default the one that serves
 * @throws {StoreError} @throws {UserError}
 */
export async function openSharedGraph(
  { graph }: Stack,
  layout: AccountLayout,
  account: string,
  namespace?: string,
): Promise<OpenedGraph> {
  if (graph?.startsWith('redis') === true) return openRedisGraph(graph, account, namespace)
  if (namespace !== undefined)
    throw new UserError('only a graph on Redis has namespaces', { exitCode: 2 })
  const store = await (graph === 'rocksdb' ? openRocksGraph(layout) : openGraph(layout))
  return {
    store,
    place: graph === 'rocksdb' ? { kind: 'held' } : { kind: 'sqlite', file: layout.graphFile },
    namespace: 'main',
    isServing: () => true,
    fed: () => sleep(LOOK_FED_EVERY_MS),
    // What was told under another epoch is told again: nobody has noted where that ended.
    sharedUpTo: async (epoch) => (epoch === (await store.epoch()) ? Infinity : 0),
  }
}

async function openRedisGraph(
  graph: string,
  account: string,
  namespace: string | undefined,
): Promise<OpenedGraph> {
  const { url, ca } = await withCertificate(graph)
  const store = await openRedisStore(url, {
    account,
    ...(ca !== undefined && { ca }),
    ...(namespace !== undefined && { namespace }),
  })
  let serving = await store.serving()
  const look = async (): Promise<void> => {
    serving = await store.serving()
  }
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_SERVING_EVERY_MS)
  looking.unref()
  return {
    store: {
      ...store,
      close: async () => {
        clearInterval(looking)
        await store.close()
      },
    },
    place: { kind: 'redis', url, account, namespace: store.namespace, ca },
    namespace: store.namespace,
    isServing: () => serving === store.namespace,
    fed: ear(store),
    sharedUpTo: (epoch) => store.sharedUpTo(epoch),
  }
}

/** After a switch, what was asked of the graph before is answered still, ms. */
const ANSWERED_STILL_MS = 10_000

/**
 * The graph that serves, whichever that is: for whoever asks, over a switch to another one.
 * @throws {StoreError} @throws {UserError}
 */
export async function openServingGraph(
  stack: Stack,
  layout: AccountLayout,
  account: string,
): Promise<OpenedGraph> {
  let current = await openSharedGraph(stack, layout, account)
  const follow = async (): Promise<void> => {
    if (current.isServing()) return
    const former = current
    current = await openSharedGraph(stack, layout, account)
    void sleep(ANSWERED_STILL_MS, undefined, { ref: false }).then(
      () => former.store.close(),
      () => undefined,
    )
  }
  const following = setInterval(() => void follow().catch(() => undefined), LOOK_SERVING_EVERY_MS)
  following.unref()
  const store = new Proxy(current.store, {
    get: (_, name) => {
      if (name === 'close')
        return async (): Promise<void> => {
          clearInterval(following)
          await current.store.close()
        }
      return Reflect.get(current.store, name) as unknown
    },
  })
  return {
    store,
    get place() {
      return current.place
    },
    get namespace() {
      return current.namespace
    },
    isServing: () => true,
    fed: () => current.fed(),
    sharedUpTo: (epoch) => current.sharedUpTo(epoch),
  }
}

/** Hears of the feed from its first call on. */
function ear(store: RedisStore): () => Promise<void> {
  let [told, heard, isHearing] = [0, 0, false]
  let wake: (() => void) | null = null
  return async () => {
    if (!isHearing)
      store.whenFed(() => {
        told++
        wake?.()
      })
    isHearing = true
    if (told === heard)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, FED_MS_MAX)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    heard = told
  }
}

/** `?ca=FILE` names the authority of a server with a certificate of its own. */
export async function withCertificate(
  graph: string,
): Promise<{ readonly url: string; readonly ca: string | undefined }> {
  const url = new URL(graph)
  const file = url.searchParams.get('ca')
  if (file === null) return { url: graph, ca: undefined }
  url.searchParams.delete('ca')
  try {
    return { url: url.href, ca: await readFile(file, 'utf8') }
  } catch (cause) {
    throw systemError(`read the certificate ${file}`, cause)
  }
}
