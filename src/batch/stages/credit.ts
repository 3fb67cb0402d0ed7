// Conversions, and who gets credit for them: touchpoints of the same person up to the conversion, on whatever device.
// Invariant: of each conversion with a touchpoint the shares add up to 1 under every model. As much work as there is credit.

import type { Conversion } from '../../core/policy/conversions.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import { foldSql } from '../channel-tables.ts'
import { table } from '../policy-tables.ts'
import type { Stage } from '../stage.ts'

const DAY_MS = 86_400_000

/** Of somebody with more touchpoints before a conversion the last so many count: a machine would otherwise have millions. */
const CREDITED_TOUCHPOINTS_MAX = 500

/** Revenue beyond this is a mistake and no number to add up. */
const REVENUE_MOST = 1e15

/**
 * `conversion`: position (of its event), at_ms, grp, cookie, session, name (as configured), value, currency (of a
 * revenue); NULL where there is none.
 */
export function conversionStages(
  parts: readonly LogColumns[],
  conversions: readonly Conversion[],
): readonly Stage[] {
  const events = (d: Dialect): string => d.parquet(parts.map((part) => part.events))
  return [
    { name: 'conversion_rule', sql: (d) => ruleSql(d, conversions) },
    {
      name: 'conversion_name',
      sql: (d) => `
WITH seen AS (SELECT DISTINCT name FROM ${events(d)} WHERE kind = 'message' AND type = 'track'),
rule AS (SELECT *, ${foldSql(d, 'name')} AS folded FROM conversion_rule),
matched AS (
  SELECT s.name AS event, r.name AS name, r.worth AS worth, r.value AS value,
    row_number() OVER (PARTITION BY s.name ORDER BY r.name) AS place
  FROM seen s JOIN rule r ON r.folded = ${foldSql(d, 's.name')}
)
SELECT event, name, worth, value FROM matched WHERE place = 1`,
    },
    {
      name: 'conversion',
      sql: (d) => `
WITH converting AS (
  SELECT e.position AS position, n.name AS name,
    CASE n.worth WHEN 'revenue' THEN CASE WHEN e.revenue BETWEEN -${REVENUE_MOST} AND ${REVENUE_MOST} THEN e.revenue END
      WHEN 'fixed' THEN n.value END AS value,
    CASE WHEN n.worth = 'revenue' THEN nullif(upper(trim(e.currency)), '') END AS currency
  FROM ${events(d)} e JOIN conversion_name n ON n.event = e.name
  WHERE e.kind = 'message' AND e.type = 'track'
)
SELECT v.position AS position, v.at_ms AS at_ms, v.grp AS grp, v.cookie AS cookie, v.session AS session,
  c.name AS name, c.value AS value, c.currency AS currency
FROM event v JOIN converting c ON c.position = v.position`,
    },
  ]
}

function ruleSql(d: Dialect, conversions: readonly Conversion[]): string {
  const rows = conversions.map(({ name, worth }) =>
    typeof worth === 'number' ? [name, 'fixed', `${worth}`] : [name, worth, '0'],
  )
  // A table must have a row; no event is without a name.
  const rules = table(d, ['name', 'worth', 'value'], [...rows, ['', 'count', '0']])
  return `SELECT name, worth, CAST(value AS DOUBLE) AS value FROM (${rules}) AS typed WHERE name <> ''`
}

/**
 * `credit`: conversion, touchpoint (positions of their events), grp, nth, touchpoints (it is the nth of so many, by time),
 * and its share under each model: first_touch, last_touch, linear, position_based.
 */
export function creditStages(lookbackDays: number): readonly Stage[] {
  return [
    {
      name: 'credit_touch',
      sql: () => `
SELECT t.grp AS grp, t.position AS position, t.at_ms AS at_ms, t.channel <> 'direct' AS led,
  row_number() OVER (PARTITION BY t.grp ORDER BY t.at_ms, t.position) AS n
FROM touchpoint t JOIN (SELECT DISTINCT grp FROM conversion WHERE grp IS NOT NULL) c ON c.grp = t.grp`,
    },
    { name: 'credit_path', sql: () => paths(lookbackDays * DAY_MS) },
    {
      name: 'credit',
      sql: (d) => `
WITH one AS (
  SELECT conversion, grp, first_n, last_n, led_n, last_n - first_n + 1 AS touchpoints,
    ${d.eachOf(d.numbers('first_n', 'last_n'))} AS n
  FROM credit_path
)
SELECT o.conversion AS conversion, t.position AS touchpoint, o.grp AS grp, o.n - o.first_n + 1 AS nth,
  o.touchpoints AS touchpoints,
  CAST(CASE WHEN o.n = o.first_n THEN 1 ELSE 0 END AS DOUBLE) AS first_touch,
  CAST(CASE WHEN o.n = o.led_n THEN 1 ELSE 0 END AS DOUBLE) AS last_touch,
  1 / CAST(o.touchpoints AS DOUBLE) AS linear,
  CAST(CASE WHEN o.touchpoints = 1 THEN 1 WHEN o.touchpoints = 2 THEN 0.5
    WHEN o.n = o.first_n OR o.n = o.last_n THEN 0.4 ELSE 0.2 / CAST(o.touchpoints - 2 AS DOUBLE) END AS DOUBLE) AS position_based
FROM one o JOIN credit_touch t ON t.grp = o.grp AND t.n = o.n`,
    },
  ]
}

/**
 * Of each conversion the numbers of its first and last touchpoint, and of the last that is not direct. Touchpoints,
 * conversions (part 1) and beginnings of look-backs (part 2) stand in one line by person, so that no two lists are held
 * against each other.
 */
function paths(lookbackMs: number): string {
  return `
WITH line AS (
  SELECT grp, at_ms, position, 0 AS part, n, CASE WHEN led THEN n END AS led_n, CAST(NULL AS BIGINT) AS conversion
  FROM credit_touch
  UNION ALL
  SELECT grp, at_ms, position, 1, NULL, NULL, position FROM conversion WHERE grp IS NOT NULL
  UNION ALL
  SELECT grp, at_ms - ${lookbackMs}, -1, 2, NULL, NULL, position FROM conversion WHERE grp IS NOT NULL
), counted AS (
  SELECT grp, conversion, part, max(n) OVER w AS n, max(led_n) OVER w AS led_n
  FROM line WINDOW w AS (PARTITION BY grp ORDER BY at_ms, position, part ROWS UNBOUNDED PRECEDING)
), ends AS (
  SELECT conversion, min(grp) AS grp, max(CASE WHEN part = 1 THEN n END) AS last_n,
    coalesce(max(CASE WHEN part = 2 THEN n END), 0) + 1 AS since_n, max(CASE WHEN part = 1 THEN led_n END) AS led_n
  FROM counted WHERE conversion IS NOT NULL GROUP BY conversion
), bounded AS (
  SELECT conversion, grp, last_n, greatest(since_n, last_n - ${CREDITED_TOUCHPOINTS_MAX - 1}) AS first_n, led_n
  FROM ends WHERE last_n >= since_n
)
SELECT conversion, grp, first_n, last_n, CASE WHEN led_n >= first_n THEN led_n ELSE last_n END AS led_n
FROM bounded`
}
