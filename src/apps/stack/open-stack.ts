// Log and graph of an account that many processes share, opened where the configuration says they are.
// Invariant: what is opened is one account's, under one secret, or nothing is.

import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { openChangeTopics, openKafkaLog } from '../../adapters/kafka/index.ts'
import { openRedisStore, type RedisStore } from '../../adapters/redis/index.ts'
import type { Extraction, Stack } from '../../core/index.ts'
import { understand } from '../../flows/ingest.ts'
import type { Rules } from '../../flows/resolve-shared.ts'
import { POLICY_SOURCE } from '../../flows/shared-commit.ts'
import type { ChangeTopics } from '../../ports/change-topics.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { ReadMessage, SharedLog } from '../../ports/shared-log.ts'
import { knowing } from '../account/active-rules.ts'
import { readActivePolicy } from '../account/active-policy.ts'
import { sha256 } from '../account/digest.ts'
import { readKnowledge } from '../account/knowledge-file.ts'
import type { AccountLayout } from '../account/layout.ts'
import { openGraph, openRocksGraph } from '../account/stores.ts'
import { systemError, UserError } from '../user-error.ts'

/** Whether log and graph are shared by several processes. */
export function isShared(stack: Stack | undefined): stack is Stack & { readonly log: string } {
  return stack !== undefined && stack.log !== null
}

/** @throws {StoreError} @throws {UserError} */
export async function openSharedLog(
  { log, registry, kafka }: Stack,
  account: string,
  extraction: Extraction,
): Promise<SharedLog> {
  if (log === null || registry === null) throw new Error('a log that is not shared')
  return openKafkaLog({
    url: log,
    registry,
    account,
    readMessage: readMessageWith(extraction),
    foreign: kafka.topics,
    partitions: kafka.partitions,
    replicas: kafka.replicas,
    sendMsMax: kafka.sendMsMax,
    sessionMs: kafka.sessionMs,
  })
}

function readMessageWith(extraction: Extraction): ReadMessage {
  return (unread) => {
    const understood = understand(extraction, unread)
    return 'kind' in understood
      ? understood
      : { reason: understood.reason, detail: understood.detail }
  }
}

export interface OpenedGraph {
  readonly store: IdentityStore
  /** Of several graphs of the account its name. */
  readonly namespace: string
  /** Whether it is the one that answers. */
  isServing(): boolean
  /** Resolves when its feed may have more, or after a while. */
  fed(): Promise<void>
  /** Sequence behind which the feed's epoch began. */
  epochBegan(): Promise<number>
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
    namespace: 'main',
    isServing: () => true,
    fed: () => sleep(LOOK_FED_EVERY_MS),
    epochBegan: () => store.feedEnd(),
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
    namespace: store.namespace,
    isServing: () => serving === store.namespace,
    fed: ear(store),
    epochBegan: () => store.epochBegan(),
  }
}

/** Hears of the feed from its first call on. */
function ear(store: RedisStore): () => Promise<void> {
  let [told, heard, isHearing] = [0, 0, false]
  let wake = (): void => undefined
  return async () => {
    if (!isHearing)
      store.whenFed(() => {
        told++
        wake()
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

/** @throws {StoreError} */
export function openChanges(
  { log, registry, kafka }: Stack,
  account: string,
): Promise<ChangeTopics> {
  if (log === null || registry === null) throw new Error('a log that is not shared')
  const { partitions, replicas } = kafka
  return openChangeTopics({ url: log, registry, account, partitions, replicas })
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

/** What all decide by: the files of the data directory, and where the graph is with them. */
export function rulesOf(layout: AccountLayout, store: IdentityStore): () => Promise<Rules> {
  return async () => {
    // First, since files are written before the graph is told: what is read then is never older.
    const position = await store.position(POLICY_SOURCE)
    const active = await readActivePolicy(layout.policyFile, null)
    if (active === null) throw new UserError(`${layout.policyFile} is missing`)
    const { knowledge } = await readKnowledge(layout)
    return { policy: knowing(active, knowledge).policy, position }
  }
}

/** Before a further try: ever longer, and by chance. */
export async function pauseBefore(tries: number, msMax = 50): Promise<void> {
  await sleep(randomInt(1, Math.max(2, Math.min(msMax, 2 ** tries))))
}

const SECRET_SOURCE = 'secret'
const FINGERPRINT_DIGITS = 12

/** A graph belongs to the secret its ids were made with. @throws {UserError} for another one. */
export async function holdSecret(
  store: IdentityStore,
  secret: string,
  layout: AccountLayout,
): Promise<void> {
  const mark = Number.parseInt(sha256(`mark ${secret}`).slice(0, FINGERPRINT_DIGITS), 16) + 1
  const known = await store.position(SECRET_SOURCE)
  if (known === mark) return
  if (
    known === 0 &&
    (await store.commit({
      ...NOTHING,
      applied: [{ source: SECRET_SOURCE, from: 0, to: mark }],
    })) === 'committed'
  )
    return
  if ((await store.position(SECRET_SOURCE)) === mark) return
  throw new UserError(
    `${layout.secretFile} is not the secret that this graph's profile ids were made with`,
    {
      hint: 'All processes of an account need the same data directory, or a copy of its secret and policy.',
    },
  )
}

const NOTHING = {
  nodes: [],
  edges: [],
  sightings: [],
  profiles: [],
  verdicts: [],
  verdictsRemoved: [],
  questions: [],
  questionsRemoved: [],
  changes: [],
  nodesRemoved: [],
  waiting: [],
  waitingRemoved: [],
} as const
