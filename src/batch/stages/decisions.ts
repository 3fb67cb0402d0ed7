// The decision records of the log.

import type { Decree } from '../../core/profile/apply-decree.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { Decided } from '../decrees.ts'

/** position (DOUBLE), id, at_ms (DOUBLE), decision (JSON), in the order of the log. */
export const DECISIONS_SQL = (d: Dialect, events: readonly string[]): string => `
SELECT CAST(position AS DOUBLE) AS position, id, CAST(epoch_ms(e.at) AS DOUBLE) AS at_ms, decision
FROM ${d.parquet(events)} e WHERE e.kind = 'decision' ORDER BY position`

export interface DecisionRow {
  readonly position: number
  readonly id: string
  readonly at_ms: number
  readonly decision: string
}

/** Our own writing, so its types are taken for granted. */
export function decidedOf({ position, id, at_ms: at, decision: text }: DecisionRow): Decided {
  const { author, decision } = JSON.parse(text) as {
    author: string
    decision: Decree
  }
  return { position, id, at, author, decree: decision }
}
