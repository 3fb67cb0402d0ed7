// Groups that may be alike: cookies of different groups that shared an ip while few people had it.
// Invariant: what a guard would surely refuse is left out, as in stage B, where it does not compete.

import type { Policy } from '../../core/policy/policy.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import { bringsUpMax, capRuleSql, ipSuffices, stepRuleSql } from '../alike-rules.ts'
import { SIGHTINGS_PER_DAY_MAX } from '../../core/evidence/crowd.ts'
import type { Stage } from '../stage.ts'
import { signalStages } from './alike-signals.ts'
import { sitesSql } from './log.ts'

/** Tables that only others are made of. */
export const ALIKE_PASSING = [
  'step_rule',
  'cap_rule',
  'ageing_rule',
  'ruled',
  'neighbour',
  'met',
  'held',
  'alike_pair',
  'device',
  'bearer',
  'borne',
  'weighed',
  'signal',
] as const

/**
 * Pairs come up by ips alone, on one day or two in a row: a household is a few people, a device signature is borne by
 * half a town. So the work grows with the sightings, not with their square. What signatures say is weighed for these
 * pairs only, over their whole window.
 *
 * Needs the tables of a partition, `crowd`, and `ruled` (low, high: groups that a verdict is about). Makes
 * `met`: a, b (cookies, a < b), low, high (their groups, low < high); whom an ip brings up.
 * `alike_pair`: pair, a, b, low, high, low_cookies, high_cookies (how many each has), together (0 or 1: they share a site); those of
 * whom a question could come.
 * `signal` and `alike`: see `signalStages`.
 */
export function alikeStages(policy: Policy, pairsMax: number): readonly Stage[] {
  return [
    { name: 'step_rule', sql: (d) => stepRuleSql(d, policy) },
    { name: 'cap_rule', sql: (d) => capRuleSql(d, policy) },
    { name: 'neighbour', sql: () => neighbours(policy) },
    { name: 'met', sql: () => met(policy) },
    { name: 'held', sql: () => HELD },
    { name: 'device', sql: () => bearers('met', ['device_signature']) },
    { name: 'alike_pair', sql: (d) => pairs(d, policy) },
    { name: 'bearer', sql: () => bearers('alike_pair', ['device_signature', 'ip']) },
    ...signalStages(policy, pairsMax),
  ]
}

/** Who was seen with an ip on a day when few were. */
function neighbours(policy: Policy): string {
  return `
WITH seen AS (
  SELECT s.witness AS witness, s.day AS day, s.cookie AS cookie, m.grp AS grp
  FROM sighting s
  JOIN crowd c ON c.witness = s.witness AND c.day = s.day
  JOIN identifier i ON i.node = s.witness
  JOIN membership m ON m.node = s.cookie
  WHERE i.type = 'ip' AND c.people <= ${bringsUpMax(policy)} AND c.cookies <= ${SIGHTINGS_PER_DAY_MAX} AND m.shared = 0
    AND s.witness NOT IN (SELECT node FROM quarantine) AND s.cookie NOT IN (SELECT node FROM quarantine)
), several AS (SELECT witness FROM seen GROUP BY witness HAVING min(grp) <> max(grp))
SELECT x.witness AS witness, x.day AS day, x.cookie AS cookie, x.grp AS grp
FROM seen x JOIN several y ON y.witness = x.witness`
}

function met({ signals: { ip } }: Policy): string {
  const nextDay = `
  UNION ALL
  SELECT least(x.cookie, y.cookie), greatest(x.cookie, y.cookie), least(x.grp, y.grp), greatest(x.grp, y.grp)
  FROM neighbour x JOIN neighbour y ON y.witness = x.witness AND y.day = x.day + 1 AND y.grp <> x.grp`
  return `
WITH near AS (
  SELECT x.cookie AS a, y.cookie AS b, least(x.grp, y.grp) AS low, greatest(x.grp, y.grp) AS high
  FROM neighbour x JOIN neighbour y ON y.witness = x.witness AND y.day = x.day AND y.grp <> x.grp AND y.cookie > x.cookie
  ${ip.windowDays > 0 ? nextDay : ''}
)
SELECT DISTINCT a, b, low, high FROM near`
}

/**
 * grp, what, n, most: what a group holds of which a profile has a number only, as guards ask. Two e-mails that were both
 * logged in with are too many here whatever they have in common: a question too few, in the rare case of an id that both
 * name and that another guard keeps from joining them.
 */
const HELD = `
WITH side AS (SELECT low AS grp FROM met UNION SELECT high FROM met),
one AS (
  SELECT m.grp AS grp, i.node AS node, i.type AS type, i.namespace AS namespace
  FROM identifier i JOIN membership m ON m.node = i.node JOIN side s ON s.grp = m.grp WHERE i.type <> 'cookie'
), logged_in AS (SELECT DISTINCT e.to_node AS node FROM edge e JOIN kind_rule k ON k.code = e.kind AND k.login)
SELECT o.grp AS grp, concat('external_id:', o.namespace) AS what, count(*) AS n, 1 AS most
FROM one o JOIN unique_namespace u ON u.namespace = split_part(o.namespace, '@', 1)
WHERE o.type = 'external_id' GROUP BY o.grp, o.namespace
UNION ALL
SELECT o.grp, o.type, count(*), c.most FROM one o JOIN cap_rule c ON c.type = o.type GROUP BY o.grp, o.type, c.most
UNION ALL
SELECT o.grp, 'logged in', count(*), 1 FROM one o JOIN logged_in l ON l.node = o.node WHERE o.type = 'email' GROUP BY o.grp`

/** witness, type, cookie: what the cookies of pairs were ever seen with. */
function bearers(pairsIn: string, types: readonly string[]): string {
  return `
WITH cookies AS (SELECT a AS cookie FROM ${pairsIn} UNION SELECT b FROM ${pairsIn})
SELECT DISTINCT s.witness AS witness, i.type AS type, s.cookie AS cookie
FROM sighting s
JOIN cookies c ON c.cookie = s.cookie
JOIN identifier i ON i.node = s.witness AND i.type IN (${types.map((type) => `'${type}'`).join(', ')})
WHERE s.witness NOT IN (SELECT node FROM quarantine)`
}

/** Pairs of groups that no guard keeps apart and whose evidence could suffice. */
function pairs(d: Dialect, policy: Policy): string {
  const sharingADevice = `
  JOIN (
    SELECT DISTINCT m.low AS low, m.high AS high
    FROM met m JOIN device x ON x.cookie = m.a JOIN device y ON y.cookie = m.b AND y.witness = x.witness
  ) s ON s.low = m.low AND s.high = m.high`
  return `
WITH side AS (SELECT low AS grp FROM met UNION SELECT high FROM met),
sized AS (
  SELECT m.grp AS grp, count(*) AS members, sum(CASE WHEN i.type = 'cookie' THEN 1 ELSE 0 END) AS cookies
  FROM membership m JOIN side s ON s.grp = m.grp JOIN identifier i ON i.node = m.node GROUP BY m.grp
),
refused AS (
  SELECT m.low AS low, m.high AS high FROM (SELECT DISTINCT low, high FROM met) m
  JOIN held x ON x.grp = m.low JOIN held y ON y.grp = m.high AND y.what = x.what WHERE x.n + y.n > x.most
  UNION SELECT low, high FROM ruled
), open AS (
  SELECT m.a AS a, m.b AS b, m.low AS low, m.high AS high, l.cookies AS low_cookies, h.cookies AS high_cookies
  FROM met m
  ${ipSuffices(policy) ? '' : sharingADevice}
  JOIN sized l ON l.grp = m.low
  JOIN sized h ON h.grp = m.high
  LEFT JOIN refused r ON r.low = m.low AND r.high = m.high
  WHERE r.low IS NULL AND l.members + h.members <= ${policy.profileIdentifiersMax}
)
SELECT CAST(row_number() OVER (ORDER BY o.a, o.b) AS INTEGER) AS pair, o.a AS a, o.b AS b, o.low AS low, o.high AS high,
  CAST(o.low_cookies AS INTEGER) AS low_cookies, CAST(o.high_cookies AS INTEGER) AS high_cookies, CASE WHEN ${d.overlap(sitesSql(d, 'f', 'fs.sites'), sitesSql(d, 't', 'ts.sites'))} THEN 1 ELSE 0 END AS together
FROM open o
JOIN identifier f ON f.node = o.a
JOIN identifier t ON t.node = o.b
LEFT JOIN identifier_sites fs ON fs.node = o.a
LEFT JOIN identifier_sites ts ON ts.node = o.b`
}
