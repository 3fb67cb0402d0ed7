// Published: what became of profiles, what stewards are asked and have decided, and the runs themselves.

import type { Dialect } from '../../ports/batch-engine.ts'
import type { PublishedTable } from './published-table.ts'

const time = (d: Dialect, column: string): string => d.timestamp(column)

/** A row a change, a question or verdict, a run. */
export function historyTables(): readonly PublishedTable[] {
  return [
    {
      table: 'lineage',
      sql: () => 'SELECT * FROM lineage_now',
    },
    {
      table: 'reviews',
      sql: (d) => `
SELECT r.review_id AS review_id, r.status AS status, a.type AS a_type, a.value AS a_value, an.profile_id AS a_profile_id,
  b.type AS b_type, b.value AS b_value, bn.profile_id AS b_profile_id, r.guard AS guard, r.reason AS reason,
  CASE WHEN r.status = 'open' THEN r.confidence_ppm / 1000000.0 END AS confidence,
  CASE WHEN r.scored_by <> '' THEN r.confidence_ppm / 1000000.0 END AS probability,
  CASE WHEN r.scored_by <> '' THEN r.scored_by END AS scored_by,
  CASE WHEN r.status = 'open' THEN r.worth END AS worth, r.author AS author,
  CASE WHEN r.at_ms > 0 THEN ${time(d, 'r.at_ms')} END AS decided_at
FROM review r
LEFT JOIN identifier a ON a.id = r.a_id
LEFT JOIN membership am ON am.node = a.node
LEFT JOIN profile_name an ON an.grp = am.grp
LEFT JOIN identifier b ON b.id = r.b_id
LEFT JOIN membership bm ON bm.node = b.node
LEFT JOIN profile_name bn ON bn.grp = bm.grp`,
    },
    {
      table: 'runs',
      sql: (d) => `
SELECT run_id, ${time(d, 'started_ms')} AS started_at, took_ms / 1000.0 AS seconds, up_to, policy_version, identifiers,
  profiles, confirmed, merges, splits, moves, awaiting
FROM past_run`,
    },
  ]
}
