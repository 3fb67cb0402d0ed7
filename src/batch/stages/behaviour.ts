// What cookies did, as whole numbers: the pages they saw, when, and where their sessions begin.
// Invariant: only cookies of pairs that are asked about, and of each the latest events only.

import type { LogColumns } from '../../ports/columnar-log.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { Stage } from '../stage.ts'

/** Path of a URL, without what is asked of it. */
const PATH_PATTERN = '^[^:/?#]+://[^/?#]*([^?#]*)'
const HOUR_MS = 3_600_000

/** Tables that only others are made of. */
export const BEHAVIOUR_PASSING = ['latest', 'page', 'act'] as const

/**
 * Needs `event` and `alike`. A page is a path of a site. Makes `page`: text, page (0, 1, … in the order of texts), seen (by
 * how many of the cookies); `act`: cookie, page (−1 for none), hour (of the UTC day), begins (0 or 1), nth (from 1).
 */
export function behaviourStages(
  parts: readonly LogColumns[],
  eventsPerCookieMax: number,
): readonly Stage[] {
  return [
    { name: 'latest', sql: (d) => latest(d, parts, eventsPerCookieMax) },
    { name: 'page', sql: () => PAGE },
    { name: 'act', sql: act },
  ]
}

/** cookie, nth, at_ms, begins (0 or 1), page (text; '' for none). */
function latest(d: Dialect, parts: readonly LogColumns[], eventsPerCookieMax: number): string {
  const path = `regexp_extract(p.page_url, ${d.text(PATH_PATTERN)}, 1)`
  return `
WITH cookies AS (SELECT a AS cookie FROM alike UNION SELECT b FROM alike),
placed AS (
  SELECT e.cookie AS cookie, e.position AS position, e.at_ms AS at_ms, e.session AS session,
    row_number() OVER (PARTITION BY e.cookie ORDER BY e.at_ms DESC, e.position DESC) AS place
  FROM event e JOIN cookies c ON c.cookie = e.cookie
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY cookie ORDER BY at_ms, position) AS nth,
    CASE WHEN lag(session) OVER (PARTITION BY cookie ORDER BY at_ms, position) = session THEN 0 ELSE 1 END AS begins
  FROM placed WHERE place <= ${eventsPerCookieMax}
)
SELECT s.cookie AS cookie, CAST(s.nth AS INTEGER) AS nth, s.at_ms AS at_ms, CAST(s.begins AS INTEGER) AS begins,
  CASE WHEN p.page_url <> '' THEN concat(p.site, ' ', ${path}) ELSE '' END AS page
FROM ${d.parquet(parts.map(({ events }) => events))} p JOIN numbered s ON s.position = p.position`
}

const PAGE = `
SELECT page AS text, CAST(row_number() OVER (ORDER BY page) - 1 AS INTEGER) AS page,
  CAST(count(DISTINCT cookie) AS INTEGER) AS seen
FROM latest WHERE page <> '' GROUP BY latest.page`

function act(d: Dialect): string {
  return `
SELECT l.cookie AS cookie, coalesce(p.page, -1) AS page,
  CAST(${d.wholeDivision('l.at_ms', String(HOUR_MS))} % 24 AS INTEGER) AS hour, l.begins AS begins, l.nth AS nth
FROM latest l LEFT JOIN page p ON p.text = l.page`
}

/** cookie, page, hour, begins, those of a cookie together and oldest first. */
export const ACTS_SQL = 'SELECT cookie, page, hour, begins FROM act ORDER BY cookie, nth'

/** page, seen. */
export const PAGES_SQL = 'SELECT page, seen FROM page'
