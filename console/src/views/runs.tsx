// Batch runs: the latest with its stages and outcome, starting one, trying a changed configuration, those of the past.

import type { RunsAnswer } from 'selfsame/client'

import { Shown } from '../parts/shown.tsx'
import { client } from '../state/client.ts'
import { useEvery } from '../state/every.ts'
import { refresh, useLoaded } from '../state/loaded.ts'
import { may, useSession } from '../state/state.ts'
import { Begin } from './runs/begin.tsx'
import { Latest } from './runs/latest.tsx'
import { Past } from './runs/past.tsx'
import { TrySettings } from './runs/try-settings.tsx'

/** While a run is under way. */
const POLLED_EVERY_MS = 1_000

export function Runs() {
  const { role } = useSession()
  const isAdmin = may(role, 'admin')
  const runs = useLoaded({
    name: 'runs',
    load: () => client.runs(),
    concerns: ({ type }) => type.startsWith('run.'),
  })
  const isRunning = runs.value?.latest?.state === 'running'
  useEvery(isRunning ? POLLED_EVERY_MS : null, () => refresh('runs'))
  return (
    <>
      <header class="head">
        <h1>Runs</h1>
        <Hours of={runs.value} />
        {isAdmin && <Begin isRunning={isRunning} />}
      </header>
      <Shown of={runs}>
        {(told) => (
          <div class="runs">
            <section class="card" aria-labelledby="latest-title">
              <h2 id="latest-title">The latest of this server</h2>
              <Latest of={told} />
            </section>
            {isAdmin && (
              <section class="card" aria-labelledby="try-title">
                <h2 id="try-title">Try a changed configuration</h2>
                <TrySettings latest={told.latest} usual={told.runs[0]?.seconds ?? null} />
              </section>
            )}
            <section class="card" aria-labelledby="past-title">
              <h2 id="past-title">Published</h2>
              <Past of={told.runs} />
            </section>
          </div>
        )}
      </Shown>
    </>
  )
}

function Hours({ of }: { readonly of: RunsAnswer | null }) {
  const hours = of?.at_hours ?? []
  if (of === null) return null
  return (
    <span class="quiet">
      {hours.length === 0
        ? 'begun by hand; the server begins none by itself'
        : `by itself at ${hours.map((hour) => `${String(hour).padStart(2, '0')}:00`).join(', ')} UTC`}
    </span>
  )
}
