// What was told to whoever listens to the topics of changes and profiles, held against the graph.
import { expect } from 'vitest'

import type { RedisStore } from '../../../src/adapters/redis/index.ts'
import type { ProfileRecord } from '../../../src/core/profile/view/records.ts'
import type { PublishedChange, PublishedProfile } from '../../../src/ports/change-topics.ts'
import type { StoredChange } from '../../../src/ports/identity-store.ts'
import { followTopic, type FollowedRecord, type FollowedTopic } from './followed-topic.ts'
import { lastTold, OutsideView, textOf } from './outside.ts'

const LOOK_MS = 200
const TELL_MS_MAX = 40_000
const ALL = 1_000_000

export interface Listening {
  readonly changes: FollowedTopic<PublishedChange>
  readonly profiles: FollowedTopic<PublishedProfile>
}

/** Of all topics, from their beginning. */
export function listenTo(log: string): Listening & { stop(): Promise<void> } {
  const changes = followTopic<PublishedChange>(log, 'change', 'changes')
  const profiles = followTopic<PublishedProfile>(log, 'profile', 'profiles')
  const stop = async (): Promise<void> => {
    await Promise.all([changes.stop(), profiles.stop()])
  }
  return { changes, profiles, stop }
}

/** Once all is told, whoever listened knows every change of the graph, and where each profile stands. */
export async function expectTold(
  store: RedisStore,
  { changes, profiles }: Listening,
): Promise<void> {
  const heard = async (): Promise<readonly PublishedChange[]> => {
    await Promise.all([changes.caughtUp(), profiles.caughtUp()])
    return changes.records.flatMap(({ value }) => (value === null ? [] : [value]))
  }
  // Whoever is dead may still be the one that tells; and ids of a graph before make changes when they are told of.
  const behind = async (): Promise<string> => {
    const end = (await store.changes(0, ALL)).at(-1)?.sequence ?? 0
    const [graph, told] = [[await store.epoch(), end].join(' '), lastTold(await heard()).join(' ')]
    return graph === told ? 'nothing' : `${told} is told of ${graph}`
  }
  await expect.poll(behind, { timeout: TELL_MS_MAX, interval: LOOK_MS }).toBe('nothing')
  const view = new OutsideView()
  for (const change of await heard()) view.take(change)
  expect(view.wrong()).toEqual([])
  await expectKnown(store, view, profiles.records)
}

async function expectKnown(
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
