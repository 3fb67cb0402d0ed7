// From the log's columns to the graph: identifiers numbered in the order of their keys, edges between them, sightings.

import { numberOf } from '../../core/identifier/identifier.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
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
 * `told`: as `identifier`, without numbers. `number`: id, node (0, 1, … in the order of keys). `identifier`: node, id, type, namespace, value, first_seen,
 * last_seen, received_at (ms), site_low, site_high (the first and the last of its sites), clash (two identifiers have one
 * number: that should never be, and nothing may be built on it). `identifier_sites`: node, sites, of those with several.
 */
export function identifierStages(input: LogInput): readonly Stage[] {
  const said = (d: Dialect, columns: string): string =>
    `SELECT ${columns} FROM ${d.parquet(input.parts.map((p) => p.identifiers))} ${notErased(d, input, 'identifiers', ['id'])}`
  return [
    {
      name: 'told',
      sql: (d) => `
SELECT id, any_value(type) AS type, any_value(namespace) AS namespace, any_value(value) AS value,
  min(first_seen) AS first_seen, max(last_seen) AS last_seen, min(received_at) AS received_at, min(site) AS site_low,
  max(site) AS site_high, min(${d.fingerprint('value')}) <> max(${d.fingerprint('value')}) AS clash
FROM (${said(d, '*')}) said GROUP BY id`,
    },
    {
      name: 'number',
      sql: () =>
        'SELECT id, CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS node FROM told',
    },
    {
      name: 'identifier',
      sql: () => `
SELECT n.node AS node, t.id AS id, t.type AS type, t.namespace AS namespace, t.value AS value, t.first_seen AS first_seen,
  t.last_seen AS last_seen, t.received_at AS received_at, t.site_low AS site_low, t.site_high AS site_high, t.clash AS clash
FROM told t JOIN number n ON n.id = t.id`,
    },
    {
      name: 'identifier_sites',
      sql: (d) => `
SELECT i.node AS node, ${d.distinctList('s.site')} AS sites
FROM (${said(d, 'id, site')}) s JOIN identifier i ON i.id = s.id AND i.site_low <> i.site_high
GROUP BY i.node`,
    },
  ]
}

/** The sites of what has a first, a last and, where these differ, a list. */
export function sitesSql(d: Dialect, of: string, list: string): string {
  return `CASE WHEN ${of}.site_low = ${of}.site_high THEN ${d.listFrom(`${of}.site_low`, d.noTexts)} ELSE ${list} END`
}

/** The key of a row of `identifier`, as `keyOf` has it. */
export function keySql(d: Dialect, account: string, of: string): string {
  return d.sha256(
    `concat_ws(chr(31), ${d.text(account)}, ${of}.type, ${of}.namespace, ${of}.value)`,
  )
}

/** Rows of a file of the log without those that an erasure has taken away. */
export function notErased(
  d: Dialect,
  { parts, erased }: LogInput,
  file: 'events' | 'identifiers' | 'edges',
  columns: readonly string[],
): string {
  if (erased.length === 0) return ''
  const gone = erased.map(({ key, before }) => {
    const paths = parts.filter(({ last }) => last < before).map((part) => d.text(part[file]))
    if (paths.length === 0) return 'false'
    const is = columns.map((column) => `${column} = ${idOf(key)}`).join(' OR ')
    return `((${is}) AND filename IN (${paths.join(', ')}))`
  })
  return `WHERE NOT (${gone.join(' OR ')})`
}

/** The number of a key, as it stands in SQL. */
export function idOf(key: string): string {
  return String(numberOf(key))
}

/** The number of two identifiers, and the value of one. */
export const CLASH_SQL =
  'SELECT CAST(id AS VARCHAR) AS id, value FROM identifier WHERE clash LIMIT 1'

/**
 * `edge`: from_node, to_node, kind (code), first_seen, last_seen (ms), count, site_low, site_high. `edge_sites`: sites of
 * those with several.
 * `sighting`: witness, day, cookie, hours; who was seen with a witness on a day.
 */
export function edgeStages(input: LogInput): readonly Stage[] {
  return [
    {
      name: 'day_edge',
      sql: (d) => `
SELECT f.node AS from_node, t.node AS to_node, k.code AS kind, k.member AS member, e.day AS day,
  e.hours AS hours, e.first_seen AS first_seen, e.last_seen AS last_seen, e.count AS count, e.site AS site
FROM (SELECT * FROM ${d.parquet(input.parts.map((p) => p.edges))} ${notErased(d, input, 'edges', ['from_id', 'to_id'])}) e
JOIN number f ON f.id = e.from_id
JOIN number t ON t.id = e.to_id
JOIN kind_rule k ON k.kind = e.kind`,
    },
    {
      name: 'edge',
      sql: () => `
SELECT from_node, to_node, kind, any_value(member) AS member, min(first_seen) AS first_seen,
  max(last_seen) AS last_seen, CAST(sum(count) AS BIGINT) AS count, min(site) AS site_low, max(site) AS site_high
FROM day_edge GROUP BY from_node, to_node, kind`,
    },
    {
      name: 'edge_sites',
      sql: (d) => `
SELECT e.from_node AS from_node, e.to_node AS to_node, e.kind AS kind, ${d.distinctList('d.site')} AS sites
FROM day_edge d
JOIN edge e ON e.from_node = d.from_node AND e.to_node = d.to_node AND e.kind = d.kind AND e.site_low <> e.site_high
GROUP BY e.from_node, e.to_node, e.kind`,
    },
    {
      name: 'sighting',
      sql: () => `
SELECT to_node AS witness, day, from_node AS cookie, CAST(bit_or(hours) AS INTEGER) AS hours
FROM day_edge WHERE NOT member GROUP BY to_node, day, from_node`,
    },
  ]
}
