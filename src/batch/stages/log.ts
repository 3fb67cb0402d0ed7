// From the log's columns to the graph: identifiers numbered in the order of their keys, edges between them, sightings.

import type { Policy } from '../../core/policy/policy.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import { kindRuleSql, typeRuleSql, uniqueNamespaceSql } from '../policy-tables.ts'
import type { Stage } from '../stage.ts'

/** The rules of the policy as tables. */
export function ruleStages(policy: Policy): readonly Stage[] {
  return [
    { name: 'kind_rule', sql: (d) => kindRuleSql(d, policy) },
    { name: 'type_rule', sql: (d) => typeRuleSql(d, policy) },
    { name: 'unique_namespace', sql: (d) => uniqueNamespaceSql(d, policy) },
  ]
}

/** An identifier that does not exist in parts of the log that end before `before`. */
export interface Erased {
  readonly key: string
  readonly before: number
}

/** Parts of the log, and what of them was erased since. */
export interface LogInput {
  readonly parts: readonly LogColumns[]
  readonly erased: readonly Erased[]
}

/**
 * `identifier`: node (0, 1, … in the order of keys), id, key, type, namespace, value, first_seen, last_seen,
 * received_at (ms), sites, clash (two keys have one number: that should never be, and nothing may be built on it).
 */
export function identifierStage(input: LogInput): Stage {
  return {
    name: 'identifier',
    sql: (d) => `
WITH said AS (
  SELECT * FROM ${d.parquet(input.parts.map((p) => p.identifiers))} ${notErased(input, 'identifiers', ['id'])}
), summed AS (
  SELECT id, any_value(key) AS key, any_value(type) AS type, any_value(namespace) AS namespace,
    any_value(value) AS value, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    min(received_at) AS received_at, ${d.distinctList('site')} AS sites,
    min(${d.fingerprint('key')}) <> max(${d.fingerprint('key')}) AS clash
  FROM said GROUP BY id
)
SELECT CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS node, * FROM summed`,
  }
}

/** Rows of a file of the log without those that an erasure has taken away. */
function notErased(
  { parts, erased }: LogInput,
  file: 'identifiers' | 'edges',
  columns: readonly string[],
): string {
  if (erased.length === 0) return ''
  const gone = erased.map(({ key, before }) => {
    const paths = parts.filter(({ last }) => last < before).map((part) => `'${part[file]}'`)
    if (paths.length === 0) return 'false'
    const is = columns.map((column) => `${column} = ${idOf(key)}`).join(' OR ')
    return `((${is}) AND filename IN (${paths.join(', ')}))`
  })
  return `WHERE NOT (${gone.join(' OR ')})`
}

/** The number of a key: its first 64 bits, signed, in the order of keys. */
export function idOf(key: string): string {
  return String(BigInt(`0x${key.slice(0, 16)}`) - (1n << 63n))
}

/** The number and a key of two identifiers that have it in common. */
export const CLASH_SQL = 'SELECT CAST(id AS VARCHAR) AS id, key FROM identifier WHERE clash LIMIT 1'

/**
 * `edge`: from_node, to_node, kind (code), first_seen, last_seen (ms), count, sites, days (how many).
 * `sighting`: witness, day, cookie, hours; who was seen with a witness on a day.
 */
export function edgeStages(input: LogInput): readonly Stage[] {
  return [
    {
      name: 'day_edge',
      sql: (d) => `
SELECT f.node AS from_node, t.node AS to_node, k.code AS kind, k.member AS member, e.day AS day,
  e.hours AS hours, e.first_seen AS first_seen, e.last_seen AS last_seen, e.count AS count, e.site AS site
FROM (SELECT * FROM ${d.parquet(input.parts.map((p) => p.edges))} ${notErased(input, 'edges', ['from_id', 'to_id'])}) e
JOIN identifier f ON f.id = e.from_id
JOIN identifier t ON t.id = e.to_id
JOIN kind_rule k ON k.kind = e.kind`,
    },
    {
      name: 'edge',
      sql: (d) => `
SELECT from_node, to_node, kind, any_value(member) AS member, min(first_seen) AS first_seen,
  max(last_seen) AS last_seen, CAST(sum(count) AS BIGINT) AS count, ${d.distinctList('site')} AS sites
FROM day_edge GROUP BY from_node, to_node, kind`,
    },
    {
      name: 'sighting',
      sql: () => `
SELECT to_node AS witness, day, from_node AS cookie, CAST(bit_or(hours) AS INTEGER) AS hours
FROM day_edge WHERE NOT member GROUP BY to_node, day, from_node`,
    },
  ]
}
