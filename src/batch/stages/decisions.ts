// The decision records of the log.

import type { Decree } from '../../core/profile/apply-decree.ts'
import type { Cell, Dialect } from '../../ports/batch-engine.ts'
import type { Decided } from '../decrees.ts'

/** position (DOUBLE), id, at_ms (DOUBLE), decision (JSON), in the order of the log. */
export const DECISIONS_SQL = (d: Dialect, events: readonly string[]): string => `
SELECT CAST(position AS DOUBLE) AS position, id, CAST(epoch_ms(e.at) AS DOUBLE) AS at_ms, decision
FROM ${d.parquet(events)} e WHERE e.kind = 'decision' ORDER BY position`

/** Our own writing, so its types are taken for granted. */
export function decidedOf(row: Readonly<Record<string, Cell>>): Decided {
  const { author, decision } = JSON.parse(String(row['decision'])) as {
    author: string
    decision: Decree
  }
  const { position, id, at_ms: at } = row
  return { position: Number(position), id: String(id), at: Number(at), author, decree: decision }
}
