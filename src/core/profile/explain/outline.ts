// A profile as one row of a list: what it is and when it was last heard of, without weighing what holds it together.
// Invariant: needs nothing but the members, so that hundreds are outlined in one look.

import type { Key } from '../../identifier/identifier.ts'
import type { View } from '../view/view.ts'
import { lifeOf, membersOf, type ProfileStanding, standingOf } from './describe.ts'

export interface ProfileOutline extends ProfileStanding {
  /** How many members it has. */
  readonly size: number
  /** Of the members that are loaded, which are all unless its decision waits. */
  readonly members: readonly Key[]
  readonly byType: ReadonlyMap<string, number>
  /** Event times, ms. */
  readonly firstSeen: number
  readonly lastSeen: number
  readonly sites: readonly string[]
}

/** The profile that holds a loaded member; null for a witness or an unknown identifier. */
export function outlineProfile(view: View, key: Key): ProfileOutline | null {
  const node = view.node(key)
  if (node === undefined || node.profile === '') return null
  const members = membersOf(view, node)
  const size = Math.max(members.length, view.profiles.get(node.profile)?.size ?? 0)
  const byType = new Map<string, number>()
  for (const { type } of members) byType.set(type, (byType.get(type) ?? 0) + 1)
  return {
    ...standingOf(view, node, size),
    size,
    members: members.map((member) => member.key),
    byType,
    ...lifeOf(members),
  }
}
