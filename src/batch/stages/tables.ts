// The published tables, column by column, in types that Presto and Trino read as DuckDB and Spark write them: signed whole
// numbers, DOUBLE, VARCHAR, TIMESTAMP in microseconds of UTC, lists and structs of these.

import type { Dialect } from '../../ports/batch-engine.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import { confidenceSql } from './profiles.ts'

/** A published table and the query that fills it. */
export interface PublishedTable {
  readonly table: string
  readonly sql: (dialect: Dialect) => string
}

export interface RunNames {
  readonly run: number
  readonly policyVersion: string
  readonly parts: readonly LogColumns[]
}

export function publishedTables({
  run,
  policyVersion,
  parts,
}: RunNames): readonly PublishedTable[] {
  const time = (d: Dialect, column: string): string => `${d.timestamp(column)}`
  return [
    {
      table: 'profiles',
      sql: (d) => `
SELECT p.profile_id AS profile_id, p.kind AS kind, p.state AS state,
  CASE WHEN p.members > 1 THEN ${confidenceSql('p.weakest')} END AS confidence,
  ${time(d, 'p.first_seen')} AS first_seen, ${time(d, 'p.last_seen')} AS last_seen, p.sites AS sites,
  p.members AS identifiers, p.cookies AS cookies, p.emails AS emails, p.phones AS phones,
  p.external_ids AS external_ids, k.kind AS weakest_kind, f.type AS weakest_from_type, f.value AS weakest_from_value,
  t.type AS weakest_to_type, t.value AS weakest_to_value, ${d.text(policyVersion)} AS policy_version,
  CAST(${run} AS BIGINT) AS run_id
FROM profile p
LEFT JOIN link l ON l.grp = p.grp AND l.kind >= 0
LEFT JOIN kind_rule k ON k.code = l.kind
LEFT JOIN identifier f ON f.node = l.from_node
LEFT JOIN identifier t ON t.node = l.to_node`,
    },
    {
      table: 'identifiers',
      sql: (d) => `
SELECT n.profile_id AS profile_id, i.type AS type, i.namespace AS namespace, i.value AS value,
  ${time(d, 'i.first_seen')} AS first_seen, ${time(d, 'i.last_seen')} AS last_seen, i.sites AS sites,
  CAST(coalesce(u.people, 0) AS BIGINT) AS promiscuity,
  CASE WHEN s.node IS NOT NULL THEN 'quarantined' WHEN m.shared = 1 THEN 'shared'
    WHEN t.crowd_void > 0 AND u.people > t.crowd_void THEN 'crowded' ELSE 'active' END AS state,
  CASE WHEN r.node IS NOT NULL THEN ${confidenceSql('r.evidence')} END AS confidence,
  k.kind AS reason, o.type AS reason_type, o.value AS reason_value, ${d.text(policyVersion)} AS policy_version
FROM identifier i
JOIN type_rule t ON t.type = i.type
LEFT JOIN membership m ON m.node = i.node
LEFT JOIN profile_name n ON n.grp = m.grp
LEFT JOIN promiscuity u ON u.node = i.node
LEFT JOIN quarantine s ON s.node = i.node
LEFT JOIN reason r ON r.node = i.node
LEFT JOIN kind_rule k ON k.code = r.kind
LEFT JOIN identifier o ON o.node = r.other`,
    },
    {
      table: 'edges',
      sql: (d) => `
SELECT f.type AS from_type, f.namespace AS from_namespace, f.value AS from_value, t.type AS to_type,
  t.namespace AS to_namespace, t.value AS to_value, k.kind AS kind, ${confidenceSql('k.evidence')} AS confidence,
  CASE WHEN e.member THEN ${confidenceSql('w.evidence')} ELSE 0.0 END AS effective, e.count AS count,
  ${time(d, 'e.first_seen')} AS first_seen, ${time(d, 'e.last_seen')} AS last_seen, e.sites AS sites
FROM edge e
JOIN identifier f ON f.node = e.from_node
JOIN identifier t ON t.node = e.to_node
JOIN kind_rule k ON k.code = e.kind
LEFT JOIN worth w ON w.from_node = e.from_node AND w.to_node = e.to_node AND w.kind = e.kind`,
    },
    {
      table: 'events',
      sql: (d) => `
SELECT e.id AS event_id, n.profile_id AS profile_id, e.type AS type, e.name AS name, e.at AS timestamp,
  e.received_at AS received_at, e.site AS site, v.session AS session, e.page_url AS page_url,
  e.page_referrer AS page_referrer, e.campaign_source AS campaign_source, e.campaign_medium AS campaign_medium,
  e.campaign_name AS campaign_name, e.revenue AS revenue, e.currency AS currency
FROM ${d.parquet(parts.map((p) => p.events))} e
JOIN event v ON v.position = e.position
LEFT JOIN profile_name n ON n.grp = v.grp
WHERE e.kind = 'message'`,
    },
  ]
}
