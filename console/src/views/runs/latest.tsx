// The run under way with its stages, or what the latest one of this server came to.

import type { RunAnswer, RunsAnswer } from 'selfsame/client'

import { Bar } from '../../parts/bar.tsx'
import { Empty, Problem } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { count, counted, duration } from '../../parts/words.ts'
import { useDraft } from '../../state/draft.ts'
import { Learned, Outcome } from './outcome.tsx'

const MS_PER_SECOND = 1_000
/** Stages told of while a run is under way: the latest. */
const STAGES_SHOWN = 5

export function Latest({ of: { latest, runs } }: { readonly of: RunsAnswer }) {
  const draft = useDraft()
  if (latest === null) {
    return (
      <Empty>
        This server has made no run since it was started.
        {runs.length === 0 &&
          ' A run looks at everything at once: it confirms profiles or puts them right, and publishes the tables.'}
      </Empty>
    )
  }
  // It is told of where it was begun.
  const isCompared = draft?.compared?.startedAt === latest.started_at
  return (
    <>
      <p class="run-line">
        <span class={`badge run-${latest.state}`}>{STATES[latest.state]}</span>{' '}
        <b>{kindOf(latest)}</b>{' '}
        <span class="quiet">
          begun <When at={latest.started_at} />
          {latest.state === 'done' && `, took ${duration(secondsOf(latest))}`}
        </span>
      </p>
      {isCompared ? (
        <p class="quiet">Of the changed configuration below; nothing was changed by it.</p>
      ) : (
        <Told of={latest} usual={runs[0]?.seconds ?? null} />
      )}
    </>
  )
}

function Told({ of: latest, usual }: { readonly of: RunAnswer; readonly usual: number | null }) {
  return (
    <>
      {latest.state === 'running' && <Progress of={latest} usual={usual} />}
      {latest.error !== null && <Problem text={`The run failed: ${latest.error}`} />}
      {latest.outcome !== null && <Outcome of={latest.outcome} isDry={latest.dry_run} />}
      {latest.training !== null && <Learned of={latest.training} />}
      {latest.state !== 'running' && latest.stages.length > 0 && (
        <details>
          <summary>
            Its {counted(latest.stages.length, 'stage')}, {duration(secondsOf(latest))} in all
          </summary>
          <Stages of={latest.stages} />
        </details>
      )}
    </>
  )
}

const STATES = { running: 'under way', done: 'done', failed: 'failed' } as const

function kindOf({ dry_run: isDry, learn, outcome }: RunAnswer): string {
  if (learn) return 'Learning'
  if (isDry) return 'Dry run'
  const run = outcome?.run ?? null
  return run === null ? 'Run' : `Run ${run}`
}

function secondsOf({ stages }: RunAnswer): number {
  return stages.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0)
}

/** How far it is can only be told by how long the last one took. */
export function Progress({
  of: { started_at: startedAt, stages },
  usual,
}: {
  readonly of: RunAnswer
  readonly usual: number | null
}) {
  const seconds = Math.max(0, (Date.now() - Date.parse(startedAt)) / MS_PER_SECOND)
  const underWay = stages.findLast(({ rows }) => rows === null)
  return (
    <div class="run-progress">
      <p role="status">
        {underWay === undefined ? 'Beginning' : `Stage ${stages.length}: ${underWay.name}`}
      </p>
      <progress
        aria-label="The run"
        {...(usual !== null && { max: usual, value: Math.min(seconds, usual * 0.97) })}
      />
      <p class="quiet">
        {duration(seconds)} so far{usual !== null && `; the last one took ${duration(usual)}`}
      </p>
      <Stages of={stages.slice(-STAGES_SHOWN)} />
    </div>
  )
}

function Stages({ of }: { readonly of: RunAnswer['stages'] }) {
  const most = Math.max(...of.map(({ seconds }) => seconds ?? 0))
  return (
    <table class="stages">
      <thead>
        <tr>
          <th>Stage</th>
          <th class="number">Rows</th>
          <th class="number">Time</th>
          <th>
            <span class="unseen">Time as a bar</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ name, rows, seconds }) => (
          <tr key={name}>
            <td>{name.replaceAll('_', ' ')}</td>
            <td class="number">{rows === null ? 'under way' : count(rows)}</td>
            <td class="number">{seconds === null ? '' : duration(seconds)}</td>
            <td class="bar-cell">
              <Bar of={seconds ?? 0} most={most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
