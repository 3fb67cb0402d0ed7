// Tables for the graph work: members and their edges as whole numbers, and what the resolver's own code needs of the few
// that are contested.

import type { Policy } from '../../core/policy/policy.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { Stage } from '../stage.ts'
import { keySql, sitesSql } from './log.ts'

const DAY_MS = 86_400_000

/**
 * `slot`: types and unique namespaces of which a profile holds a number only; with a code. `crossing`: node of those with
 * edges that may be worth less on a second site. `member`: node, slot (-1 for
 * none), slot_max, special (0 or 1), cookie (0 or 1), crowd_max. Needs `singled`: node, quarantined (0 or 1); members
 * that decisions name.
 */
export const memberStages: readonly Stage[] = [
  {
    name: 'member_slot',
    sql: () => `
SELECT i.node AS node, t.code AS type, t.slot_max AS type_max, t.era_days AS era_days,
  t.crowd_void AS crowd_void, i.first_seen AS first_seen, i.last_seen AS last_seen,
  CASE WHEN i.site_low <> i.site_high THEN t.cross_site ELSE 0 END AS cross_site,
  CASE WHEN i.type = 'cookie' THEN 1 ELSE 0 END AS cookie,
  CASE WHEN i.type = 'external_id' AND u.namespace IS NOT NULL THEN concat('external_id:', i.namespace)
    WHEN t.slot_max > 0 THEN i.type ELSE '' END AS slot_name,
  CASE WHEN u.namespace IS NOT NULL THEN 1 ELSE t.slot_max END AS slot_max
FROM identifier i
JOIN type_rule t ON t.type = i.type
LEFT JOIN unique_namespace u ON i.type = 'external_id' AND u.namespace = split_part(i.namespace, '@', 1)
WHERE t.member`,
  },
  {
    name: 'slot',
    sql: () => `
SELECT slot_name, CAST(row_number() OVER (ORDER BY slot_name) - 1 AS INTEGER) AS slot
FROM (SELECT DISTINCT slot_name FROM member_slot WHERE slot_name <> '')`,
  },
  {
    name: 'crossing',
    sql: () => `
WITH several AS (SELECT node, cross_site FROM member_slot WHERE cross_site > 0)
SELECT e.from_node AS node FROM edge e
JOIN several s ON s.node = e.from_node
JOIN kind_rule k ON k.code = e.kind AND k.member AND k.evidence > s.cross_site
UNION
SELECT e.to_node FROM edge e
JOIN several s ON s.node = e.to_node
JOIN kind_rule k ON k.code = e.kind AND k.member AND k.evidence > s.cross_site`,
  },
  {
    name: 'member',
    sql: () => `
SELECT m.node AS node, CAST(coalesce(s.slot, -1) AS INTEGER) AS slot, CAST(m.slot_max AS INTEGER) AS slot_max,
  CASE WHEN n.node IS NOT NULL OR c.node IS NOT NULL
    OR (m.era_days > 0 AND m.last_seen - m.first_seen > CAST(m.era_days AS BIGINT) * ${DAY_MS}) THEN 1 ELSE 0 END AS special,
  m.cookie AS cookie, CAST(CASE WHEN m.cookie = 1 THEN 0 ELSE m.crowd_void END AS INTEGER) AS crowd_max
FROM member_slot m
LEFT JOIN slot s ON s.slot_name = m.slot_name
LEFT JOIN crossing c ON c.node = m.node
LEFT JOIN (SELECT DISTINCT node FROM singled) n ON n.node = m.node`,
  },
]

/** node, slot, slot_max, special, cookie, crowd_max of members. */
export const MEMBERS_SQL = 'SELECT node, slot, slot_max, special, cookie, crowd_max FROM member'

/** from, to, kind of edges between members; in an order that does not depend on threads. */
export const MEMBER_EDGES_SQL =
  'SELECT from_node, to_node, kind FROM edge WHERE member ORDER BY from_node, to_node, kind'

/**
 * Of the contested (table `contested`: node): everything the resolver knows of them. Times as DOUBLE. Witnesses are in
 * the table only where they may join somebody.
 */
export const contestedNodesSql = (d: Dialect, account: string): string => `
SELECT i.node AS node, ${keySql(d, account, 'i')} AS key, i.type AS type, i.namespace AS namespace, i.value AS value,
  CAST(i.first_seen AS DOUBLE) AS first_seen, CAST(i.last_seen AS DOUBLE) AS last_seen,
  CAST(i.received_at AS DOUBLE) AS received_at, ${sitesSql(d, 'i', 's.sites')} AS sites
FROM identifier i
JOIN contested c ON c.node = i.node
LEFT JOIN identifier_sites s ON s.node = i.node
ORDER BY i.node`

export const contestedEdgesSql = (d: Dialect): string => `
SELECT e.from_node AS from_node, e.to_node AS to_node, e.kind AS kind, CAST(e.first_seen AS DOUBLE) AS first_seen,
  CAST(e.last_seen AS DOUBLE) AS last_seen, CAST(e.count AS DOUBLE) AS count, ${sitesSql(d, 'e', 's.sites')} AS sites
FROM edge e
JOIN contested c ON c.node = e.from_node
JOIN contested o ON o.node = e.to_node
LEFT JOIN edge_sites s ON s.from_node = e.from_node AND s.to_node = e.to_node AND s.kind = e.kind
ORDER BY e.from_node, e.to_node, e.kind`

export const CONTESTED_DAYS_SQL = `
SELECT e.from_node, e.to_node, e.kind, e.day, CAST(bit_or(e.hours) AS INTEGER)
FROM day_edge e JOIN contested c ON c.node = e.from_node JOIN contested o ON o.node = e.to_node
GROUP BY e.from_node, e.to_node, e.kind, e.day
ORDER BY e.from_node, e.to_node, e.kind`

/** witness, day, cookie, hours, anchor: whom the cookie counts as when people are counted. Needs `anchor`. */
export const SIGHTINGS_SQL = `
SELECT s.witness, s.day, s.cookie, s.hours, coalesce(a.anchor, s.cookie)
FROM sighting s LEFT JOIN anchor a ON a.cookie = s.cookie`

/** `anchor`: cookie, anchor: the strongest login of each cookie that has one. */
export const anchorStage: Stage = {
  name: 'anchor',
  sql: () => `
WITH ranked AS (
  SELECT e.from_node AS cookie, e.to_node AS anchor, row_number() OVER (
    PARTITION BY e.from_node ORDER BY t.rank DESC, e.first_seen, e.to_node) AS place
  FROM edge e
  JOIN kind_rule k ON k.code = e.kind AND k.login
  JOIN identifier f ON f.node = e.from_node AND f.type = 'cookie'
  JOIN identifier o ON o.node = e.to_node
  JOIN type_rule t ON t.type = o.type
)
SELECT cookie, anchor FROM ranked WHERE place = 1`,
}

/** The limits of the policy as the graph work takes them; evidence by code of kind. */
export function limitsOf(policy: Policy, evidence: readonly number[]) {
  const { mergeEvidence, profileIdentifiersMax, namedPerCookieMax } = policy
  return { evidence, mergeEvidence, profileIdentifiersMax, namedPerCookieMax }
}

/** `worth`: from_node, to_node, kind, evidence, first_seen of edges between members, as far as they count. */
export const worthStage: Stage = {
  name: 'worth',
  sql: () => `
SELECT e.from_node AS from_node, e.to_node AS to_node, e.kind AS kind,
  CAST(coalesce(c.evidence, k.evidence) AS INTEGER) AS evidence, e.first_seen AS first_seen
FROM edge e
JOIN kind_rule k ON k.code = e.kind
LEFT JOIN cut c ON c.from_node = e.from_node AND c.to_node = e.to_node AND c.kind = e.kind
WHERE e.member`,
}
