// What a load brings, read from plain maps: the reference for every other store.
// Invariant: nothing is expanded beyond the components asked for.

import type { Key } from '../../core/identifier/identifier.ts'
import type { EdgeRecord, NodeRecord, Sighting } from '../../core/profile/view/records.ts'
import { MEMBER_EDGE_KINDS } from '../../core/policy/edge-kind.ts'
import type {
  CrowdRequest,
  LoadLimits,
  LoadRequest,
  Neighbourhood,
} from '../../ports/identity-store.ts'
import type { Graph } from './graph.ts'

const memberKinds: ReadonlySet<string> = new Set(MEMBER_EDGE_KINDS)

interface Component {
  readonly nodes: readonly NodeRecord[]
  readonly edges: readonly EdgeRecord[]
}

export function neighbourhoodOf(
  graph: Graph,
  request: LoadRequest,
  limits: LoadLimits,
): Neighbourhood {
  const asked = new Map(request.nodes.flatMap((key) => entryOf(graph, key)))
  const nodes = new Map(asked)
  const edges = new Set<EdgeRecord>()
  const complete = new Set<Key>()
  const over = new Set<Key>()
  const labels = new Set([...asked.values()].filter(isMember).map((node) => node.component))
  for (const label of labels) {
    const component = componentOf(graph, label)
    if (isOver(component, limits)) {
      over.add(label)
      continue
    }
    for (const node of component.nodes) {
      nodes.set(node.key, node)
      complete.add(node.key)
    }
    for (const edge of component.edges) edges.add(edge)
  }
  for (const key of asked.keys()) {
    for (const edge of edgesFrom(graph, key)) if (asked.has(edge.to)) edges.add(edge)
  }
  for (const edge of edges) {
    if (!isMemberEdge(edge)) continue
    for (const [key, node] of [edge.from, edge.to].flatMap((end) => entryOf(graph, end))) {
      nodes.set(key, node)
    }
  }
  const missing = new Set(request.nodes.filter((key) => !asked.has(key)))
  const profiles = new Set([
    ...[...complete].map((key) => nodes.get(key)?.profile ?? ''),
    ...request.profiles,
  ])
  return {
    nodes: [...nodes.values()],
    complete: [...complete],
    over: [...over],
    edges: [...edges],
    sightings: request.crowds.flatMap((crowd) => crowdOf(graph, crowd, limits.sightingsPerDayMax)),
    profiles: [...profiles].flatMap((id) => graph.profiles.get(id) ?? []),
    verdicts: [...graph.verdicts.values()].filter(({ a, b }) =>
      [...a, ...b].some((key) => complete.has(key) || missing.has(key)),
    ),
    questions: [...graph.questions.values()].filter(
      ({ a, b }) => complete.has(a) || complete.has(b),
    ),
  }
}

function entryOf(graph: Graph, key: Key): [Key, NodeRecord][] {
  const node = graph.nodes.get(key)
  return node === undefined ? [] : [[key, node]]
}

function isMember(node: NodeRecord): boolean {
  return node.component !== ''
}

function isMemberEdge(edge: EdgeRecord): boolean {
  return memberKinds.has(edge.kind)
}

function edgesFrom(graph: Graph, key: Key): EdgeRecord[] {
  return [...(graph.edgesFrom.get(key)?.values() ?? [])]
}

function edgesInto(graph: Graph, key: Key): EdgeRecord[] {
  return [...(graph.edgesInto.get(key)?.values() ?? [])].filter(isMemberEdge)
}

/** Edges inside the component are in the list twice. */
function componentOf(graph: Graph, label: Key): Component {
  const nodes = [...graph.nodes.values()].filter((node) => node.component === label)
  const edges = nodes.flatMap(({ key }) => [...edgesFrom(graph, key), ...edgesInto(graph, key)])
  return { nodes, edges }
}

function isOver(component: Component, limits: LoadLimits): boolean {
  return (
    component.nodes.length > limits.componentNodesMax ||
    component.edges.length > limits.componentEdgesMax
  )
}

function crowdOf(graph: Graph, asked: CrowdRequest, perDayMax: number): Sighting[] {
  const days = [...(graph.sightings.get(asked.identifier) ?? [])]
    .filter(([day]) => day >= asked.fromDay && day <= asked.toDay)
    .toSorted(([a], [b]) => a - b)
  return days.flatMap(([day, crowd]) =>
    [...crowd]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, perDayMax + 1)
      .flatMap(([from, hours]) =>
        entryOf(graph, from).map(([, { anchor, type }]) => ({
          identifier: asked.identifier,
          day,
          from,
          hours,
          anchor,
          fromType: type,
        })),
      ),
  )
}
