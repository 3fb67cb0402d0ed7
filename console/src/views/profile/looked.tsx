// What is looked at in the graph: the facts of an identifier, or the evidence of the edges between two.

import type { GraphAnswer } from 'selfsame/client'

import { Evidence } from '../../parts/evidence.tsx'
import { IdentifierName } from '../../parts/names.tsx'
import { Shown } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { counted, edgeWords, percent, shortened } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { useLoaded } from '../../state/loaded.ts'
import { hashOf } from '../../state/place.ts'
import { CutButton } from './cut-button.tsx'
import type { Looked } from './part.ts'
import type { Part } from './part.ts'

type Node = GraphAnswer['nodes'][number]
type Edge = GraphAnswer['edges'][number]

const NEIGHBOURS_MAX = 12

interface OfNode {
  readonly node: Node
  readonly part: Part
  readonly graph: GraphAnswer
  readonly pick: (identifier: string) => void
  readonly look: (looked: Looked) => void
}

export function LookedNode({ node, part, graph, pick, look }: OfNode) {
  const { identifier } = node
  const isMember = node.profile === graph.profile
  const around = graph.edges.filter(({ from, to }) => from === identifier || to === identifier)
  return (
    <>
      <h3>
        <IdentifierName text={identifier} />
      </h3>
      <dl class="facts is-narrow">
        <div class="fact">
          <dt>Is</dt>
          <dd>{whatOf(node, graph.profile)}</dd>
        </div>
        <div class="fact">
          <dt>Seen</dt>
          <dd>
            <When at={node.first_seen} /> to <When at={node.last_seen} />, {node.sites.join(', ')}
          </dd>
        </div>
        {node.promiscuity !== null && (
          <div class="fact">
            <dt>Promiscuity</dt>
            <dd>{counted(node.promiscuity, 'cookie')} on its busiest day</dd>
          </div>
        )}
      </dl>
      {node.shared_because !== null && <p class="flag">Shared: {node.shared_because}</p>}
      {node.quarantined && <p class="flag">In quarantine: it joins nobody.</p>}
      <p class="buttons">
        {isMember && part.act !== null && (
          <button type="button" onClick={() => pick(identifier)}>
            {part.picked.has(identifier) ? 'Pick no more' : 'Pick'}
          </button>
        )}
        <a class="button" href={hashOf('explain', null, { a: identifier, b: graph.profile })}>
          Explain
        </a>
      </p>
      <ul class="around">
        {around.slice(0, NEIGHBOURS_MAX).map((edge) => (
          <li key={`${edge.from} ${edge.to} ${edge.kind}`}>
            <button type="button" class="small" onClick={() => look({ ...edge, kind: 'edge' })}>
              {edgeWords(edge.kind)}
            </button>{' '}
            {shortened(edge.from === identifier ? edge.to : edge.from)}
            {edge.holds && <span class="quiet"> holds</span>}
          </li>
        ))}
      </ul>
      {around.length > NEIGHBOURS_MAX && (
        <p class="quiet">{around.length - NEIGHBOURS_MAX} more edges in the list.</p>
      )}
    </>
  )
}

function whatOf({ profile, type }: Node, own: string): string {
  const word = type.replaceAll('_', ' ')
  if (profile === null) return `${word}: a witness, it joins nobody by itself`
  return profile === own ? `${word} of this profile` : `${word} of another profile`
}

interface OfEdge {
  readonly from: string
  readonly to: string
  readonly part: Part
  readonly graph: GraphAnswer
}

export function LookedEdge({ from, to, part, graph }: OfEdge) {
  const between = graph.edges.filter(
    (edge) => (edge.from === from && edge.to === to) || (edge.from === to && edge.to === from),
  )
  const ends = graph.nodes.filter(({ identifier }) => identifier === from || identifier === to)
  const areMembers = ends.length === 2 && ends.every(({ profile }) => profile !== null)
  const holding = between.find(({ holds }) => holds)
  return (
    <>
      <h3>
        {shortened(from)} and {shortened(to)}
      </h3>
      <ul class="around">
        {between.map((edge) => (
          <EdgeFacts key={edge.kind} edge={edge} />
        ))}
      </ul>
      <p class="buttons">
        {holding !== undefined && <CutButton edge={holding} graph={graph} part={part} />}
        {areMembers && (
          <a class="button" href={hashOf('explain', null, { a: from, b: to })}>
            Explain
          </a>
        )}
      </p>
      {areMembers && <Between key={`${from} ${to}`} from={from} to={to} profile={graph.profile} />}
    </>
  )
}

function EdgeFacts({ edge }: { readonly edge: Edge }) {
  return (
    <li>
      <b>{edgeWords(edge.kind)}</b>{' '}
      {edge.effective_confidence === 0 ? (
        <span class="quiet">joins nobody</span>
      ) : (
        percent(edge.effective_confidence)
      )}
      {edge.holds && <span class="badge">holds</span>}
      <div class="quiet">
        {counted(edge.count, 'time')} on {edge.sites.join(', ')}, last <When at={edge.last_seen} />
        {edge.cut !== null && `; does not count: ${edge.cut}`}
      </div>
    </li>
  )
}

function Between({
  from,
  to,
  profile,
}: {
  readonly from: string
  readonly to: string
  readonly profile: string
}) {
  const evidence = useLoaded({
    name: `explain ${from} ${to}`,
    load: () => client.explain(from, to),
    concerns: (event) => event.profile === profile || event.from.includes(profile),
  })
  return <Shown of={evidence}>{(value) => <Evidence of={value} />}</Shown>
}
