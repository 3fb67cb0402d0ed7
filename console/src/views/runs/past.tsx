// Published runs beside each other, the latest first.

import type { RunsAnswer } from 'selfsame/client'

import { Bar } from '../../parts/bar.tsx'
import { Empty } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { count, duration } from '../../parts/words.ts'

type PastRun = RunsAnswer['runs'][number]

export function Past({ of: runs }: { readonly of: readonly PastRun[] }) {
  if (runs.length === 0) return <Empty>No run was published yet.</Empty>
  const most = (read: (run: PastRun) => number): number => Math.max(...runs.map(read))
  const longest = most(({ seconds }) => seconds)
  const changes = most(({ merges, splits, moves }) => Math.max(merges, splits, moves))
  return (
    <table class="cards past-runs">
      <thead>
        <tr>
          <th class="number">Run</th>
          <th>When</th>
          <th class="number">Took</th>
          <th class="number">Records up to</th>
          <th class="number">Profiles</th>
          <th class="number">Confirmed</th>
          <th class="number">Merges</th>
          <th class="number">Splits</th>
          <th class="number">Moves</th>
          <th>Policy</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run, i) => (
          <tr key={run.run}>
            <td class="number" data-label="Run">
              {run.run}
            </td>
            <td data-label="When">
              <When at={run.started_at} />
            </td>
            <Number label="Took" n={run.seconds} most={longest} said={duration(run.seconds)} />
            <td class="number" data-label="Records up to">
              {count(run.up_to)}
            </td>
            <td class="number" data-label="Profiles">
              {count(run.profiles)}
            </td>
            <Number label="Confirmed" n={run.confirmed} most={run.profiles} />
            <Number label="Merges" n={run.merges} most={changes} />
            <Number label="Splits" n={run.splits} most={changes} />
            <Number label="Moves" n={run.moves} most={changes} />
            <td data-label="Policy">
              <code title={run.policy_version}>{run.policy_version.slice(0, 8)}</code>
              {runs[i + 1] !== undefined && runs[i + 1]?.policy_version !== run.policy_version && (
                <span class="badge">changed</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Number({
  label,
  n,
  most,
  said = count(n),
}: {
  readonly label: string
  readonly n: number
  readonly most: number
  readonly said?: string
}) {
  return (
    <td class="number" data-label={label}>
      {said} <Bar of={n} most={most} />
    </td>
  )
}
