// The graph around the profile: the picture, what is looked at in it, and the same edges as a list.

import { useMemo, useRef, useState } from 'preact/hooks'

import type { GraphAnswer } from 'selfsame/client'

import { Graph } from '../../parts/graph.tsx'
import { Shown } from '../../parts/shown.tsx'
import { useGraph } from './asked.ts'
import { Edges } from './edges.tsx'
import { LookedEdge, LookedNode } from './looked.tsx'
import { Picked, toggled } from './picked.tsx'
import type { Looked, Part } from './part.ts'

export function Neighbourhood(part: Part) {
  const graph = useGraph(part.profile.id)
  return <Shown of={graph}>{(value) => <Around part={part} graph={value} />}</Shown>
}

function Around({ part, graph }: { readonly part: Part; readonly graph: GraphAnswer }) {
  const [looked, look] = useState<Looked | null>(null)
  const nodes = useMemo(() => new Map(graph.nodes.map((node) => [node.identifier, node])), [graph])
  const node = looked?.kind === 'node' ? nodes.get(looked.identifier) : undefined
  const ends =
    looked === null ? [] : looked.kind === 'node' ? [looked.identifier] : [looked.from, looked.to]
  const panel = useRef<HTMLDivElement>(null)
  // What was asked for in the list is told above it: there one goes on reading.
  const lookFromList = (wanted: Looked): void => {
    look(wanted)
    panel.current?.focus({ preventScroll: true })
    panel.current?.scrollIntoView({ block: 'center' })
  }
  const pickToo = (identifier: string): void => part.pick(toggled(part.picked, identifier))
  return (
    <>
      <section class="card" aria-labelledby="graph-title">
        <h2 id="graph-title">Graph</h2>
        <Picked {...part} />
        {graph.truncated && (
          <p class="quiet">
            There is more around it than is drawn: members first, then the latest.
          </p>
        )}
        <div class="graph-columns">
          <Graph
            graphs={[graph]}
            chosen={part.picked}
            looked={ends}
            onNode={(identifier) => look({ kind: 'node', identifier })}
            onEdge={(from, to) => look({ kind: 'edge', from, to })}
          />
          <div
            class="looked"
            ref={panel}
            tabIndex={-1}
            role="region"
            aria-label="What is looked at"
          >
            {node !== undefined && (
              <LookedNode node={node} part={part} graph={graph} pick={pickToo} look={look} />
            )}
            {looked?.kind === 'edge' && (
              <LookedEdge from={looked.from} to={looked.to} part={part} graph={graph} />
            )}
            {looked === null && (
              <p class="quiet">
                Click an identifier for what is known of it, a line for its evidence. The lists say
                the same: identifiers in their part, edges below.
              </p>
            )}
          </div>
        </div>
      </section>
      <Edges part={part} graph={graph} look={lookFromList} />
    </>
  )
}
