// Whose every event is, and to which session it belongs: the profile of its strongest identifier; on a shared cookie that
// session's person, or nobody. Invariant: as `core/profile/ownership.ts` decides it.

import type { Dialect } from '../../ports/batch-engine.ts'
import type { Stage } from '../stage.ts'
import { type Erased, idOf, type LogInput } from './log.ts'

export interface EventsInput extends LogInput {
  /** A longer silence ends a session, minutes. */
  readonly sessionGapMinutes: number
}

/** Ranks are below it, and so are the numbers of identifiers: rank and number go into one whole number. */
const RANK_MAX = 1_000_000
const NODES_MAX = 4_294_967_296

/**
 * `event`: position, at_ms, cookie (node; NULL for none), grp (whose it is; NULL for nobody's), session (position of
 * its first event; NULL without a cookie). A session is what one profile did on one cookie without a longer silence.
 */
export function eventStages({ parts, erased, sessionGapMinutes }: EventsInput): readonly Stage[] {
  const gapMs = sessionGapMinutes * 60_000
  const events = (d: Dialect): string => d.parquet(parts.map((part) => part.events))
  return [
    {
      name: 'owner',
      sql: () => `
SELECT i.id AS id, i.node AS node, m.grp AS grp, m.shared AS shared, t.rank AS rank
FROM identifier i JOIN membership m ON m.node = i.node JOIN type_rule t ON t.type = i.type`,
    },
    {
      name: 'naming',
      sql: (d) => `
WITH one AS (
  SELECT e.position AS position, ${d.eachOf('e.named')} AS id FROM ${events(d)} e WHERE ${d.lengthOf('e.named')} > 0
), best AS (
  SELECT o.position AS position, min((${RANK_MAX} - w.rank) * ${NODES_MAX} + w.node) AS best
  FROM one o JOIN owner w ON w.id = o.id AND ${standing(erased, 'o.id', 'o.position')}
  GROUP BY o.position
)
SELECT b.position AS position, m.grp AS grp
FROM best b JOIN membership m ON m.node = b.best % ${NODES_MAX}`,
    },
    {
      name: 'owned',
      sql: (d) => `
SELECT e.position AS position, epoch_ms(e.at) AS at_ms, w.node AS cookie, coalesce(w.shared, 0) AS shared,
  n.grp AS named_grp, coalesce(n.grp, w.grp) AS grp
FROM ${events(d)} e
LEFT JOIN owner w ON w.id = e.cookie AND ${standing(erased, 'e.cookie', 'e.position')}
LEFT JOIN naming n ON n.position = e.position
WHERE e.kind = 'message'`,
    },
    { name: 'shared_event', sql: (d) => sharedEvents(events(d), gapMs) },
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
function sharedEvents(events: string, gapMs: number): string {
  return `
WITH told AS (
  SELECT o.position AS position, o.at_ms AS at_ms, e.id AS event_id, o.cookie AS cookie, o.named_grp AS named_grp
  FROM ${events} e JOIN owned o ON o.position = e.position AND o.shared = 1
), begun AS (
  SELECT position, at_ms, event_id, cookie, named_grp,
    CASE WHEN at_ms - lag(at_ms) OVER w <= ${gapMs} THEN 0 ELSE 1 END AS begins
  FROM told WINDOW w AS (PARTITION BY cookie ORDER BY at_ms, position)
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
