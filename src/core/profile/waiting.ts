// Members whose decision waits, since there is too much around them: what they keep until then, and how they are found.
// Invariant: no profile is held by some who wait and some who were decided without them.

import type { Key } from '../identifier/identifier.ts'
import type { DecidedProfile } from './decision.ts'
import type { View, ViewNode } from './view/view.ts'

/**
 * Who waits keeps the profile it has. Where others of that profile are decided, what they leave is one profile still,
 * and only one of the two parts goes on under the old id.
 */
export function leftBehind(view: View, decided: readonly DecidedProfile[]): DecidedProfile[] {
  const nodes = new Set(decided.flatMap((profile) => profile.nodes))
  const profiles = new Set<string>()
  const labels = new Set<Key>()
  for (const { profile, component } of nodes) {
    profiles.add(profile)
    labels.add(component)
  }
  const parts = new Map<string, ViewNode[]>()
  for (const label of labels) {
    for (const key of view.components.get(label) ?? []) {
      const mate = view.node(key)
      if (mate === undefined || nodes.has(mate) || mate.profile === '') continue
      if (!profiles.has(mate.profile)) continue
      const part = parts.get(mate.profile)
      if (part === undefined) parts.set(mate.profile, [mate])
      else part.push(mate)
    }
  }
  return [...parts].map(([id, part]) => {
    const weakest = part.length === 1 ? null : (view.profiles.get(id)?.weakest ?? null)
    return { nodes: part, groups: [], weakest, joins: [] }
  })
}

/** Who waits is found by its label, the key of one who waits with it: if that one was decided, another's. */
export function letWait(view: View, waiting: ReadonlySet<ViewNode>): void {
  for (const node of waiting) {
    const owner = view.node(node.component)
    if (owner === undefined ? view.absent.has(node.component) : owner.component !== owner.key) {
      for (const key of view.components.get(node.component) ?? []) {
        const mate = view.node(key)
        if (mate !== undefined) view.setComponent(mate, node.key)
      }
    }
    view.waiting.add(node.component)
    view.unstoredWaiting.add(node.component)
    view.waitingRemoved.delete(node.component)
  }
}
