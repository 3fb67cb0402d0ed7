// The edges of the graph as a list: what each is worth, whether it holds the profile, what cuts it. The weakest first.

import { useMemo, useState } from 'preact/hooks'

import type { GraphAnswer } from 'selfsame/client'

import { weakestOf } from '../../parts/weakest-of.ts'
import { More } from '../../parts/more.tsx'
import { Empty } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { edgeWords, percent, shortened } from '../../parts/words.ts'
import { CutButton } from './cut-button.tsx'
import type { Looked } from './part.ts'
import type { Part } from './part.ts'

type Edge = GraphAnswer['edges'][number]

const WHICH = {
  holding: ['that hold it', ({ holds }: Edge) => holds],
  members: [
    'that could hold it',
    (edge: Edge) => edge.holds || (edge.confidence > 0 && !isToWitness(edge)),
  ],
  witnesses: ['to witnesses', (edge: Edge) => isToWitness(edge)],
} as const
type Which = keyof typeof WHICH
const ALL = Object.keys(WHICH).filter((one): one is Which => one in WHICH)

function isToWitness({ kind }: Edge): boolean {
  return kind === 'same_session' || kind === 'ip_match'
}

interface Listed {
  readonly part: Part
  readonly graph: GraphAnswer
  readonly look: (looked: Looked) => void
}

export function Edges({ part, graph, look }: Listed) {
  const [which, setWhich] = useState<Which>('holding')
  const weakest = useMemo(() => weakestOf(graph.edges), [graph])
  const shown = useMemo(
    () =>
      graph.edges
        .filter(WHICH[which][1])
        .toSorted(
          (x, y) =>
            Number(y.holds) - Number(x.holds) || x.effective_confidence - y.effective_confidence,
        ),
    [graph, which],
  )
  return (
    <section class="card" aria-labelledby="edges-title">
      <div class="head">
        <h2 id="edges-title">Edges</h2>
        <Choice which={which} choose={setWhich} />
      </div>
      {shown.length === 0 ? (
        <Empty>
          {which === 'holding' ? 'Nothing has to hold a single identifier.' : 'There are none.'}
        </Empty>
      ) : (
        <More key={which} of={shown} what="edges">
          {(some) => <Table of={some} weakest={weakest} listed={{ part, graph, look }} />}
        </More>
      )}
    </section>
  )
}

function Choice({
  which,
  choose,
}: {
  readonly which: Which
  readonly choose: (which: Which) => void
}) {
  return (
    <span class="end">
      <label for="which-edges" class="unseen">
        Which edges
      </label>
      <select
        id="which-edges"
        value={which}
        onChange={({ currentTarget }) =>
          choose(ALL.find((one) => one === currentTarget.value) ?? 'holding')
        }
      >
        {ALL.map((one) => (
          <option key={one} value={one}>
            {WHICH[one][0]}
          </option>
        ))}
      </select>
    </span>
  )
}

function Table({
  of,
  weakest,
  listed,
}: {
  readonly of: readonly Edge[]
  readonly weakest: Edge | null
  readonly listed: Listed
}) {
  return (
    <table class="cards edges">
      <thead>
        <tr>
          <th scope="col">Between</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">
            Worth
          </th>
          <th scope="col" class="number">
            Times
          </th>
          <th scope="col">Last</th>
          <th scope="col">
            <span class="unseen">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((edge) => (
          <EdgeRow
            key={`${edge.from} ${edge.to} ${edge.kind}`}
            edge={edge}
            isWeakest={edge === weakest}
            listed={listed}
          />
        ))}
      </tbody>
    </table>
  )
}

function EdgeRow({
  edge,
  isWeakest,
  listed: { part, graph, look },
}: {
  readonly edge: Edge
  readonly isWeakest: boolean
  readonly listed: Listed
}) {
  const { from, to, kind, cut, effective_confidence: worth } = edge
  return (
    <tr class={isWeakest ? 'is-weakest-row' : ''}>
      <td class="edge-ends">
        <code title={from}>{shortened(from)}</code> <code title={to}>{shortened(to)}</code>
      </td>
      <td data-label="Kind">
        {edgeWords(kind)} {isWeakest && <span class="badge is-weakest">weakest link</span>}
        {cut !== null && <span class="quiet"> does not count: {cut}</span>}
      </td>
      <td class="number" data-label="Worth">
        {worth === 0 ? '–' : percent(worth)}
      </td>
      <td class="number" data-label="Times">
        {edge.count}
      </td>
      <td data-label="Last">
        <When at={edge.last_seen} />
      </td>
      <td class="row-acts">
        <button type="button" class="small" onClick={() => look({ kind: 'edge', from, to })}>
          Evidence
          <span class="unseen">
            {' '}
            between {shortened(from)} and {shortened(to)}
          </span>
        </button>
        <CutButton edge={edge} graph={graph} part={part} isSmall />
      </td>
    </tr>
  )
}
