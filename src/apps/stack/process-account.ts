// The processor of an account: its share of the log into the graph, until it is told to stop.
// Invariant: what cannot be understood is kept among the rejects before it counts as read.

import { processLog, type Processed, type ProcessParts } from '../../flows/process-log.ts'
import { publishChanges, type PublishParts } from '../../flows/publish-changes.ts'
import { SharedResolver } from '../../flows/resolve-shared.ts'
import { withoutRepeats } from '../../flows/without-repeats.ts'
import type { Contention } from '../../flows/shared-graph.ts'
import type { ChangeTopics, Told } from '../../ports/change-topics.ts'
import type { StoreError } from '../../ports/store-error.ts'
import type { SharedLog, SharedReading } from '../../ports/shared-log.ts'
import { inTurn, type OpenOptions } from '../account/opening.ts'
import { idsWith } from '../account/secret.ts'
import { type OpenedGraph, openSharedGraph } from './open-graph.ts'
import {
  beginShared,
  type Begun,
  holdSecret,
  openChanges,
  openSharedLog,
  pauseAfterFailure,
  pauseBefore,
  rulesOf,
} from './open-stack.ts'

/** Whoever has the decisions tells others of changes. */
const DECISIONS = 'decisions/0'

export interface ProcessorOptions extends OpenOptions {
  /** It is open, and begins. */
  readonly ready: () => void
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
  const begun = await beginShared(directory, options)
  const { stack, layout, name, secret, extraction } = begun
  const closing: (() => Promise<void>)[] = []
  try {
    const graph = await openSharedGraph(stack, layout, name, options.namespace)
    const { store } = graph
    closing.unshift(() => store.close())
    await holdSecret(store, secret, layout)
    const log = await openSharedLog(stack, name, extraction)
    closing.unshift(() => log.close())
    const changes = await openChanges(stack, name)
    closing.unshift(() => changes.close())
    const startAt = (source: string) => store.position(source)
    const { repeatsWithin } = stack.processing
    const reading = await withoutRepeats(repeatsWithin, startAt, (from) =>
      // A graph that nobody else writes needs all of the log, whoever else reads it.
      graph.place.kind === 'redis'
        ? log.share(`selfsame.${name}.${graph.namespace}`, { startAt: from, factsOnly: true })
        : log.readAll({ startAt: from, factsOnly: true }),
    )
    closing.unshift(() => reading.close())
    const resolver = await SharedResolver.open({
      store,
      rules: rulesOf(layout, store),
      ids: idsWith(secret),
      pause: pauseBefore,
    })
    const parts = { begun, graph, log, changes, reading, resolver, options }
    options.ready()
    await together([processing(parts), publishing(parts)], signal)
  } finally {
    await inTurn(closing)
  }
}

interface Processor {
  readonly begun: Begun
  readonly graph: OpenedGraph
  readonly log: SharedLog
  readonly changes: ChangeTopics
  readonly reading: SharedReading
  readonly resolver: SharedResolver
  readonly options: ProcessorOptions
}

type Work = (signal: AbortSignal) => Promise<void>

function processing({ begun, graph, changes, reading, resolver, options }: Processor): Work {
  const parts: ProcessParts = {
    reading,
    resolver,
    store: graph.store,
    reject: (poisoned) => changes.reject(poisoned),
    limits: begun.stack.processing,
    now: () => Date.now(),
    pause: pauseAfterFailure,
    told: (processed) => options.told(processed, resolver.contention),
  }
  return (signal) => processLog(parts, signal)
}

function publishing({ graph, log, changes, reading, options }: Processor): Work {
  const parts: PublishParts = {
    store: graph.store,
    topics: changes,
    sharedUpTo: (epoch) => graph.sharedUpTo(epoch),
    ends: () => log.ends(),
    isPublisher: () => graph.isServing() && holdsDecisions(reading),
    fed: () => graph.fed(),
    pause: pauseAfterFailure,
    told: (told) => options.published(told),
  }
  return (signal) => publishChanges(parts, signal)
}

/** All until one of them fails, or they are told to stop. */
async function together(works: readonly Work[], signal: AbortSignal): Promise<void> {
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const ended = await Promise.allSettled(
    works.map(async (work) => {
      try {
        await work(stop)
      } catch (cause) {
        failed.abort()
        throw cause
      }
    }),
  )
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

function holdsDecisions(reading: SharedReading): boolean {
  return reading.sources().includes(DECISIONS)
}
