// Ways from one member to another: over what holds a profile together, or over edges that were cut or refused.
// Invariant: neighbours on a way share an edge.

import type { Key } from '../../identifier/identifier.ts'
import { completeNode, memberNeighbours, type Pass } from '../view/neighbours.ts'
import type { ViewNode } from '../view/view.ts'

/** The way between two in a spanning tree; empty when there is none. */
export function pathIn<Edge extends { readonly a: Key; readonly b: Key }>(
  tree: readonly Edge[],
  a: Key,
  b: Key,
): Edge[] {
  const near = new Map<Key, Edge[]>()
  for (const edge of tree) {
    for (const end of [edge.a, edge.b]) near.set(end, [...(near.get(end) ?? []), edge])
  }
  const cameBy = new Map<Key, Edge | null>([[a, null]])
  for (const [key] of cameBy) {
    for (const edge of near.get(key) ?? []) {
      const next = edge.a === key ? edge.b : edge.a
      if (!cameBy.has(next)) cameBy.set(next, edge)
    }
  }
  const path: Edge[] = []
  for (
    let at = b, edge = cameBy.get(at);
    edge !== null && edge !== undefined;
    edge = cameBy.get(at)
  ) {
    path.unshift(edge)
    at = edge.a === at ? edge.b : edge.a
  }
  return path
}

/** Steps to look for a path of cut or refused edges; further away it explains nothing. */
const CUT_PATH_STEPS_MAX = 6

/** Two neighbours. */
type Step = readonly [ViewNode, ViewNode]

/** The steps of the shortest way over edges of any worth; empty when there is none near. */
export function cutWay(pass: Pass, a: ViewNode, b: ViewNode): Step[] {
  const cameBy = new Map<ViewNode, ViewNode | null>([[a, null]])
  let edge: ViewNode[] = [a]
  for (let step = 0; step < CUT_PATH_STEPS_MAX && edge.length > 0 && !cameBy.has(b); step++) {
    const next: ViewNode[] = []
    for (const node of edge) {
      for (const key of memberNeighbours(node)) {
        const other = completeNode(pass, key)
        if (
          other === undefined ||
          cameBy.has(other) ||
          cameBy.size > pass.policy.neighbourhoodIdentifiersMax
        )
          continue
        cameBy.set(other, node)
        next.push(other)
      }
    }
    edge = next
  }
  const way: Step[] = []
  for (let at = b, from = cameBy.get(at); from; at = from, from = cameBy.get(at)) {
    way.unshift([from, at])
  }
  return way
}
