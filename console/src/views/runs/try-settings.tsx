// Another configuration, tried: compared with the live profiles by a dry run first, then made the active one by a run.
// Invariant: what is applied is the very text that was compared.

import { useEffect, useMemo, useState } from 'preact/hooks'

import type { ConfigurationAnswer, RunAnswer } from 'selfsame/client'

import { Problem, Shown } from '../../parts/shown.tsx'
import { client } from '../../state/client.ts'
import { type Draft, keepDraft, useDraft } from '../../state/draft.ts'
import { failureOf, refresh, useLoaded } from '../../state/loaded.ts'
import { type ChangedSetting, changedSettings } from './changed-settings.ts'
import { Changed, Comparison } from './comparison.tsx'
import { type ReadSettings, readSettings } from './read-settings.ts'

export function TrySettings({
  latest,
  usual,
}: {
  readonly latest: RunAnswer | null
  readonly usual: number | null
}) {
  const configuration = useLoaded({
    name: 'configuration',
    load: () => client.configuration(),
    concerns: ({ type }) => type === 'run.finished',
  })
  return (
    <Shown of={configuration}>
      {(active) => <Trying active={active} latest={latest} usual={usual} />}
    </Shown>
  )
}

function Trying({
  active,
  latest,
  usual,
}: {
  readonly active: ConfigurationAnswer
  readonly latest: RunAnswer | null
  readonly usual: number | null
}) {
  const written = useMemo(() => JSON.stringify(active.settings, null, 2), [active])
  const draft = useDraft() ?? { text: written, compared: null, run: null }
  const { compared } = draft
  const read = useMemo(() => readSettings(draft.text), [draft.text])
  const changed = read.ok ? changedSettings(active.settings, read.settings) : []
  const isRunning = latest?.state === 'running'
  const isOurs = compared !== null && latest?.started_at === compared.startedAt
  useEffect(() => {
    if (isOurs && draft.run !== latest) keepDraft({ ...draft, run: latest })
  }, [isOurs, latest])
  return (
    <>
      <Form
        version={active.policy_version}
        written={written}
        draft={draft}
        read={read}
        changed={changed}
        isRunning={isRunning}
      />
      <Comparison draft={draft} changed={changed} usual={usual} isRunning={isRunning} />
    </>
  )
}

interface Formed {
  readonly version: string
  /** The active settings. */
  readonly written: string
  readonly draft: Draft
  readonly read: ReadSettings
  readonly changed: readonly ChangedSetting[]
  readonly isRunning: boolean
}

function Form({ version, written, draft, read, changed, isRunning }: Formed) {
  const [problem, setProblem] = useState<string | null>(null)
  const compare = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setProblem(read.ok ? await begin(draft.text, read.settings) : null)
  }
  return (
    <form onSubmit={(event) => void compare(event)}>
      <label for="settings">
        What runs decide by (policy <code>{version.slice(0, 8)}</code>), as JSON. Change it; nothing
        happens before you apply it.
      </label>
      <textarea
        id="settings"
        class="settings"
        rows={16}
        spellcheck={false}
        value={draft.text}
        aria-invalid={!read.ok}
        aria-describedby="settings-said"
        onInput={({ currentTarget }) => keepDraft({ ...draft, text: currentTarget.value })}
      />
      <div id="settings-said" role="status">
        {read.ok ? <Changed of={changed} /> : <p class="problem">{read.fault}</p>}
      </div>
      {problem !== null && <Problem text={problem} />}
      <div class="buttons">
        <button type="submit" disabled={changed.length === 0 || isRunning}>
          Compare
        </button>
        <button type="button" disabled={draft.text === written} onClick={() => keepDraft(null)}>
          Put it back as it was
        </button>
      </div>
    </form>
  )
}

/** Null when the comparison is under way, else why it is not. */
async function begin(text: string, settings: Record<string, unknown>): Promise<string | null> {
  try {
    const run = await client.startRun({ dry_run: true, settings })
    keepDraft({ text, compared: { startedAt: run.started_at, text }, run })
    refresh('runs')
    return null
  } catch (cause) {
    return failureOf(cause).error
  }
}
