// What a shared account has come to: whether all is applied and archived, and what its log holds.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'vitest'

import { openRedisStore, type RedisStore } from '../../../src/adapters/redis/index.ts'
import { accountLayout, type AccountLayout } from '../../../src/apps/account/layout.ts'
import { readArchived } from '../../../src/apps/stack/archived-file.ts'
import type { Fact } from '../../../src/core/edge/fact.ts'
import type { SharedLog } from '../../../src/ports/shared-log.ts'
import { messagesIn } from '../holding.ts'

const LOOK_MS = 50
const DRAIN_MS_MAX = 90_000

export function layoutIn(cwd: string): AccountLayout {
  return accountLayout(join(cwd, 'selfsame-data'), 'default')
}

/** Runs with the graph open. */
export async function onGraph<T>(
  graph: string,
  work: (store: RedisStore) => Promise<T>,
  namespace?: string,
): Promise<T> {
  const store = await openRedisStore(graph, {
    account: 'default',
    deadlineMs: 20_000,
    ...(namespace !== undefined && { namespace }),
  })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Resolves when graph and archive have all of the log. @throws with what is missing when that takes too long */
export async function drained(log: SharedLog, store: RedisStore, cwd: string): Promise<void> {
  const until = Date.now() + DRAIN_MS_MAX
  const ends = await log.ends()
  for (;;) {
    const missing: string[] = []
    const { sources } = await readArchived(layoutIn(cwd).archivedFile)
    for (const [source, end] of ends) {
      const position = await store.position(source)
      if (position < end) missing.push(`graph ${source} ${position} of ${end}`)
      if ((sources[source] ?? 0) < end)
        missing.push(`archive ${source} ${sources[source]} of ${end}`)
    }
    const { waiting } = await store.counts()
    if (waiting > 0) missing.push(`${waiting} wait`)
    if (missing.length === 0) return
    if (Date.now() > until) throw new Error(`not drained: ${missing.join(', ')}`)
    await sleep(LOOK_MS)
  }
}

/** Once all is drained, every fact that stands in the log; what a producer gave up on may come to it late. */
export async function drainedFacts(
  log: SharedLog,
  store: RedisStore,
  cwd: string,
): Promise<readonly Fact[]> {
  for (;;) {
    await drained(log, store, cwd)
    const before = await log.ends()
    const facts = await factsIn(log)
    await drained(log, store, cwd)
    const after = await log.ends()
    if ([...after].every(([source, end]) => before.get(source) === end)) return facts
  }
}

/** As often as it does. */
async function factsIn(log: SharedLog): Promise<readonly Fact[]> {
  const ends = await log.ends()
  const reading = await log.readAll({ startAt: () => Promise.resolve(0) })
  const at = new Map<string, number>()
  const facts: Fact[] = []
  while ([...ends].some(([source, end]) => (at.get(source) ?? 0) < end)) {
    for (const { source, records, poisoned, upTo } of await reading.next({
      recordsMax: 5_000,
      waitMs: 500,
    })) {
      expect(poisoned).toEqual([])
      at.set(source, upTo)
      facts.push(...records.flatMap((one) => (one.kind === 'message' ? [one.fact] : [])))
    }
  }
  await reading.close()
  return facts
}

/** Each message once, whatever was sent again. */
export async function expectArchived(cwd: string, facts: readonly Fact[]): Promise<void> {
  const ids = (await messagesIn(cwd)).map(({ fact }) => fact.id)
  expect(ids.toSorted()).toEqual([...new Set(facts.map(({ id }) => id))].toSorted())
}
