// The neighbourhood as a picture. Its library is large, so it comes when a picture is first asked for.

import { useEffect, useRef, useState } from 'preact/hooks'

import type { GraphAnswer } from 'selfsame/client'

import type { Drawing } from './draw-graph.ts'

export interface Marked {
  /** Identifiers of an edge that is in doubt; drawn dashed between the two. */
  readonly doubtful?: readonly [string, string]
  /** A member that was chosen. */
  readonly chosen?: ReadonlySet<string>
  readonly onNode?: (identifier: string) => void
  readonly onEdge?: (from: string, to: string, kind: string) => void
}

export function Graph({ graphs, ...marked }: Marked & { readonly graphs: readonly GraphAnswer[] }) {
  const place = useRef<HTMLDivElement>(null)
  const [problem, setProblem] = useState(false)
  useEffect(() => {
    let drawing: Drawing | null = null
    let isGone = false
    const start = async (): Promise<void> => {
      const { drawGraph } = await import('./draw-graph.ts')
      if (!isGone && place.current !== null) drawing = drawGraph(place.current, graphs, marked)
    }
    start().catch(() => setProblem(true))
    return () => {
      isGone = true
      drawing?.close()
    }
  }, [
    graphs.map((one) => `${one.profile} ${one.nodes.length} ${one.edges.length}`).join(),
    marked.chosen,
  ])
  if (problem) return <p class="quiet">This browser draws no WebGL; the list says the same.</p>
  return <div class="graph" ref={place} role="img" aria-label={toldOf(graphs)} />
}

function toldOf(graphs: readonly GraphAnswer[]): string {
  const nodes = graphs.reduce((sum, one) => sum + one.nodes.length, 0)
  const edges = graphs.reduce((sum, one) => sum + one.edges.length, 0)
  return `A graph of ${nodes} identifiers and ${edges} edges; the list beside it says the same in words`
}
