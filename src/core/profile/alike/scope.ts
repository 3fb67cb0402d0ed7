// Whom stage B decides again: what is doubtful, and everyone whom that could concern.
// Invariant: closed; who is left out stays as it is, and is in nobody's way who may be joined.

import { joinEvidence, pairEvidence } from '../../evidence/pair.ts'
import { around, type Cluster, type Field, groupOf, pairsOf } from './around.ts'
import type { Group } from '../stage-a.ts'
import type { View } from '../view/view.ts'

/** Identifiers in all of the groups. */
export function sizeOf(scope: ReadonlySet<Group>): number {
  let size = 0
  for (const group of scope) size += group.nodes.length
  return size
}

/**
 * Whoever is, was or may be joined with somebody weighs everyone around, and everyone around weighs them: all of these
 * come into scope, the weak ones too. Who is left out is joined with nobody, whatever becomes of those in scope.
 */
export function widen(
  field: Field,
  scope: Set<Group>,
  cluster: Cluster,
  home: ReadonlyMap<Group, Cluster>,
): void {
  const { view, policy } = field.pass
  const moves =
    cluster.groups.length > 1 ||
    cluster.groups.some((group) => field.dirty.has(group) || wasJoined(view, group)) ||
    [...around(field, cluster, home).values()].some(
      (signals) => pairEvidence(signals, policy) >= joinEvidence(policy),
    )
  if (!moves) return
  for (const group of cluster.groups)
    for (const near of pairsOf(field, group).keys()) addWithMates(field, scope, near)
}

function wasJoined(view: View, group: Group): boolean {
  return view.profiles.get(group.nodes[0]?.profile ?? '')?.size !== group.nodes.length
}

/** A group comes with the groups it was last decided together with. */
export function addWithMates(field: Field, scope: Set<Group>, group: Group): void {
  if (scope.has(group)) return
  scope.add(group)
  for (const node of group.nodes) {
    for (const mate of field.pass.view.components.get(node.component) ?? []) {
      const other = groupOf(field, mate)
      if (other !== undefined) addWithMates(field, scope, other)
    }
  }
}
