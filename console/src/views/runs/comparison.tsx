// What the changed configuration would do, and applying it: the very text that was compared.

import { useState } from 'preact/hooks'

import { Problem } from '../../parts/shown.tsx'
import { Sure } from '../../parts/sure.tsx'
import { counted } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { type Draft, keepDraft } from '../../state/draft.ts'
import { refresh } from '../../state/loaded.ts'
import type { ChangedSetting } from './changed-settings.ts'
import { Progress } from './latest.tsx'
import { Outcome, type RunOutcome } from './outcome.tsx'
import { readSettings } from './read-settings.ts'

/** What differs between the settings that are active and those that were compared. */
export function Changed({ of }: { readonly of: readonly ChangedSetting[] }) {
  if (of.length === 0) return <p class="quiet">Nothing is changed yet.</p>
  return (
    <ul class="changed" aria-label="Changed settings">
      {of.map(({ name, before, after }) => (
        <li key={name}>
          <code>{name}</code>: {before === null ? 'not set' : <code>{before}</code>} →{' '}
          {after === null ? 'as usual' : <code>{after}</code>}
        </li>
      ))}
    </ul>
  )
}

interface Compared {
  readonly draft: Draft
  readonly changed: readonly ChangedSetting[]
  /** Seconds of the last run. */
  readonly usual: number | null
  readonly isRunning: boolean
}

export function Comparison({ draft, changed, usual, isRunning }: Compared) {
  const { text, compared, run } = draft
  const [isAsked, setAsked] = useState(false)
  if (run === null || compared === null) return null
  if (run.state === 'running') return <Progress of={run} usual={usual} />
  if (run.error !== null) return <Problem text={`The comparison failed: ${run.error}`} />
  if (run.outcome === null) return null
  const isOld = compared.text !== text
  return (
    <section class="comparison" aria-labelledby="comparison-title">
      <h3 id="comparison-title">What it would change</h3>
      {isOld && (
        <p class="refusal">The settings were changed since: compare again to apply them.</p>
      )}
      <Outcome of={run.outcome} isDry />
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={isOld || isRunning || changed.length === 0}
          onClick={() => setAsked(true)}
        >
          Apply …
        </button>
      </div>
      {isAsked && (
        <Sure
          title="Apply this configuration?"
          deed="Apply, and run"
          close={() => setAsked(false)}
          act={() => apply(compared.text)}
        >
          <Deeds of={run.outcome} />
          <Changed of={changed} />
        </Sure>
      )}
    </section>
  )
}

async function apply(text: string): Promise<void> {
  const read = readSettings(text)
  if (!read.ok) throw new Error(read.fault)
  await client.startRun({ settings: read.settings })
  keepDraft(null)
  refresh('runs')
}

function Deeds({ of: { merges, splits, moves } }: { readonly of: RunOutcome }) {
  return (
    <p>
      A run begins that makes this the active policy, for messages from then on too. By the
      comparison {counted(merges, 'profile')} will give way to others, {counted(splits, 'part')}{' '}
      will leave their profiles and {counted(moves, 'identifier')} will move. Another such run, with
      the settings of before, takes it back.
    </p>
  )
}
