// Begins a run, or only learns: each asked once more, with what it will do.

import { useState } from 'preact/hooks'

import { Sure } from '../../parts/sure.tsx'
import { client } from '../../state/client.ts'
import { refresh } from '../../state/loaded.ts'

const DEEDS = {
  run: {
    title: 'Start a run?',
    deed: 'Start the run',
    wanted: {},
    does: 'It looks at the whole log at once, confirms the profiles it agrees with, decides all others again, learns, and publishes new tables. Messages go on being taken meanwhile.',
  },
  learn: {
    title: 'Learn now?',
    deed: 'Learn',
    wanted: { learn: true },
    does: 'It learns from those who sign in what the browsers of one person look like, by the active configuration. Profiles are decided by that from then on; nothing is published.',
  },
} as const

export function Begin({ isRunning }: { readonly isRunning: boolean }) {
  const [asked, setAsked] = useState<keyof typeof DEEDS | null>(null)
  const deed = asked === null ? null : DEEDS[asked]
  return (
    <div class="end head-buttons">
      <button type="button" disabled={isRunning} onClick={() => setAsked('learn')}>
        Learn
      </button>
      <button type="button" class="primary" disabled={isRunning} onClick={() => setAsked('run')}>
        Start a run
      </button>
      {deed !== null && (
        <Sure
          title={deed.title}
          deed={deed.deed}
          act={async () => {
            await client.startRun(deed.wanted)
            refresh('runs')
          }}
          close={() => setAsked(null)}
        >
          <p>{deed.does}</p>
        </Sure>
      )}
    </div>
  )
}
