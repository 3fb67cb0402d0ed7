// Which identifiers of a graph in memory hold many together, or were made to hold nobody.

import type { Key } from '../../core/identifier/identifier.ts'
import { MEMBER_EDGE_KINDS } from '../../core/policy/edge-kind.ts'
import type { EdgeRecord, NodeRecord } from '../../core/profile/view/records.ts'
import type { Promiscuous, PromiscuousPlace } from '../../ports/identity-store.ts'
import type { Graph } from './graph.ts'

const memberKinds: ReadonlySet<string> = new Set(MEMBER_EDGE_KINDS)

/** Those after a place, in order. */
export function promiscuousIn(
  graph: Graph,
  crowdFrom: ReadonlyMap<string, number>,
  after: PromiscuousPlace | null,
): readonly Promiscuous[] {
  return [...graph.nodes.values()]
    .map((node) => ({
      node,
      promiscuity: busiestDay(graph, node),
      around: membersAround(graph, node).size,
    }))
    .filter(
      ({ node, promiscuity }) =>
        node.quarantined ||
        graph.profiles.get(node.profile)?.kind === 'shared' ||
        promiscuity >= (crowdFrom.get(node.type) ?? Infinity),
    )
    .toSorted((x, y) => byCrowd(placeOf(x), placeOf(y)))
    .filter((one) => after === null || byCrowd(after, placeOf(one)) < 0)
}

function placeOf({ node, promiscuity }: Promiscuous): PromiscuousPlace {
  return { promiscuity, key: node.key }
}

function byCrowd(x: PromiscuousPlace, y: PromiscuousPlace): number {
  return y.promiscuity - x.promiscuity || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)
}

function busiestDay({ nodes, sightings }: Graph, { key, component }: NodeRecord): number {
  const crowds = [...(sightings.get(key)?.values() ?? [])].map((crowd) => {
    const cookies = [...crowd.keys()].flatMap((from) => nodes.get(from) ?? [])
    const seen = cookies.filter(({ type }) => type === 'cookie')
    return new Set(seen.map((cookie) => (component === '' ? cookie.anchor : cookie.key))).size
  })
  return Math.max(0, ...crowds)
}

function membersAround(
  { edgesFrom, edgesInto, sightings }: Graph,
  { key, component }: NodeRecord,
): ReadonlySet<Key> {
  if (component === '')
    return new Set([...(sightings.get(key)?.values() ?? [])].flatMap((crowd) => [...crowd.keys()]))
  const out = [...(edgesFrom.get(key)?.values() ?? [])].filter(tied)
  const inbound = [...(edgesInto.get(key)?.values() ?? [])].filter(tied)
  return new Set([...out.map(({ to }) => to), ...inbound.map(({ from }) => from)])
}

function tied({ kind }: EdgeRecord): boolean {
  return memberKinds.has(kind)
}
