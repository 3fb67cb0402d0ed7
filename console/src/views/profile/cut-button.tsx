// To part what one edge joins: the smaller side leaves. Where nothing would come of it, it says why.

import type { GraphAnswer } from 'selfsame/client'

import { counted, edgeWords, shortened } from '../../parts/words.ts'
import type { Part } from './part.ts'
import { sideOf } from './side-of-edge.ts'

const WHY_NOT = {
  loose: 'It does not hold the profile, so cutting it would change nothing.',
  holds: 'Other edges would hold the profile all the same; pick the identifiers that should leave.',
  unknown:
    'The profile has more identifiers than the graph; pick those that should leave in the list.',
} as const

export function CutButton({
  edge,
  graph,
  part: { act, profile },
  isSmall = false,
}: {
  readonly edge: GraphAnswer['edges'][number]
  readonly graph: GraphAnswer
  readonly part: Part
  readonly isSmall?: boolean
}) {
  if (act === null || !edge.holds) return null
  const cut = (): void => {
    const side = sideOf(graph, edge, profile.identifiers.length)
    if (side.kind !== 'side') {
      act({ kind: 'nothing', title: 'This edge cannot be cut by itself', why: WHY_NOT[side.kind] })
      return
    }
    const ends = `${shortened(edge.from)} and ${shortened(edge.to)}`
    act({
      kind: 'split',
      identifiers: side.leaves,
      because: `Cutting “${edgeWords(edge.kind)}” between ${ends} parts the profile: ${counted(side.leaves.length, 'identifier')} would leave, ${side.stays} would stay.`,
    })
  }
  return (
    <button type="button" class={isSmall ? 'small' : ''} onClick={cut}>
      Cut …
      <span class="unseen">
        {' '}
        {edgeWords(edge.kind)} between {shortened(edge.from)} and {shortened(edge.to)}
      </span>
    </button>
  )
}
