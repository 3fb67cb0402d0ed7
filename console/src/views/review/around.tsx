// What is around the two: their neighbourhood with the edge in doubt, and what was done on both sides.

import type { ReviewDetailAnswer } from 'selfsame/client'

import { Graph } from '../../parts/graph.tsx'
import { Shown } from '../../parts/shown.tsx'
import { merged, Timeline } from '../../parts/timeline.tsx'
import { client } from '../../state/client.ts'
import { type Loaded, useLoaded } from '../../state/loaded.ts'

const NODES_MAX = 150
const EVENTS = 20

export function Around({ review }: { readonly review: ReviewDetailAnswer }) {
  const { a, b } = review
  return (
    <>
      <section class="card" aria-label="Neighbourhood">
        <h2>Around them</h2>
        <Neighbourhood a={a.identifier} b={b.identifier} />
      </section>
      <section class="card" aria-label="Timeline">
        <h2>What was done on both sides</h2>
        <Done a={a.identifier} b={b.identifier} />
      </section>
    </>
  )
}

interface Ends {
  readonly a: string
  readonly b: string
}

function Neighbourhood({ a, b }: Ends) {
  const left = useGraph(a)
  const right = useGraph(b)
  return (
    <Shown of={both(left, right)}>{(graphs) => <Graph graphs={graphs} doubtful={[a, b]} />}</Shown>
  )
}

function useGraph(identifier: string) {
  return useLoaded({
    name: `graph/${identifier}/${NODES_MAX}`,
    load: async () => client.graph((await client.profile(identifier)).id, { limit: NODES_MAX }),
  })
}

function Done({ a, b }: Ends) {
  const left = useTimeline(a)
  const right = useTimeline(b)
  return (
    <Shown of={both(left, right)}>
      {([these, those]) => <Timeline events={merged(these ?? null, those ?? null)} />}
    </Shown>
  )
}

function useTimeline(identifier: string) {
  return useLoaded({
    name: `timeline/${identifier}/${EVENTS}`,
    load: async () => client.timeline((await client.profile(identifier)).id, { limit: EVENTS }),
  })
}

/** Shown when both are there; what went wrong with either is said. */
function both<T>(left: Loaded<T>, right: Loaded<T>): Loaded<readonly T[]> {
  const isThere = left.value !== null && right.value !== null
  return {
    value: isThere ? [left.value, right.value] : null,
    error: left.error ?? right.error,
    status: left.status ?? right.status,
    isLoading: left.isLoading || right.isLoading,
  }
}
