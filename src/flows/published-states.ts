// Profiles as others are told of them.

import type { NodeRecord, ProfileRecord } from '../core/profile/view/records.ts'
import type { PublishedProfile } from '../ports/change-topics.ts'
import type { IdentityStore, LoadLimits } from '../ports/identity-store.ts'

/** For who wants these very nodes and profiles, and nothing around them. */
export const NOTHING_AROUND: LoadLimits = {
  componentNodesMax: 0,
  componentEdgesMax: 0,
  sightingsPerDayMax: 0,
}

/** By id, as they are now, which may be later than a change that is told; null for one that is not stored. */
export async function statesOf(
  store: Pick<IdentityStore, 'load' | 'profile' | 'feedEnd'>,
  ids: readonly string[],
  epoch: string,
): Promise<ReadonlyMap<string, PublishedProfile | null>> {
  const { profiles } = await store.load({ nodes: [], crowds: [], profiles: ids }, NOTHING_AROUND)
  const stored = new Map(profiles.map((profile) => [profile.id, profile]))
  const found = await Promise.all(
    ids.map(async (id) => {
      const profile = stored.get(id)
      if (profile === undefined) return { id, profile: null, members: [] }
      if (profile.redirect !== null) return { id, profile, members: [] }
      const now = await store.profile(id)
      // It may have given way meanwhile, of which a change tells that comes later.
      if (now?.profile.id !== id) return { id, profile, members: [] }
      return { id, ...now }
    }),
  )
  const asOf = await store.feedEnd()
  return new Map(
    found.map(({ id, profile, members }) => [
      id,
      profile === null ? null : stateOf(profile, members, { epoch, asOf }),
    ]),
  )
}

function stateOf(
  { id, founder, revision, kind, state, size, weakest, redirect }: ProfileRecord,
  nodes: readonly NodeRecord[],
  { epoch, asOf }: Pick<PublishedProfile, 'epoch' | 'asOf'>,
): PublishedProfile {
  const members = nodes.map(({ key, type, namespace, value }) => ({ key, type, namespace, value }))
  return { id, founder, epoch, asOf, revision, kind, state, size, weakest, redirect, members }
}
