// The census as pictures with numbers: provisional beside confirmed, cookies beside people by day.

import { useMemo } from 'preact/hooks'

import type { StatsAnswer } from 'selfsame/client'

import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/shown.tsx'
import { count, counted, percent } from '../../parts/words.ts'
import { pointsOf } from './days.ts'

const STATES = ['confirmed', 'provisional', 'awaiting_batch'] as const
const STATE_WORDS = {
  confirmed: 'confirmed',
  provisional: 'provisional',
  awaiting_batch: 'wait for a run',
} as const

export function States({ of: { profiles } }: { readonly of: StatsAnswer }) {
  const { total, by_state: states } = profiles
  const parts = STATES.map((state) => ({ state, n: states[state] }))
  const share = (n: number): number => (total === 0 ? 0 : n / total)
  return (
    <div class="states">
      <div class="states-bar" aria-hidden="true">
        {parts.map(({ state, n }) => (
          <span key={state} class={`is-${state}`} style={{ width: `${share(n) * 100}%` }} />
        ))}
      </div>
      <dl class="states-numbers">
        {parts
          .filter(({ state, n }) => n > 0 || state !== 'awaiting_batch')
          .map(({ state, n }) => (
            <div key={state}>
              <dt>
                <span class={`key is-${state}`} aria-hidden="true" /> {STATE_WORDS[state]}
              </dt>
              <dd>
                {count(n)} <span class="quiet">{percent(share(n))}</span>
              </dd>
            </div>
          ))}
      </dl>
    </div>
  )
}

export function Days({ of: { days } }: { readonly of: StatsAnswer }) {
  const points = useMemo(() => pointsOf(days), [days])
  const latest = days.at(-1)
  if (latest === undefined) return <Empty>No cookie was seen yet.</Empty>
  return (
    <>
      <p class="keys-of-lines">
        <span class="key is-cookies" aria-hidden="true" /> cookies
        <span class="key is-people" aria-hidden="true" /> people <span class="quiet">(dashed)</span>
      </p>
      <Chart
        lines={[
          { label: 'cookies', colour: '--side-a' },
          { label: 'people', colour: '--accent', isDashed: true },
        ]}
        points={points}
        step="day"
        told={`New cookies beside new people by day; on ${latest.day} ${counted(latest.cookies, 'cookie')} and ${count(latest.people)} people. The table below says the same.`}
      />
      <details class="days">
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th>Day (UTC)</th>
              <th class="number">Cookies</th>
              <th class="number">People</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, cookies, people }) => (
              <tr key={day}>
                <td>{day}</td>
                <td class="number">{count(cookies)}</td>
                <td class="number">{count(people)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}
