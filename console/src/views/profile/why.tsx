// Why one identifier is in the profile: the shortest way to another one it holds, asked when somebody wants to know.

import type { ExplanationAnswer, ProfileAnswer } from 'selfsame/client'

import { Evidence } from '../../parts/evidence.tsx'
import { Empty, Shown } from '../../parts/shown.tsx'
import { shortened } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { useLoaded } from '../../state/loaded.ts'
import { hashOf } from '../../state/place.ts'

export function Why({
  identifier,
  profile,
}: {
  readonly identifier: string
  readonly profile: ProfileAnswer
}) {
  const why = useLoaded({
    name: `why ${identifier}`,
    load: () => client.explainMembership(identifier),
    concerns: (event) => event.profile === profile.id || event.from.includes(profile.id),
  })
  return (
    <Shown of={why}>
      {({ explanations }) => {
        const nearest = nearestOf(explanations)
        if (nearest === undefined)
          return <Empty>It is alone in its profile; nothing holds it.</Empty>
        return (
          <div class="why">
            <p>
              <b>{shortened(identifier)}</b> is here because of its link to{' '}
              <b>{shortened(nearest.a === identifier ? nearest.b : nearest.a)}</b>.{' '}
              <a href={hashOf('explain', null, { a: identifier })}>Its links to the others</a>
            </p>
            <Evidence of={nearest} />
          </div>
        )
      }}
    </Shown>
  )
}

/** Of the fewest edges; among equals the surest. */
function nearestOf(all: readonly ExplanationAnswer[]): ExplanationAnswer | undefined {
  return all.toSorted((x, y) => edgesOf(x) - edgesOf(y) || surenessOf(y) - surenessOf(x))[0]
}

function edgesOf({ path }: ExplanationAnswer): number {
  return path.length === 0 ? Number.MAX_SAFE_INTEGER : path.length
}

function surenessOf({ path, weakest }: ExplanationAnswer): number {
  return path[weakest ?? 0]?.confidence ?? 0
}
