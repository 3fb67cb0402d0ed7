// What happens now: the feed, how many messages come, and how the account is doing.

import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'

import { Chart } from '../parts/chart.tsx'
import { Shown } from '../parts/shown.tsx'
import { count, counted, duration } from '../parts/words.ts'
import { hashOf } from '../state/place.ts'
import { usePulse } from '../state/pulse.ts'
import { averageOf, type Pulses, ratesOf } from '../state/pulses.ts'
import { may, useSession } from '../state/state.ts'
import { useCensus } from './live/census.ts'
import { Feed } from './live/feed.tsx'
import { Days, States } from './live/figures.tsx'
import { Health } from './live/health.tsx'

const PULSE_EVERY_MS = 2_000
const MS_PER_SECOND = 1_000

export function Live() {
  const pulses = usePulse(PULSE_EVERY_MS)
  const census = useCensus()
  return (
    <>
      <header class="head">
        <h1>Live</h1>
      </header>
      <Shown of={pulses}>
        {(seen) => (
          <>
            <Figures of={seen.now} />
            <div class="live">
              <Feed />
              <div class="live-side">
                <section class="card" aria-labelledby="health-title">
                  <h2 id="health-title">Health</h2>
                  <Health of={seen.now} />
                </section>
                <Messages of={seen} />
                <section class="card" aria-labelledby="states-title">
                  <h2 id="states-title">Confirmed by a run</h2>
                  <Shown of={census}>{(stats) => <States of={stats} />}</Shown>
                </section>
                <section class="card" aria-labelledby="days-title">
                  <h2 id="days-title">New cookies and people by day</h2>
                  <Shown of={census}>{(stats) => <Days of={stats} />}</Shown>
                </section>
              </div>
            </div>
          </>
        )}
      </Shown>
    </>
  )
}

function Figures({ of: pulse }: { readonly of: Pulses['now'] }) {
  const { role } = useSession()
  const { run } = pulse
  const questions = count(pulse.questions)
  return (
    <dl class="figures">
      <Figure name="Profiles">{count(pulse.profiles)}</Figure>
      <Figure name="Identifiers">{count(pulse.identifiers)}</Figure>
      <Figure name="Edges">{count(pulse.edges)}</Figure>
      <Figure name="Records in the log">{count(pulse.log_records)}</Figure>
      <Figure name="Open questions">
        {may(role, 'steward') ? <a href={hashOf('review')}>{questions}</a> : questions}
      </Figure>
      <Figure name="Waiting neighbourhoods">{count(pulse.waiting)}</Figure>
      <Figure name={run?.dry_run === true ? 'Dry run' : 'Run'}>
        <a href={hashOf('runs')}>{runWords(pulse)}</a>
      </Figure>
    </dl>
  )
}

function Figure({
  name,
  children,
}: {
  readonly name: string
  readonly children: ComponentChildren
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function runWords({ run, at }: Pulses['now']): string {
  if (run === null) return 'none since the start'
  if (run.state !== 'running') return run.state
  const seconds = (Date.parse(at) - Date.parse(run.started_at)) / MS_PER_SECOND
  return `${run.stage ?? 'under way'}, ${duration(Math.max(0, seconds))}`
}

function Messages({ of: { beats } }: { readonly of: Pulses }) {
  const points = useMemo(() => {
    const [at, rates] = ratesOf(beats)
    return [at, rates] as const
  }, [beats])
  const latest = points[1].at(-1) ?? null
  const average = averageOf(beats)
  const now = latest === null ? '–' : `${rateWords(latest)} a second`
  const minutes = Math.round(((beats.at(-1)?.at ?? 0) - (beats[0]?.at ?? 0)) / 60_000)
  return (
    <section class="card" aria-labelledby="rate-title">
      <h2 id="rate-title">Messages</h2>
      <p class="rate">
        <b>{now}</b>
        {average !== null && (
          <span class="quiet">
            {' '}
            {rateWords(average)} on average{' '}
            {minutes > 0 ? `of ${counted(minutes, 'minute')}` : 'so far'}
          </span>
        )}
      </p>
      <Chart
        lines={[{ label: 'messages a second', colour: '--accent' }]}
        points={points}
        step="second"
        told={`Messages a second since this page was opened; now ${now}`}
      />
    </section>
  )
}

function rateWords(rate: number): string {
  return rate >= 10 || rate === 0 ? count(Math.round(rate)) : rate.toFixed(1)
}
