// Whose every event is, and to which session it belongs: the profile of its strongest identifier; on a shared cookie that
// session's person, or nobody. Invariant: as `core/profile/ownership.ts` decides it.

import type { Stage } from '../stage.ts'
import { type Erased, idOf, type LogInput } from './log.ts'

export interface EventsInput extends LogInput {
  /** A longer silence ends a session, minutes. */
  readonly sessionGapMinutes: number
}

/**
 * `event`: position, at_ms, cookie (node; NULL for none), grp (whose it is; NULL for nobody's), session (position of
 * its first event; NULL without a cookie). A session is what one profile did on one cookie without a longer silence.
 */
export function eventStages({ parts, erased, sessionGapMinutes }: EventsInput): readonly Stage[] {
  const gapMs = sessionGapMinutes * 60_000
  return [
    {
      name: 'message',
      sql: (d) => `
SELECT e.position AS position, epoch_ms(e.at) AS at_ms, c.node AS cookie, m.grp AS cookie_grp, m.shared AS shared,
  e.named AS named, CASE WHEN m.shared = 1 THEN e.id END AS event_id
FROM ${d.parquet(parts.map((p) => p.events))} e
LEFT JOIN identifier c ON c.id = e.cookie AND ${standing(erased, 'e.cookie', 'e.position')}
LEFT JOIN membership m ON m.node = c.node
WHERE e.kind = 'message'`,
    },
    {
      name: 'naming',
      sql: (d) => `
WITH one AS (SELECT position, ${d.eachOf('named')} AS id FROM message WHERE ${d.lengthOf('named')} > 0),
ranked AS (
  SELECT o.position AS position, m.grp AS grp, row_number() OVER (
    PARTITION BY o.position ORDER BY t.rank DESC, i.node) AS place
  FROM one o
  JOIN identifier i ON i.id = o.id AND ${standing(erased, 'o.id', 'o.position')}
  JOIN type_rule t ON t.type = i.type
  JOIN membership m ON m.node = i.node
)
SELECT position, grp FROM ranked WHERE place = 1`,
    },
    {
      name: 'owned',
      sql: () => `
SELECT m.position AS position, m.at_ms AS at_ms, m.cookie AS cookie, coalesce(m.shared, 0) AS shared, m.event_id AS event_id,
  n.grp AS named_grp, coalesce(n.grp, m.cookie_grp) AS grp
FROM message m LEFT JOIN naming n ON n.position = m.position`,
    },
    { name: 'shared_event', sql: () => sharedEvents(gapMs) },
    {
      name: 'event',
      sql: () => `
WITH given AS (
  SELECT o.position AS position, o.at_ms AS at_ms, o.cookie AS cookie,
    CASE WHEN o.shared = 1 THEN s.grp ELSE o.grp END AS grp
  FROM owned o LEFT JOIN shared_event s ON s.position = o.position
), begun AS (
  SELECT position, at_ms, cookie, grp, CASE WHEN cookie IS NULL THEN 0
    WHEN lag(position) OVER w IS NULL OR at_ms - lag(at_ms) OVER w > ${gapMs} OR lag(grp) OVER w IS DISTINCT FROM grp
    THEN 1 ELSE 0 END AS begins
  FROM given WINDOW w AS (PARTITION BY cookie ORDER BY at_ms, position)
)
SELECT position, at_ms, cookie, grp, CASE WHEN cookie IS NOT NULL THEN
  last_value(CASE WHEN begins = 1 THEN position END IGNORE NULLS) OVER (
    PARTITION BY cookie ORDER BY at_ms, position ROWS UNBOUNDED PRECEDING) END AS session
FROM begun`,
    },
  ]
}

/** What an identifier said before it was erased is nobody's, though it may have come again since. */
function standing(erased: readonly Erased[], id: string, position: string): string {
  const gone = erased.map(({ key, before }) => `(${id} = ${idOf(key)} AND ${position} < ${before})`)
  return gone.length === 0 ? 'true' : `NOT (${gone.join(' OR ')})`
}

/** Events on shared cookies: of a session that names one person all are theirs; else each is the last one's named. */
function sharedEvents(gapMs: number): string {
  return `
WITH begun AS (
  SELECT position, at_ms, event_id, cookie, named_grp,
    CASE WHEN at_ms - lag(at_ms) OVER w <= ${gapMs} THEN 0 ELSE 1 END AS begins
  FROM owned WHERE shared = 1 WINDOW w AS (PARTITION BY cookie ORDER BY at_ms, position)
), numbered AS (
  SELECT *, sum(begins) OVER (PARTITION BY cookie ORDER BY at_ms, position ROWS UNBOUNDED PRECEDING) AS session
  FROM begun
), people AS (
  SELECT cookie, session, min(named_grp) AS least, max(named_grp) AS most
  FROM numbered GROUP BY cookie, session
)
SELECT n.position AS position, CASE WHEN p.least = p.most THEN p.least
  ELSE last_value(n.named_grp IGNORE NULLS) OVER (
    PARTITION BY n.cookie, n.session ORDER BY n.at_ms, n.event_id ROWS UNBOUNDED PRECEDING) END AS grp
FROM numbered n JOIN people p ON p.cookie = n.cookie AND p.session = n.session`
}
