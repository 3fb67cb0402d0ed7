// What ips and device signatures say of pairs of cookies, and of their groups.
// Invariant: of the pairs it is given, as `core/profile/candidates.ts` and `core/evidence/pair.ts` weigh them.

import type { Policy } from '../../core/policy/policy.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import { SIGHTINGS_PER_DAY_MAX } from '../../core/evidence/crowd.ts'
import { ageingSql } from '../policy-tables.ts'
import type { Stage } from '../stage.ts'

/**
 * Needs `alike_pair`, `bearer`, `step_rule`. Makes
 * `signal`: pair, candidate (0 or 1), ip, signature: the best of each, `best` of its evidence and gap.
 * `alike`: low, high, a, b (the two that are most alike), low_cookies, high_cookies, evidence, candidate signals as in
 * `PairSignals`: ip, signature, cross_ip, cross_signature, cross_both (0 or 1), and ip_gap, cross_ip_gap (hours); groups
 * worth a question, the strongest, at most so many.
 */
export function signalStages(policy: Policy, pairsMax: number): readonly Stage[] {
  return [
    { name: 'ageing_rule', sql: (d) => ageingSql(d, policy) },
    { name: 'borne', sql: borne },
    { name: 'weighed', sql: weighed },
    { name: 'signal', sql: () => SIGNAL },
    { name: 'alike', sql: (d) => alike(d, policy, pairsMax) },
  ]
}

/** When one of two cookies was seen with what both were ever seen with. */
function sideSql(own: 'a' | 'b'): string {
  return `
  SELECT h.pair AS pair, h.witness AS witness, h.type AS type, s.day AS day,
    ${own === 'a' ? 's.hours' : '0'} AS a_hours, ${own === 'b' ? 's.hours' : '0'} AS b_hours
  FROM sighting s JOIN had h ON h.witness = s.witness AND h.${own} = s.cookie`
}

/** The first and the last hour of a day, in hours since 1970. */
function spanSql(own: 'a' | 'b'): string {
  return `d.day * 24 + ${lowestHour(`d.${own}_hours`)} AS ${own}_first, d.day * 24 + ${highestHour(`d.${own}_hours`)} AS ${own}_last`
}

/** pair, witness, type, day, people, and of either cookie the hours of the day (0: not seen), the first and the last. */
function borne(d: Dialect): string {
  return `
WITH had AS (
  SELECT p.pair AS pair, p.a AS a, p.b AS b, x.witness AS witness, x.type AS type
  FROM alike_pair p JOIN bearer x ON x.cookie = p.a JOIN bearer y ON y.cookie = p.b AND y.witness = x.witness
), side AS (${sideSql('a')}
  UNION ALL${sideSql('b')}
), day AS (
  SELECT pair, witness, type, day, max(a_hours) AS a_hours, max(b_hours) AS b_hours
  FROM side GROUP BY pair, witness, type, day
)
SELECT d.pair AS pair, d.witness AS witness, d.type AS type, d.day AS day, c.people AS people,
  CASE WHEN d.a_hours > 0 AND d.b_hours > 0 THEN ${sameDayGap(d, 'd.a_hours', 'd.b_hours')} END AS same_day_gap,
  ${spanSql('a')}, ${spanSql('b')}
FROM day d JOIN crowd c ON c.witness = d.witness AND c.day = d.day AND c.cookies <= ${SIGHTINGS_PER_DAY_MAX}`
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** The highest bit of a mask; NULL for 0. */
function highestHour(mask: string): string {
  const steps = HOURS.toReversed().map((hour) => `WHEN ${mask} >= ${2 ** hour} THEN ${hour}`)
  return `CASE ${steps.join(' ')} END`
}

/** The lowest bit of a mask; NULL for 0. */
function lowestHour(mask: string): string {
  const steps = HOURS.map((hour) => `WHEN (${mask} & ${2 ** hour}) <> 0 THEN ${hour}`)
  return `CASE ${steps.join(' ')} END`
}

const wide = (mask: string): string => `CAST(${mask} AS BIGINT)`

/** Smallest distance of an hour of one mask from an hour of the other. */
function sameDayGap(d: Dialect, a: string, b: string): string {
  const steps = HOURS.map(
    (gap) =>
      `WHEN (${wide(a)} & ${d.shiftLeft(wide(b), gap)}) <> 0 OR (${wide(b)} & ${d.shiftLeft(wide(a), gap)}) <> 0 THEN ${gap}`,
  )
  return `CASE ${steps.join(' ')} END`
}

/** More than any gap in hours: evidence times this and a gap make one number, so that the best brings its gap along. */
const GAP_MAX = 2 ** 20

/** The evidence of such a number, and its gap. */
const evidenceIn = (d: Dialect, best: string): string =>
  `CAST(${d.wholeDivision(best, String(GAP_MAX))} AS INTEGER)`
const gapIn = (best: string): string => `CAST(${GAP_MAX - 1} - (${best}) % ${GAP_MAX} AS INTEGER)`

/** The latest of the days before, in hours. */
const since = (last: string): string =>
  `max(${last}) OVER (PARTITION BY b.pair, b.witness, r.ceiling ORDER BY b.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`

/**
 * pair, type, candidate, best. The nearest two sightings are found by going through the days of both once, for each step
 * of crowds: of the days so far the latest counts, so this takes no longer the longer the window is.
 */
function weighed(d: Dialect): string {
  const worth = `CASE WHEN p.together = 1 THEN g.together ELSE g.apart END * n.permille`
  const halved = `CASE WHEN ${tellsDevicesApart('i.namespace')} OR n.type = 'ip' THEN 1000 ELSE 2000 END`
  return `
WITH fullest AS (SELECT pair, witness, max(people) AS people FROM borne GROUP BY pair, witness),
near AS (
  SELECT b.pair AS pair, b.witness AS witness, b.type AS type, r.ceiling AS ceiling, r.permille AS permille,
    r.candidate AS candidate, b.same_day_gap AS same_day, b.a_first - ${since('b.b_last')} AS after_b,
    b.b_first - ${since('b.a_last')} AS after_a
  FROM borne b
  JOIN fullest f ON f.pair = b.pair AND f.witness = b.witness
  JOIN step_rule r ON r.type = b.type AND b.people <= r.ceiling AND f.people > r.above
), nearest AS (
  SELECT pair, witness, type, permille, candidate, least(coalesce(min(same_day), ${GAP_MAX}),
    coalesce(min(after_a), ${GAP_MAX}), coalesce(min(after_b), ${GAP_MAX})) AS gap
  FROM near GROUP BY pair, witness, type, ceiling, permille, candidate
)
SELECT n.pair AS pair, n.type AS type, n.candidate AS candidate, CAST(${d.wholeDivision(worth, halved)} AS BIGINT) * ${GAP_MAX}
  + ${GAP_MAX - 1} - g.gap AS best
FROM nearest n
JOIN ageing_rule g ON g.type = n.type AND g.gap = n.gap
JOIN alike_pair p ON p.pair = n.pair
JOIN identifier i ON i.node = n.witness`
}

/** Screen and GPU are what differs most between devices; a signature without either weighs half. */
function tellsDevicesApart(namespace: string): string {
  const parts = `concat('+', split_part(${namespace}, '@', 1), '+')`
  return `(${parts} LIKE '%+screen+%' AND ${parts} LIKE '%+gpu+%')`
}

/** A number that stands for no evidence, and no gap. */
const NOTHING = GAP_MAX - 1

const SIGNAL = `
SELECT pair, max(candidate) AS candidate,
  max(CASE WHEN type = 'ip' THEN best ELSE ${NOTHING} END) AS ip,
  max(CASE WHEN type = 'device_signature' THEN best ELSE ${NOTHING} END) AS signature
FROM weighed GROUP BY pair`

/** A signal of cookies that share a site (1), or of those that do not. */
const bestOf = (signal: 'ip' | 'signature', together: 0 | 1): string =>
  `CASE WHEN p.together = ${together} THEN s.${signal} ELSE ${NOTHING} END`

/** Each best of a group's pairs, then the sum; what would join two groups is no question. */
function alike(d: Dialect, policy: Policy, pairsMax: number): string {
  const { ipAndSignatureCrossSite: both } = policy.signals
  const evidence = (cross: string): string =>
    `greatest(ip + signature, CASE WHEN ${cross} THEN ${both} ELSE greatest(cross_ip, cross_signature) END)`
  return `
WITH told AS (
  SELECT p.low AS low, p.high AS high, p.a AS a, p.b AS b, p.low_cookies AS low_cookies, p.high_cookies AS high_cookies, s.candidate AS candidate,
    ${bestOf('ip', 1)} AS best_ip, ${bestOf('ip', 0)} AS best_cross_ip, ${bestOf('signature', 1)} AS best_signature,
    ${bestOf('signature', 0)} AS best_cross_signature
  FROM alike_pair p JOIN signal s ON s.pair = p.pair
), split AS (
  SELECT *, ${evidenceIn(d, 'best_ip')} AS ip, ${evidenceIn(d, 'best_cross_ip')} AS cross_ip,
    ${evidenceIn(d, 'best_signature')} AS signature, ${evidenceIn(d, 'best_cross_signature')} AS cross_signature FROM told
), placed AS (
  SELECT *, CASE WHEN cross_ip > 0 AND cross_signature > 0 THEN 1 ELSE 0 END AS cross_both,
    row_number() OVER (PARTITION BY low, high ORDER BY ${evidence('cross_ip > 0 AND cross_signature > 0')} DESC, a, b) AS place
  FROM split
), summed AS (
  SELECT low, high, max(CASE WHEN place = 1 THEN a END) AS a, max(CASE WHEN place = 1 THEN b END) AS b,
    max(low_cookies) AS low_cookies, max(high_cookies) AS high_cookies,
    max(ip) AS ip, max(signature) AS signature, max(cross_ip) AS cross_ip, max(cross_signature) AS cross_signature,
    max(cross_both) AS cross_both, ${gapIn('max(best_ip)')} AS ip_gap, ${gapIn('max(best_cross_ip)')} AS cross_ip_gap
  FROM placed GROUP BY low, high HAVING max(candidate) = 1
), scored AS (SELECT *, ${evidence('cross_both = 1')} AS evidence FROM summed)
SELECT low, high, a, b, low_cookies, high_cookies, CAST(evidence AS INTEGER) AS evidence, ip, signature, cross_ip, cross_signature, cross_both,
  ip_gap, cross_ip_gap
FROM scored WHERE evidence >= ${policy.questionEvidence} AND evidence < ${policy.mergeEvidence}
ORDER BY evidence DESC, low_cookies * high_cookies DESC, low, high LIMIT ${pairsMax}`
}
