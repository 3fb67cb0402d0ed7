// Changes of the graph into the topics that tell others: in the order of the feed, after they are stored.
// Invariant: every change of an epoch is told, and in order; what a crash leaves in doubt is told again.

import type { NodeRecord, ProfileRecord } from '../core/profile/view/records.ts'
import type {
  ChangeTopics,
  PublishedChange,
  PublishedProfile,
  Told,
} from '../ports/change-topics.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'

export interface PublishParts {
  readonly store: Pick<IdentityStore, 'changes' | 'epoch' | 'profile' | 'load'>
  readonly topics: ChangeTopics
  /** Sequence behind which the feed's epoch began. */
  readonly epochBegan: () => Promise<number>
  /** Whether it is this process that publishes now; for a moment two may. */
  readonly isPublisher: () => boolean
  /** Resolves when the feed may have more, or after a while. */
  readonly fed: () => Promise<void>
  /** Before a further try after a failure. */
  readonly pause: (tries: number) => Promise<void>
  readonly told: (told: Told | StoreError) => void
}

/** Changes published together at the most. */
const CHANGES_MAX = 500

/** Goes on until it is told to stop. @throws {StoreError} that trying again does not help */
export async function publishChanges(parts: PublishParts, signal: AbortSignal): Promise<void> {
  let place: Told | null = null
  for (let tries = 0; !signal.aborted;) {
    try {
      if (parts.isPublisher()) place = await publishMore(parts, place)
      else {
        place = null
        await parts.fed()
      }
      tries = 0
    } catch (cause) {
      if (!(cause instanceof StoreError) || !cause.retryable) throw cause
      tries++
      place = null
      parts.told(cause)
      await parts.pause(tries)
    }
  }
}

/** What there is behind a place; waits for more where there is nothing. */
async function publishMore(parts: PublishParts, place: Told | null): Promise<Told> {
  const { store, topics } = parts
  // What can be asked together is: each way to the store and back is time until others hear of a change.
  const [epoch, more] = await Promise.all([
    store.epoch(),
    place === null ? Promise.resolve(null) : store.changes(place.sequence, CHANGES_MAX),
  ])
  const at = place?.epoch === epoch ? place : await begin(parts, epoch)
  const changes = (at === place ? more : null) ?? (await store.changes(at.sequence, CHANGES_MAX))
  const last = changes.at(-1)
  if (last === undefined) {
    await parts.fed()
    return at
  }
  const published = changes.map((change): PublishedChange => ({ ...change, epoch }))
  const ids = new Set(changes.flatMap(({ profile, from }) => [profile, ...from]))
  await topics.publish(published, await statesOf(store, [...ids], epoch))
  const told = { epoch, sequence: last.sequence }
  parts.told(told)
  return told
}

/** A graph that may have gone back is told from where it did, under its new epoch. */
async function begin({ topics, epochBegan }: PublishParts, epoch: string): Promise<Told> {
  const last = await topics.last()
  if (last === null) return { epoch, sequence: 0 }
  if (last.epoch === epoch) return last
  return { epoch, sequence: Math.min(last.sequence, await epochBegan()) }
}

/** As they are now, which may be later than the change that is told. */
async function statesOf(
  store: PublishParts['store'],
  ids: readonly string[],
  epoch: string,
): Promise<ReadonlyMap<string, PublishedProfile | null>> {
  const limits = { componentNodesMax: 0, componentEdgesMax: 0, sightingsPerDayMax: 0 }
  const [{ profiles }, ...members] = await Promise.all([
    store.load({ nodes: [], crowds: [], profiles: ids }, limits),
    ...ids.map(async (id) => (await store.profile(id))?.members ?? null),
  ])
  const stored = new Map(profiles.map((profile) => [profile.id, profile]))
  return new Map(
    ids.map((id, at) => {
      const profile = stored.get(id)
      if (profile === undefined) return [id, null]
      if (profile.redirect !== null) return [id, stateOf(profile, [], epoch)]
      const its = members[at] ?? null
      return [id, its === null ? null : stateOf(profile, its, epoch)]
    }),
  )
}

function stateOf(
  { id, revision, kind, state, size, weakest, redirect }: ProfileRecord,
  nodes: readonly NodeRecord[],
  epoch: string,
): PublishedProfile {
  const members = nodes.map(({ key, type, namespace, value }) => ({ key, type, namespace, value }))
  return { id, epoch, revision, kind, state, size, weakest, redirect, members }
}
