// Draws a neighbourhood by WebGL: members in the colour of their profile, witnesses small and grey, edges by their worth.
// Invariant: the same graph is drawn the same way each time.

import { MultiUndirectedGraph } from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import { Sigma } from 'sigma'
import type { GraphAnswer } from 'selfsame/client'

import type { Marked } from './graph.tsx'
import { edgeWords, shortened } from './words.ts'

export interface Drawing {
  close(): void
}

/** Rounds of the layout: enough for hundreds of nodes to settle, in some tens of milliseconds. */
const ROUNDS = 220
const MEMBER_SIZE = 9
const WITNESS_SIZE = 4
/** Golden angle: neighbours in the list start far apart, and always in the same places. */
const ANGLE = 2.399963

export function drawGraph(
  place: HTMLElement,
  graphs: readonly GraphAnswer[],
  marked: Marked,
): Drawing {
  const graph = new MultiUndirectedGraph()
  const colours = coloursOf(place)
  const profiles = graphs.map(({ profile }) => profile)
  for (const { nodes } of graphs)
    for (const node of nodes) addNode(graph, node, { profiles, colours, marked })
  for (const { edges } of graphs) for (const edge of edges) addEdge(graph, edge, colours)
  if (marked.doubtful !== undefined) addDoubt(graph, marked.doubtful, colours)
  forceAtlas2.assign(graph, {
    iterations: ROUNDS,
    settings: { ...forceAtlas2.inferSettings(graph), gravity: 1.5, scalingRatio: 8 },
  })
  const sigma = new Sigma(graph, place, {
    allowInvalidContainer: true,
    labelColor: { color: colours.text },
    labelFont: 'system-ui, sans-serif',
    labelSize: 12,
    labelRenderedSizeThreshold: 7,
    renderEdgeLabels: true,
    edgeLabelColor: { color: colours.quiet },
    edgeLabelSize: 10,
    enableEdgeEvents: marked.onEdge !== undefined,
    defaultDrawNodeHover: () => undefined,
  })
  sigma.on('clickNode', ({ node }) => marked.onNode?.(node))
  sigma.on('clickEdge', ({ edge }) => {
    const [from, to] = graph.extremities(edge)
    marked.onEdge?.(from, to, String(graph.getEdgeAttribute(edge, 'kind')))
  })
  return { close: () => sigma.kill() }
}

interface Colours {
  readonly text: string
  readonly quiet: string
  readonly line: string
  readonly sides: readonly string[]
  readonly other: string
  readonly doubt: string
}

function coloursOf(place: HTMLElement): Colours {
  // As the browser resolves them for light or dark; the custom property itself holds both.
  const probe = place.appendChild(document.createElement('span'))
  const of = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const colours = {
    text: of('--text'),
    quiet: of('--quiet'),
    line: of('--graph-line'),
    sides: [of('--side-a'), of('--side-b')],
    other: of('--graph-other'),
    doubt: of('--doubt'),
  }
  probe.remove()
  return colours
}

interface Drawn {
  readonly profiles: readonly string[]
  readonly colours: Colours
  readonly marked: Marked
}

function addNode(
  graph: MultiUndirectedGraph,
  node: GraphAnswer['nodes'][number],
  { profiles, colours, marked }: Drawn,
): void {
  if (graph.hasNode(node.identifier)) return
  const n = graph.order
  const side = node.profile === null ? -1 : profiles.indexOf(node.profile)
  const isChosen = marked.chosen?.has(node.identifier) === true
  graph.addNode(node.identifier, {
    x: Math.sqrt(n + 1) * Math.cos(n * ANGLE),
    y: Math.sqrt(n + 1) * Math.sin(n * ANGLE),
    label: shortened(node.identifier),
    size: node.profile === null ? WITNESS_SIZE : MEMBER_SIZE,
    color: isChosen ? colours.doubt : (colours.sides[side] ?? colours.other),
  })
}

function addEdge(
  graph: MultiUndirectedGraph,
  edge: GraphAnswer['edges'][number],
  colours: Colours,
): void {
  const { from, to, kind, effective_confidence: worth, holds, cut } = edge
  if (!graph.hasNode(from) || !graph.hasNode(to)) return
  const key = `${from} ${to} ${kind}`
  if (graph.hasEdge(key)) return
  graph.addEdgeWithKey(key, from, to, {
    kind,
    label: edgeWords(kind),
    size: cut === null ? 0.8 + 2.5 * worth : 0.6,
    color: holds ? colours.text : colours.line,
    weight: 1 + 4 * worth,
  })
}

function addDoubt(
  graph: MultiUndirectedGraph,
  [a, b]: readonly [string, string],
  colours: Colours,
): void {
  if (!graph.hasNode(a) || !graph.hasNode(b)) return
  const mark = { kind: 'doubt', label: 'one person?', size: 4, color: colours.doubt, weight: 2 }
  graph.addEdgeWithKey('doubt', a, b, mark)
}
