// Published: who there is, by which identifiers, and what ties these together.

import type { Attribute } from '../../core/golden/attributes.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import { goldenColumnsSql } from '../stages/golden.ts'
import { sitesSql } from '../stages/log.ts'
import { confidenceSql } from '../stages/profiles.ts'
import type { PublishedTable } from './published-table.ts'

const time = (d: Dialect, column: string): string => d.timestamp(column)

export interface PeopleNames {
  readonly run: number
  readonly policyVersion: string
  /** Of the knowledge that joined by what people look like; null where none did. */
  readonly knowledgeVersion: string | null
  readonly attributes: readonly Attribute[]
}

/** A row a profile, with its golden record. */
export function peopleTables({
  run,
  policyVersion,
  knowledgeVersion,
  attributes,
}: PeopleNames): readonly PublishedTable[] {
  const golden = attributes.map(
    ({ name }) =>
      `,\n  x.golden_${name} AS golden_${name}, x.golden_${name}_from AS golden_${name}_from`,
  )
  return [
    {
      table: 'profiles',
      sql: (d) => `
SELECT p.profile_id AS profile_id, p.kind AS kind, p.state AS state,
  CASE WHEN p.members > 1 THEN ${confidenceSql('p.weakest')} END AS confidence,
  ${time(d, 'p.first_seen')} AS first_seen, ${time(d, 'p.last_seen')} AS last_seen, ${sitesSql(d, 'p', 's.sites')} AS sites,
  p.members AS identifiers, p.cookies AS cookies, p.emails AS emails, p.phones AS phones,
  p.external_ids AS external_ids, w.kind AS weakest_kind, w.from_type AS weakest_from_type,
  w.from_namespace AS weakest_from_namespace, w.from_value AS weakest_from_value, w.to_type AS weakest_to_type,
  w.to_namespace AS weakest_to_namespace, w.to_value AS weakest_to_value, ${d.text(policyVersion)} AS policy_version,
  ${scoredBySql(d, knowledgeVersion, 'p.grp IN (SELECT grp FROM inferred)')} AS scored_by, CAST(${run} AS BIGINT) AS run_id${golden.join('')}
FROM profile p
LEFT JOIN profile_sites s ON s.grp = p.grp
LEFT JOIN (${goldenColumnsSql(d, attributes)}) x ON x.grp = p.grp
LEFT JOIN (
  SELECT l.grp AS grp, k.kind AS kind, l.from_type AS from_type, l.from_namespace AS from_namespace,
    l.from_value AS from_value, i.type AS to_type, i.namespace AS to_namespace, i.value AS to_value
  FROM identifier i
  JOIN (
    SELECT l.grp AS grp, l.kind AS kind, l.to_node AS to_node, i.type AS from_type, i.namespace AS from_namespace,
      i.value AS from_value
    FROM identifier i JOIN link l ON l.from_node = i.node AND l.kind >= 0
  ) l ON l.to_node = i.node
  JOIN kind_rule k ON k.code = l.kind
) w ON w.grp = p.grp`,
    },
  ]
}

/** The version of the knowledge where a condition holds. */
function scoredBySql(d: Dialect, version: string | null, where: string): string {
  return version === null
    ? 'CAST(NULL AS VARCHAR)'
    : `CASE WHEN ${where} THEN ${d.text(version)} END`
}

/** A row an identifier, a row an edge, and a row a pair of cookies that a model has joined. */
export function graphTables({
  policyVersion,
  knowledgeVersion,
}: Pick<PeopleNames, 'policyVersion' | 'knowledgeVersion'>): readonly PublishedTable[] {
  return [
    {
      table: 'identifiers',
      sql: (d) => `
SELECT n.profile_id AS profile_id, i.type AS type, i.namespace AS namespace, i.value AS value,
  ${time(d, 'i.first_seen')} AS first_seen, ${time(d, 'i.last_seen')} AS last_seen, ${sitesSql(d, 'i', 'z.sites')} AS sites,
  CAST(coalesce(u.people, 0) AS BIGINT) AS promiscuity,
  CASE WHEN s.node IS NOT NULL THEN 'quarantined' WHEN m.shared = 1 THEN 'shared'
    WHEN t.crowd_void > 0 AND u.people > t.crowd_void THEN 'crowded' ELSE 'active' END AS state,
  CASE WHEN r.node IS NOT NULL THEN ${confidenceSql('r.evidence')} END AS confidence,
  r.kind AS reason, r.type AS reason_type, r.namespace AS reason_namespace, r.value AS reason_value, ${d.text(policyVersion)} AS policy_version,
  ${scoredBySql(d, knowledgeVersion, "r.kind = 'alike'")} AS scored_by
FROM identifier i
JOIN type_rule t ON t.type = i.type
LEFT JOIN membership m ON m.node = i.node
LEFT JOIN profile_name n ON n.grp = m.grp
LEFT JOIN identifier_sites z ON z.node = i.node
LEFT JOIN promiscuity u ON u.node = i.node
LEFT JOIN quarantine s ON s.node = i.node
LEFT JOIN (
  SELECT r.node AS node, r.evidence AS evidence, k.kind AS kind, o.type AS type,
    o.namespace AS namespace, o.value AS value
  FROM identifier o JOIN reason r ON r.other = o.node JOIN kind_rule k ON k.code = r.kind
) r ON r.node = i.node`,
    },
    {
      table: 'edges',
      sql: (d) => `
SELECT f.type AS from_type, f.namespace AS from_namespace, f.value AS from_value, t.type AS to_type,
  t.namespace AS to_namespace, t.value AS to_value, k.kind AS kind, ${confidenceSql('k.evidence')} AS confidence,
  CASE WHEN e.member THEN ${confidenceSql('w.evidence')} ELSE 0.0 END AS effective, e.count AS count,
  ${time(d, 'e.first_seen')} AS first_seen, ${time(d, 'e.last_seen')} AS last_seen, ${sitesSql(d, 'e', 's.sites')} AS sites
FROM edge e
JOIN identifier f ON f.node = e.from_node
JOIN identifier t ON t.node = e.to_node
JOIN kind_rule k ON k.code = e.kind
LEFT JOIN edge_sites s ON s.from_node = e.from_node AND s.to_node = e.to_node AND s.kind = e.kind
LEFT JOIN worth w ON w.from_node = e.from_node AND w.to_node = e.to_node AND w.kind = e.kind`,
    },
    {
      table: 'joins',
      sql: (d) => `
SELECT n.profile_id AS profile_id, f.type AS from_type, f.namespace AS from_namespace, f.value AS from_value,
  t.type AS to_type, t.namespace AS to_namespace, t.value AS to_value, ${confidenceSql('j.evidence')} AS probability,
  ${scoredBySql(d, knowledgeVersion, '1 = 1')} AS scored_by
FROM inferred j
JOIN identifier f ON f.node = j.from_node
JOIN identifier t ON t.node = j.to_node
JOIN profile_name n ON n.grp = j.grp`,
    },
  ]
}
