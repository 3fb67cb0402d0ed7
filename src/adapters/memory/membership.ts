// Who belongs to whom in a graph in memory.

import { numberOf } from '../../core/identifier/identifier.ts'
import type { Membership } from '../../ports/identity-store.ts'
import type { Graph } from './graph.ts'

export function membershipOf({ nodes, profiles }: Graph): Omit<Membership, 'position'> {
  const live = [...profiles.values()].filter(({ size }) => size > 0)
  const indexOf = new Map(live.map(({ id }, i) => [id, i]))
  const members = [...nodes.values()].filter(({ profile }) => profile !== '')
  return {
    members: BigInt64Array.from(members, ({ key }) => numberOf(key)),
    profileOf: Int32Array.from(members, ({ profile }) => indexOf.get(profile) ?? -1),
    ids: live.map(({ id }) => id),
    confirmed: Uint8Array.from(live, ({ state }) => (state === 'confirmed' ? 1 : 0)),
    revisions: Int32Array.from(live, ({ revision }) => revision),
    weakest: Int32Array.from(live, ({ weakest }) => weakest),
  }
}
