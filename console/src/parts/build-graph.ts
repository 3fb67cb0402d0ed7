// What is drawn of a neighbourhood: nodes in their places, one line for all edges between the same two.
// Invariant: the same graph gets the same places each time.

import { UndirectedGraph } from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import type { GraphAnswer } from 'selfsame/client'

import { weakestOf } from './weakest-of.ts'
import { edgeWords, percent } from './words.ts'

type GraphEdge = GraphAnswer['edges'][number]

/** Index into the profiles that are shown; `other`: a member of another one; `witness`: a member of none. */
type Side = number | 'other' | 'witness'

export interface NodeLook {
  x: number
  y: number
  size: number
  readonly type: string
  readonly identifier: string
  readonly side: Side
}

export interface LineLook {
  readonly size: number
  readonly weight: number
  /** The kind that is worth most. */
  readonly kind: string
  /** Of several kinds. */
  readonly words: string
  readonly holds: boolean
  readonly isWeakest: boolean
}

export type Drawn = UndirectedGraph<NodeLook, LineLook>

/** Work of the layout: rounds times nodes, so that hundreds settle in a fraction of a second. */
const LAYOUT_STEPS = 60_000
const ROUNDS = { min: 90, max: 300 }
/** From so many nodes on, forces of what is far are summed up. */
const FAR_TOGETHER_FROM = 150
/** Golden angle: neighbours in the list start far apart, and always in the same places. */
const ANGLE = 2.399963
const WITNESS_PX = 3.5
const THIN_FROM = 200
const THIN_PX = 0.8

export function buildGraph(graphs: readonly GraphAnswer[], marksWeakest: boolean): Drawn {
  const graph: Drawn = new UndirectedGraph()
  const profiles = graphs.map(({ profile }) => profile)
  const size = memberPx(graphs.reduce((sum, { nodes }) => sum + nodes.length, 0))
  for (const { nodes } of graphs) for (const node of nodes) addNode(graph, node, profiles, size)
  for (const { edges } of graphs) addLines(graph, edges, marksWeakest ? weakestOf(edges) : null)
  // Of very many lines thick ones would be one dark spot.
  if (graph.order > THIN_FROM)
    graph.updateEachEdgeAttributes((_edge, look) => ({ ...look, size: THIN_PX }))
  const rounds = LAYOUT_STEPS / Math.max(1, graph.order)
  forceAtlas2.assign(graph, {
    iterations: Math.round(Math.min(ROUNDS.max, Math.max(ROUNDS.min, rounds))),
    settings: {
      ...forceAtlas2.inferSettings(graph),
      barnesHutOptimize: graph.order > FAR_TOGETHER_FROM,
      adjustSizes: graph.order <= FAR_TOGETHER_FROM,
      gravity: 0.6,
      scalingRatio: 30,
      linLogMode: false,
    },
  })
  return graph
}

/** Of many nodes each is smaller. */
function memberPx(nodes: number): number {
  if (nodes <= 60) return 10
  return nodes <= 200 ? 8 : 5.5
}

function addNode(
  graph: Drawn,
  { identifier, type, profile }: GraphAnswer['nodes'][number],
  profiles: readonly string[],
  memberSize: number,
): void {
  if (graph.hasNode(identifier)) return
  const n = graph.order
  const at = profile === null ? -1 : profiles.indexOf(profile)
  graph.addNode(identifier, {
    x: Math.sqrt(n + 1) * Math.cos(n * ANGLE),
    y: Math.sqrt(n + 1) * Math.sin(n * ANGLE),
    size: profile === null ? WITNESS_PX : memberSize,
    type,
    identifier,
    side: profile === null ? 'witness' : at < 0 ? 'other' : at,
  })
}

function addLines(graph: Drawn, edges: readonly GraphEdge[], weakest: GraphEdge | null): void {
  const between = new Map<string, GraphEdge[]>()
  for (const edge of edges) {
    const pair = edge.from < edge.to ? `${edge.from} ${edge.to}` : `${edge.to} ${edge.from}`
    const known = between.get(pair)
    if (known === undefined) between.set(pair, [edge])
    else known.push(edge)
  }
  for (const of of between.values()) addLine(graph, of, weakest)
}

function addLine(graph: Drawn, of: readonly GraphEdge[], weakest: GraphEdge | null): void {
  // What holds is told before what is only worth more.
  const [best] = of.toSorted(
    (x, y) => Number(y.holds) - Number(x.holds) || y.effective_confidence - x.effective_confidence,
  )
  if (best === undefined || !graph.hasNode(best.from) || !graph.hasNode(best.to)) return
  if (graph.hasEdge(best.from, best.to)) return
  const more = of.length === 1 ? '' : ` and ${of.length - 1} more`
  const worth = best.effective_confidence === 0 ? '' : `, ${percent(best.effective_confidence)}`
  graph.addEdge(best.from, best.to, {
    size: best.holds ? 1 + 2 * best.effective_confidence : 0.7,
    weight: best.holds ? 1 : 0.25,
    kind: best.kind,
    words: `${edgeWords(best.kind)}${worth}${more}`,
    holds: best.holds,
    isWeakest: weakest !== null && of.includes(weakest),
  })
}
