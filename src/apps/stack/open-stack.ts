// The log of an account that many processes share, and what all of them decide by.
// Invariant: what is opened is one account's, under one secret, or nothing is.

import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { openChangeTopics, openKafkaLog, parseKafkaUrl } from '../../adapters/kafka/index.ts'
import { createExtraction, type Extraction, type Stack } from '../../core/index.ts'
import { understand } from '../../flows/ingest.ts'
import type { Rules } from '../../flows/shared-graph.ts'
import { POLICY_SOURCE } from '../../flows/shared-commit.ts'
import type { ChangeTopics } from '../../ports/change-topics.ts'
import { EMPTY_COMMIT } from '../../ports/empty-commit.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { ReadMessage, SharedLog } from '../../ports/shared-log.ts'
import { knowing } from '../account/active-rules.ts'
import { type ActivePolicy, readActivePolicy } from '../account/active-policy.ts'
import { sha256 } from '../account/digest.ts'
import { readKnowledge } from '../account/knowledge-file.ts'
import type { AccountLayout } from '../account/layout.ts'
import {
  activePolicy,
  meant,
  type Meant,
  noteDifference,
  type OpenOptions,
} from '../account/opening.ts'
import { makeSecret, readSecret } from '../account/secret.ts'
import { makeDirectory } from '../account/stores.ts'
import { UserError } from '../user-error.ts'

/** Whether log and graph are shared by several processes. */
export function isShared(stack: Stack | undefined): stack is Stack & { readonly log: string } {
  return stack !== undefined && stack.log !== null
}

/** What every process of a shared account begins with. */
export interface Begun extends Meant {
  readonly stack: Stack
  readonly active: ActivePolicy
  readonly secret: string
  readonly extraction: Extraction
}

/** Makes in the data directory what is missing there. @throws {UserError} */
export async function beginShared(directory: string, options: OpenOptions): Promise<Begun> {
  const { stack } = options
  if (!isShared(stack)) throw new Error('an account that is not shared')
  const whose = await meant(directory, options)
  const { layout, configuration, name } = whose
  await makeDirectory(directory)
  const active = await activePolicy(layout, name, configuration)
  noteDifference(active, layout, options)
  const secret = (await readSecret(layout.secretFile)) ?? (await makeSecret(layout.secretFile))
  return { ...whose, stack, active, secret, extraction: createExtraction(active.settings, sha256) }
}

/** @throws {StoreError} @throws {UserError} */
export async function openSharedLog(
  { log, registry, kafka }: Stack,
  account: string,
  extraction: Extraction,
): Promise<SharedLog> {
  if (log === null || registry === null) throw new Error('a log that is not shared')
  try {
    parseKafkaUrl(log)
  } catch (cause) {
    throw new UserError(`log: ${cause instanceof Error ? cause.message : 'is no URL'}`, {
      exitCode: 2,
    })
  }
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

/** @throws {StoreError} */
export function openChanges(
  { log, registry, kafka }: Stack,
  account: string,
): Promise<ChangeTopics> {
  if (log === null || registry === null) throw new Error('a log that is not shared')
  const { partitions, replicas } = kafka
  return openChangeTopics({ url: log, registry, account, partitions, replicas })
}

/** What all decide by: the files of the data directory, and where the graph is with them. */
export function rulesOf(layout: AccountLayout, store: IdentityStore): () => Promise<Rules> {
  return async () => {
    const epoch = await store.epoch()
    // First, since files are written before the graph is told: what is read then is never older.
    const position = await store.position(POLICY_SOURCE)
    const active = await readActivePolicy(layout.policyFile, null)
    if (active === null) throw new UserError(`${layout.policyFile} is missing`)
    const { knowledge } = await readKnowledge(layout)
    return { policy: knowing(active, knowledge).policy, position, epoch }
  }
}

/** Before a further try: ever longer, and by chance. */
export async function pauseBefore(tries: number, msMax = 50): Promise<void> {
  await sleep(randomInt(1, Math.max(2, Math.min(msMax, 2 ** tries))))
}

/** Longest pause after a failure, ms. */
const PAUSE_MS_MAX = 5_000
/** The first one is about 2 to the power of it, ms. */
const PAUSE_FROM_TRY = 5

/** Before log or graph are tried again that did not answer. */
export function pauseAfterFailure(tries: number): Promise<void> {
  return pauseBefore(tries + PAUSE_FROM_TRY, PAUSE_MS_MAX)
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
      ...EMPTY_COMMIT,
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
