// Identifiers that hold many together, or that were made to hold nobody: from the store, with the words of who decided so.

import type { Key } from '../core/identifier/identifier.ts'
import { newPass } from '../core/profile/view/neighbours.ts'
import { whyShared } from '../core/profile/shared/shared.ts'
import type { IdentityStore, Promiscuous, PromiscuousPlace } from '../ports/identity-store.ts'
import type { Resolver } from './resolver.ts'

/** Around each there may be thousands, for which the resolver decides nothing else. */
const LOOKED_UP_MAX = 10

export interface ListedIdentifier extends Promiscuous {
  /** Why it joins nobody, in words; null when it is not shared, or a witness. */
  readonly sharedBecause: string | null
  /** From how many a day on it is listed; null for types of which nobody counts. */
  readonly warnFrom: number | null
}

/** The most crowded first; see `IdentityStore.promiscuous`. */
export async function listPromiscuous(
  { store, resolver }: { readonly store: IdentityStore; readonly resolver: Resolver },
  after: PromiscuousPlace | null,
  limit: number,
): Promise<readonly ListedIdentifier[]> {
  const types = await resolver.look([], (_, policy) => policy.types)
  const counted = [...types].filter(([, { crowdWarn }]) => crowdWarn > 0)
  const crowdFrom = new Map(counted.map(([type, { crowdWarn }]) => [type, crowdWarn]))
  await resolver.flush()
  const found = await store.promiscuous(crowdFrom, after, limit)
  const listed: ListedIdentifier[] = []
  for (let at = 0; at < found.length; at += LOOKED_UP_MAX) {
    const some = found.slice(at, at + LOOKED_UP_MAX)
    const reasons = await sharedBecause(
      resolver,
      some.flatMap(({ node }) => (node.profile === '' ? [] : [node.key])),
    )
    for (const one of some) {
      const { key, type } = one.node
      const warnFrom = crowdFrom.get(type) ?? null
      listed.push({ ...one, sharedBecause: reasons.get(key) ?? null, warnFrom })
    }
  }
  return listed
}

async function sharedBecause(
  resolver: Resolver,
  members: readonly Key[],
): Promise<ReadonlyMap<Key, string | null>> {
  return resolver.look<ReadonlyMap<Key, string | null>>(members, (view, policy) => {
    const pass = newPass(view, policy)
    const reasons = new Map<Key, string | null>()
    for (const key of members) {
      const node = view.node(key)
      if (node !== undefined) reasons.set(key, whyShared(pass, node))
    }
    return pass.missing.size === 0
      ? reasons
      : { needs: { nodes: [...pass.missing], crowds: [], profiles: [] } }
  })
}
