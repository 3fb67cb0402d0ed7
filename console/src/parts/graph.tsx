// The neighbourhood as a picture. Its library is large, so it comes when a picture is first asked for.

import { useEffect, useRef, useState } from 'preact/hooks'

import type { GraphAnswer } from 'selfsame/client'

import type { Drawing, Marked } from './draw-graph.ts'

export function Graph({ graphs, ...marked }: Marked & { readonly graphs: readonly GraphAnswer[] }) {
  const place = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing | null>(null)
  const latest = useRef<Marked>(marked)
  const [problem, setProblem] = useState(false)
  useEffect(() => {
    let isGone = false
    const start = async (): Promise<void> => {
      const { drawGraph } = await import('./draw-graph.ts')
      if (!isGone && place.current !== null)
        drawing.current = drawGraph(place.current, graphs, latest.current)
    }
    start().catch(() => setProblem(true))
    return () => {
      isGone = true
      drawing.current?.close()
      drawing.current = null
    }
  }, [graphs.map(signature).join(), marked.doubtful?.join()])
  useEffect(() => {
    latest.current = marked
    drawing.current?.mark(marked)
  })
  if (problem) return <p class="quiet">This browser draws no WebGL; the list says the same.</p>
  return (
    <figure class="graph-figure">
      <div class="graph" ref={place} role="img" aria-label={toldOf(graphs)} />
      <div class="graph-zoom">
        <button type="button" aria-label="Nearer" onClick={() => drawing.current?.zoom('in')}>
          +
        </button>
        <button
          type="button"
          aria-label="Further away"
          onClick={() => drawing.current?.zoom('out')}
        >
          −
        </button>
        <button type="button" onClick={() => drawing.current?.zoom('all')}>
          All
        </button>
      </div>
      <Legend of={graphs} isInDoubt={marked.doubtful !== undefined} />
    </figure>
  )
}

/** Changes with what is drawn: an answer that says the same leaves the picture as it stands. */
function signature({ profile, nodes, edges }: GraphAnswer): string {
  const worth = edges.reduce(
    (sum, { holds, effective_confidence: own }) => sum + own + (holds ? 1 : 0),
    0,
  )
  return `${profile} ${nodes.length} ${edges.length} ${worth}`
}

function Legend({
  of,
  isInDoubt,
}: {
  readonly of: readonly GraphAnswer[]
  readonly isInDoubt: boolean
}) {
  const profiles = new Set(of.map(({ profile }) => profile))
  const others = of.some(({ nodes }) =>
    nodes.some(({ profile }) => profile !== null && !profiles.has(profile)),
  )
  return (
    <figcaption class="legend">
      <span>
        <i class="legend-dot is-a">c</i>{' '}
        {profiles.size > 1 ? 'identifier of A' : 'identifier of the profile'}
      </span>
      {profiles.size > 1 && (
        <span>
          <i class="legend-dot is-b">c</i> of B
        </span>
      )}
      {others && (
        <span>
          <i class="legend-dot is-other">c</i> of another profile
        </span>
      )}
      <span>
        <i class="legend-dot is-witness" /> witness: an address, a device
      </span>
      <span>
        <b>c</b> cookie, <b>@</b> e-mail, <b>p</b> phone, <b>id</b> external id
      </span>
      <span>
        <i class="legend-line is-holding" /> holds
      </span>
      <span>
        <i class="legend-line" /> known, does not hold
      </span>
      <span>
        <i class={isInDoubt ? 'legend-line is-doubt is-dashed' : 'legend-line is-doubt'} />{' '}
        {isInDoubt ? 'the question' : 'weakest link'}
      </span>
    </figcaption>
  )
}

function toldOf(graphs: readonly GraphAnswer[]): string {
  const nodes = graphs.reduce((sum, one) => sum + one.nodes.length, 0)
  const edges = graphs.reduce((sum, one) => sum + one.edges.length, 0)
  return `A graph of ${nodes} identifiers and ${edges} edges; the list beside it says the same in words`
}
