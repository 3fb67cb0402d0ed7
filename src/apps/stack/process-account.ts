// The processor of an account: its share of the log into the graph, until it is told to stop.
// Invariant: what cannot be understood is kept among the rejects before it counts as read.

import { createExtraction } from '../../core/index.ts'
import { processLog, type Processed } from '../../flows/process-log.ts'
import { publishChanges } from '../../flows/publish-changes.ts'
import { type Contention, SharedResolver } from '../../flows/resolve-shared.ts'
import type { Told } from '../../ports/change-topics.ts'
import type { StoreError } from '../../ports/store-error.ts'
import type { SharedReading } from '../../ports/shared-log.ts'
import { sha256 } from '../account/digest.ts'
import {
  activePolicy,
  inTurn,
  meant,
  noteDifference,
  type OpenOptions,
} from '../account/opening.ts'
import { idsWith, makeSecret, readSecret } from '../account/secret.ts'
import { makeDirectory } from '../account/stores.ts'
import {
  holdSecret,
  isShared,
  openChanges,
  openSharedGraph,
  openSharedLog,
  pauseBefore,
  rulesOf,
} from './open-stack.ts'

/** Longest pause after a failure, ms. */
const PAUSE_MS_MAX = 5_000
/** Whoever has the decisions tells others of changes. */
const DECISIONS = 'decisions/0'

export interface ProcessorOptions extends OpenOptions {
  readonly told: (processed: Processed, contention: Contention) => void
  /** Told up to where changes were published, or why they could not be. */
  readonly published: (told: Told | StoreError) => void
}

/** @throws {StoreError} that trying again does not help @throws {UserError} */
export async function processAccount(
  directory: string,
  options: ProcessorOptions,
  signal: AbortSignal,
): Promise<void> {
  const { stack, namespace } = options
  if (!isShared(stack)) throw new Error('an account that is not shared')
  const { layout, configuration, name } = await meant(directory, options)
  await makeDirectory(directory)
  const active = await activePolicy(layout, name, configuration)
  noteDifference(active, layout, options)
  const secret = (await readSecret(layout.secretFile)) ?? (await makeSecret(layout.secretFile))
  const closing: (() => Promise<void>)[] = []
  try {
    const graph = await openSharedGraph(stack, layout, name, namespace)
    const { store } = graph
    closing.unshift(() => store.close())
    await holdSecret(store, secret, layout)
    const log = await openSharedLog(stack, name, createExtraction(active.settings, sha256))
    closing.unshift(() => log.close())
    const changes = await openChanges(stack, name)
    closing.unshift(() => changes.close())
    const resolver = await SharedResolver.open({
      store,
      rules: rulesOf(layout, store),
      ids: idsWith(secret),
      pause: pauseBefore,
    })
    const group = `selfsame.${name}.${graph.namespace}`
    const reading = await log.share(group, { startAt: (source) => store.position(source) })
    closing.unshift(() => reading.close())
    const publishing = publishChanges(
      {
        store,
        topics: changes,
        sharedUpTo: graph.epochBegan,
        ends: () => log.ends(),
        isPublisher: () => graph.isServing() && holdsDecisions(reading),
        fed: graph.fed,
        pause: (tries) => pauseBefore(tries + 5, PAUSE_MS_MAX),
        told: options.published,
      },
      signal,
    )
    closing.unshift(() => publishing)
    await processLog(
      {
        reading,
        resolver,
        store,
        reject: (poisoned) => changes.reject(poisoned),
        limits: stack.processing,
        now: () => Date.now(),
        pause: (tries) => pauseBefore(tries + 5, PAUSE_MS_MAX),
        told: (processed) => options.told(processed, resolver.contention),
      },
      signal,
    )
  } finally {
    await inTurn(closing)
  }
}

function holdsDecisions(reading: SharedReading): boolean {
  return reading.sources().includes(DECISIONS)
}
