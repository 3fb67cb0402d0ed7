// Draws a neighbourhood by WebGL: members in the colour of their profile, witnesses small and grey, lines by what holds.
// Invariant: what is marked changes no place; only another graph is laid out anew.

import { Sigma } from 'sigma'
import type { GraphAnswer } from 'selfsame/client'

import { buildGraph, type Drawn, type LineLook, type NodeLook } from './build-graph.ts'
import { drawMarks, type Marks } from './draw-marks.ts'
import { type Colours, coloursOf } from './graph-colours.ts'

export interface Marked {
  /** Identifiers of an edge that is in doubt; drawn dashed between the two. */
  readonly doubtful?: readonly [string, string]
  /** Members that were chosen. */
  readonly chosen?: ReadonlySet<string>
  /** The identifier, or the two ends of the edge, that is looked at. */
  readonly looked?: readonly string[]
  readonly onNode?: (identifier: string) => void
  readonly onEdge?: (from: string, to: string, kind: string) => void
}

export interface Drawing {
  close(): void
  mark(marked: Marked): void
  zoom(by: 'in' | 'out' | 'all'): void
}

const ZOOM_RATIO = 1.5

export function drawGraph(
  place: HTMLElement,
  graphs: readonly GraphAnswer[],
  first: Marked,
): Drawing {
  let marked = first
  let hovered: string | null = null
  let colours = coloursOf(place)
  const graph = buildGraph(graphs, marked.doubtful === undefined)
  const sigma = new Sigma<NodeLook, LineLook>(graph, place, {
    allowInvalidContainer: true,
    renderLabels: false,
    stagePadding: 48,
    minEdgeThickness: 1,
    enableEdgeEvents: true,
    zoomDuration: stillness() ? 0 : 150,
    doubleClickZoomingDuration: stillness() ? 0 : 200,
    inertiaDuration: stillness() ? 0 : 200,
    zIndex: true,
    defaultDrawNodeHover: () => undefined,
    nodeReducer: (_node, look) => ({ ...look, type: 'circle', color: colourOf(look, colours) }),
    edgeReducer: (edge, look) => lineOf(graph, edge, look, colours, marked),
  })
  const layer = sigma.createCanvasContext('marks', { style: { pointerEvents: 'none' } })
  const canvas = layer.getCanvases()['marks']?.getContext('2d') ?? null
  sigma.resize(true)
  sigma.on('afterRender', () => {
    if (canvas !== null) drawMarks(sigma, canvas, colours, marksOf(marked, hovered))
  })
  sigma.on('clickNode', ({ node }) => marked.onNode?.(node))
  sigma.on('clickEdge', ({ edge }) => {
    const [from, to] = graph.extremities(edge)
    marked.onEdge?.(from, to, graph.getEdgeAttribute(edge, 'kind'))
  })
  onHover(sigma, (node, isOver) => {
    hovered = node
    place.classList.toggle('is-over', isOver)
    sigma.scheduleRender()
  })
  place.addEventListener('wheel', leaveToPage, { capture: true })
  const unlisten = onTheme(() => {
    colours = coloursOf(place)
    sigma.refresh()
  })
  sigma.refresh()
  return {
    close: () => {
      place.removeEventListener('wheel', leaveToPage, { capture: true })
      unlisten()
      sigma.kill()
    },
    mark: (now) => {
      marked = now
      sigma.refresh({ skipIndexation: true })
    },
    zoom: (by) => zoom(sigma, by),
  }
}

/** A wheel scrolls the page, also over the picture; with a key held it zooms. */
function leaveToPage(event: WheelEvent): void {
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
}

/** `node`: the one below the pointer; `isOver`: it, or a line, can be clicked. */
function onHover(
  sigma: Sigma<NodeLook, LineLook>,
  hover: (node: string | null, isOver: boolean) => void,
): void {
  sigma.on('enterNode', ({ node }) => hover(node, true))
  sigma.on('leaveNode', () => hover(null, false))
  sigma.on('enterEdge', () => hover(null, true))
  sigma.on('leaveEdge', () => hover(null, false))
}

function zoom(sigma: Sigma<NodeLook, LineLook>, by: 'in' | 'out' | 'all'): void {
  const camera = sigma.getCamera()
  const { ratio } = camera.getState()
  if (by === 'all') camera.setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 })
  else camera.setState({ ratio: by === 'in' ? ratio / ZOOM_RATIO : ratio * ZOOM_RATIO })
}

function marksOf({ doubtful, chosen, looked }: Marked, hovered: string | null): Marks {
  return { doubtful: doubtful ?? null, chosen: chosen ?? NOBODY, looked: looked ?? [], hovered }
}

const NOBODY: ReadonlySet<string> = new Set()

function colourOf({ side }: NodeLook, colours: Colours): string {
  if (side === 'witness') return colours.line
  return side === 'other' ? colours.other : (colours.sides[side] ?? colours.other)
}

function lineOf(
  graph: Drawn,
  edge: string,
  look: LineLook,
  colours: Colours,
  { looked }: Marked,
): { readonly size: number; readonly color: string; readonly zIndex: number } {
  const isLooked =
    looked !== undefined &&
    looked.length === 2 &&
    graph.extremities(edge).every((end) => looked.includes(end))
  if (look.isWeakest) return { size: isLooked ? 5 : 4, color: colours.doubt, zIndex: 3 }
  if (isLooked) return { size: 4, color: colours.text, zIndex: 2 }
  return look.holds
    ? { size: look.size, color: colours.quiet, zIndex: 1 }
    : { size: look.size, color: colours.line, zIndex: 0 }
}

/** Whoever asked for little motion gets none. */
function stillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

function onTheme(change: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', change)
  return () => dark.removeEventListener('change', change)
}
