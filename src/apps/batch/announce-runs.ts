// Tells the feed of runs that were published. Invariant: each once, also when the process was killed in between: how far
// it was told is stored with what was told, and what is missing comes when the account is opened to write.

import type { RunRow } from '../../flows/tell-history.ts'
import { EMPTY_COMMIT } from '../../ports/empty-commit.ts'
import type { Announced, IdentityStore } from '../../ports/identity-store.ts'
import type { AccountLayout } from '../account/layout.ts'
import { readPastRuns } from './past-runs.ts'

/** Its position is the number of the latest run that was announced. */
const SOURCE = 'runs'

/** @throws {UserError} when the list of runs cannot be read. @throws {StoreError} */
export async function announceRuns(
  store: Pick<IdentityStore, 'position' | 'commit'>,
  layout: AccountLayout,
): Promise<void> {
  const runs = await readPastRuns(layout)
  const latest = runs.at(-1)?.run ?? 0
  const told = await store.position(SOURCE)
  if (latest === told || latest === 0) return
  // Fewer than were told: somebody has deleted the warehouse, and its numbers began anew.
  const missing = latest < told ? runs : runs.filter(({ run }) => run > told)
  const announced = missing.map(announcementOf)
  // A conflict says that somebody else has just told them.
  const applied = [{ source: SOURCE, from: told, to: latest }]
  await store.commit({ ...EMPTY_COMMIT, applied, announced })
}

const MS_PER_SECOND = 1_000

function announcementOf(row: RunRow): Announced {
  const { run, started_at: startedAt, seconds, profiles, confirmed, merges, splits } = row
  return {
    event: 'run.finished',
    subject: String(run),
    at: Math.round(startedAt + seconds * MS_PER_SECOND),
    reason: `run ${run}: ${profiles} profiles, ${confirmed} newly confirmed, ${merges} merges, ${splits} splits`,
  }
}
