// Component labels: which members must be loaded together because they were last decided together.
// Invariant: a label is the key of one of the component's own members, so no two components share one.

import type { Key } from '../identifier/identifier.ts'
import type { Decision } from './decision.ts'
import type { View, ViewNode } from './view/view.ts'

/** Relabels the decided members: profiles and refused unions keep their sides in one component. */
export function components(view: View, decision: Decision): void {
  const lead = new Map<ViewNode, ViewNode>()
  const find = (node: ViewNode): ViewNode => {
    let root = node
    for (let next = lead.get(root); next !== undefined && next !== root; next = lead.get(root))
      root = next
    lead.set(node, root)
    return root
  }
  const unite = (a: ViewNode, b: ViewNode | undefined): void => {
    if (b !== undefined && lead.has(b)) lead.set(find(b), find(a))
  }
  for (const { nodes } of decision.profiles) for (const node of nodes) lead.set(node, node)
  for (const { nodes } of decision.profiles) {
    const first = nodes[0]
    if (first !== undefined) for (const node of nodes) unite(first, node)
  }
  // Former owners of a phone hang together by it without holding it: whatever becomes of it concerns them.
  for (const { groups } of decision.profiles) {
    for (const { tree } of groups) {
      for (const { a, b } of tree) {
        const node = view.node(a)
        if (node !== undefined && lead.has(node)) unite(node, view.node(b))
      }
    }
  }
  for (const { a, b } of decision.refusals) {
    const node = view.node(a)
    if (node !== undefined && lead.has(node)) unite(node, view.node(b))
  }
  const members = new Map<ViewNode, ViewNode[]>()
  for (const node of lead.keys()) {
    const root = find(node)
    const list = members.get(root)
    if (list === undefined) members.set(root, [node])
    else list.push(node)
  }
  for (const list of members.values()) {
    const label = labelOf(list)
    for (const node of list) view.setComponent(node, label)
  }
}

/** The label most of them have already, if its owner is among them; else the smallest key. Fewest rewrites. */
function labelOf(nodes: readonly ViewNode[]): Key {
  const only = nodes[0]
  if (nodes.length === 1 && only !== undefined) return only.key
  const own = new Set(nodes.map((node) => node.key))
  const counts = new Map<Key, number>()
  for (const { component } of nodes)
    if (own.has(component)) counts.set(component, (counts.get(component) ?? 0) + 1)
  const [best] = [...counts].toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))
  return (
    best?.[0] ?? nodes.reduce((min, node) => (node.key < min ? node.key : min), only?.key ?? '')
  )
}
