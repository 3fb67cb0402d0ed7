// Who would leave a profile if one edge were cut: the smaller side, found by walking the edges that hold.
// Invariant: every edge is walked once, so that it takes no longer for a profile of many.

import type { GraphAnswer } from 'selfsame/client'

type Edge = GraphAnswer['edges'][number]

/** `loose`: the edge does not hold the profile; `holds`: others would hold it still; `unknown`: not all members are here. */
export type Cut =
  | { readonly kind: 'side'; readonly leaves: readonly string[]; readonly stays: number }
  | { readonly kind: 'loose' | 'holds' | 'unknown' }

/** `size`: identifiers that the profile holds. */
export function sideOf(
  { profile, nodes, edges }: Pick<GraphAnswer, 'profile' | 'nodes' | 'edges'>,
  { from, to, holds }: Pick<Edge, 'from' | 'to' | 'holds'>,
  size: number,
): Cut {
  if (!holds) return { kind: 'loose' }
  const members = nodes.filter((node) => node.profile === profile)
  if (members.length < size) return { kind: 'unknown' }
  const neighbours = new Map(members.map(({ identifier }) => [identifier, new Array<string>()]))
  for (const edge of edges) {
    if (!edge.holds || isBetween(edge, from, to)) continue
    neighbours.get(edge.from)?.push(edge.to)
    neighbours.get(edge.to)?.push(edge.from)
  }
  const side = reached(neighbours, to)
  if (side.has(from)) return { kind: 'holds' }
  const rest = members.map(({ identifier }) => identifier).filter((one) => !side.has(one))
  const [leaves, stays] = side.size <= rest.length ? [[...side], rest] : [rest, [...side]]
  return { kind: 'side', leaves, stays: stays.length }
}

/** Edges of another kind between the same two go with it: a steward says of identifiers that they are two persons'. */
function isBetween(edge: Edge, from: string, to: string): boolean {
  return (edge.from === from && edge.to === to) || (edge.from === to && edge.to === from)
}

function reached(
  neighbours: ReadonlyMap<string, readonly string[]>,
  start: string,
): ReadonlySet<string> {
  const seen = new Set([start])
  for (const here of seen)
    for (const next of neighbours.get(here) ?? []) if (neighbours.has(next)) seen.add(next)
  return seen
}
