// What a shared account has come to, held against what one resolver makes of the same log, and against what was told.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'vitest'

import { createMemoryIdentityStore } from '../../../src/adapters/memory/index.ts'
import { openRedisStore, type RedisStore } from '../../../src/adapters/redis/index.ts'
import { accountLayout, type AccountLayout } from '../../../src/apps/account/layout.ts'
import { idsWith, readSecret } from '../../../src/apps/account/secret.ts'
import { readArchived } from '../../../src/apps/stack/archived-file.ts'
import { compilePolicy } from '../../../src/core/policy/compile-policy.ts'
import type { StoredChange } from '../../../src/ports/identity-store.ts'
import type { Fact } from '../../../src/core/edge/fact.ts'
import type { ProfileRecord } from '../../../src/core/profile/view/records.ts'
import type { PublishedProfile } from '../../../src/ports/change-topics.ts'
import type { SharedLog } from '../../../src/ports/shared-log.ts'
import { settingsOf, sha256 } from '../../extraction.ts'
import { nothingBut, tallyOf } from '../../flows/graph-told.ts'
import { messagesIn } from '../holding.ts'
import { CONFIGURATION } from '../world.ts'
import type { FollowedRecord } from './followed-topic.ts'
import { textOf, type OutsideView } from './outside.ts'

const LOOK_MS = 50
const DRAIN_MS_MAX = 90_000
const ALL = 1_000_000
const policy = compilePolicy(settingsOf(CONFIGURATION), sha256)

function layoutIn(cwd: string): AccountLayout {
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

/** Every fact that stands in the log, as often as it does. */
export async function factsIn(log: SharedLog): Promise<readonly Fact[]> {
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

/** Each message took effect as often as it stands in the log. */
export async function expectAsAlone(
  store: RedisStore,
  facts: readonly Fact[],
  cwd: string,
): Promise<void> {
  const secret = (await readSecret(layoutIn(cwd).secretFile)) ?? ''
  const alone = createMemoryIdentityStore()
  await nothingBut(alone, policy, [{ facts, decree: null }], idsWith(secret))
  expect(differences(await tallyOf(store), await tallyOf(alone))).toEqual([])
}

/** What one of them has and the other has not, in words that can be read. */
function differences(found: unknown, wanted: unknown): readonly string[] {
  const [have, want] = [linesOf(found), linesOf(wanted)]
  return [
    ...[...have].filter((line) => !want.has(line)).map((line) => `too many: ${line}`),
    ...[...want].filter((line) => !have.has(line)).map((line) => `missing: ${line}`),
  ]
}

function linesOf(tally: unknown): ReadonlySet<string> {
  const parts = Object.entries(tally as Readonly<Record<string, readonly unknown[]>>)
  return new Set(
    parts.flatMap(([part, all]) => all.map((one) => `${part}: ${JSON.stringify(one)}`)),
  )
}

/** Each message once, whatever was sent again. */
export async function expectArchived(cwd: string, facts: readonly Fact[]): Promise<void> {
  const ids = (await messagesIn(cwd)).map(({ fact }) => fact.id)
  expect(ids.toSorted()).toEqual([...new Set(facts.map(({ id }) => id))].toSorted())
}

/** Whoever listened knows every change of the graph, and where each profile stands. */
export async function expectTold(
  store: RedisStore,
  view: OutsideView,
  states: readonly FollowedRecord<PublishedProfile>[],
): Promise<void> {
  const changes = await store.changes(0, ALL)
  expect(changes.filter((change) => !view.told.has(textOf(change)))).toEqual([])
  const ids = [...new Set([...changes.map(({ profile }) => profile), ...view.latest.keys()])]
  const { profiles } = await store.load(
    { nodes: [], crowds: [], profiles: ids },
    { componentNodesMax: 0, componentEdgesMax: 0, sightingsPerDayMax: 0 },
  )
  const latest = new Map(states.map(({ key, value }) => [key, value]))
  const stored = new Map(profiles.map((profile) => [profile.id, profile]))
  expect(ids.map((id) => [id, toldOf(latest.get(id) ?? null)])).toEqual(
    ids.map((id) => [id, toldOf(stored.get(id) ?? null)]),
  )
  const epoch = await store.epoch()
  const isBehind = ({ profile, revision }: StoredChange): boolean => {
    const known = view.latest.get(profile)
    if (known === undefined || known.revision < revision) return true
    // What was told of changes that Redis lost, and that did not come again, stands in an epoch of before.
    return known.revision > (stored.get(profile)?.revision ?? 0) && known.epoch === epoch
  }
  expect(changes.filter(isBehind)).toEqual([])
}

function toldOf(profile: Omit<ProfileRecord, 'founder'> | PublishedProfile | null): unknown {
  if (profile === null) return null
  const { revision, kind, state, size, weakest, redirect } = profile
  return { revision, kind, state, size, weakest, redirect }
}
