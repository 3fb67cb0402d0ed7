// Golden records of all profiles: what the log says of each attribute, and which value survives.
// Invariant: chooses as src/core/golden does; only messages with traits are read beyond a first look.

import type { Attribute } from '../../core/golden/attributes.ts'
import { SPACE, VALUE_CHARACTERS_MAX, VERIFYING_KINDS } from '../../core/golden/said.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import type { Stage } from '../stage.ts'

export interface GoldenInput {
  readonly parts: readonly LogColumns[]
  readonly attributes: readonly Attribute[]
}

/**
 * `golden`: grp, attribute, value, event_id, site, at_ms, rule, verified, different (how many values there were),
 * others (the next best ones, as a list; those of a union belong to it); a row a profile and attribute. Needs `event`.
 */
export function goldenStages({ parts, attributes }: GoldenInput): readonly Stage[] {
  if (attributes.length === 0) return [{ name: 'golden', sql: nothingGolden }]
  return [
    { name: 'describing', sql: (d) => describing(d, parts) },
    { name: 'described', sql: (d) => described(d, attributes) },
    { name: 'said', sql: (d) => said(d, attributes) },
    { name: 'golden_value', sql: () => valuesInOrder(attributes) },
    { name: 'golden', sql: (d) => golden(d, attributes) },
  ]
}

/** Every message with traits. Two looks, not an OR: engines skip rows by conditions on one column. */
function describing(d: Dialect, parts: readonly LogColumns[]): string {
  const withTraits = (condition: string): string => `
SELECT position, id, site, CASE WHEN type = 'group' THEN NULL ELSE traits END AS traits, context_traits,
  ${d.hasField('edges', 'kind', VERIFYING_KINDS)} AS verified
FROM ${d.parquet(parts.map((p) => p.events))} WHERE kind = 'message' AND ${condition}`
  return `${withTraits('traits IS NOT NULL')}
UNION ALL ${withTraits('traits IS NULL AND context_traits IS NOT NULL')}`
}

/** What each of them that is somebody's says of attribute 0, 1, … in v0, v1, … */
function described(d: Dialect, attributes: readonly Attribute[]): string {
  const paths = attributes.flatMap(({ from }) => from)
  const texts = (json: string): string =>
    d.eachAs(d.jsonTexts(json, paths), (entry) => valueIn(d, entry))
  let next = 0
  const columns = attributes.map(({ from }, i) => {
    const places = from.map(() => next++)
    const entries = ['own', 'carried'].flatMap((list) => places.map((at) => d.entryOf(list, at)))
    return `,\n  coalesce(${entries.join(', ')}) AS v${i}`
  })
  return `
WITH parsed AS (
  SELECT e.grp AS grp, m.id AS event_id, m.site AS site, e.at_ms AS at_ms, m.verified AS verified,
    ${texts('m.traits')} AS own, ${texts('m.context_traits')} AS carried
  FROM describing m JOIN event e ON e.position = m.position
  WHERE e.grp IS NOT NULL
)
SELECT grp, event_id, site, at_ms, verified${columns.join('')}
FROM parsed`
}

/** A text without the space around it; NULL when that leaves nothing, or too much to be a value. */
function valueIn(d: Dialect, entry: string): string {
  const trimmed = `trim(${entry}, ${d.text(SPACE)})`
  return `CASE WHEN length(${trimmed}) BETWEEN 1 AND ${VALUE_CHARACTERS_MAX} THEN ${trimmed} END`
}

/** A row a message and attribute: code, value, its source, weight (higher wins) and turn (of equal weight higher wins). */
function said(d: Dialect, attributes: readonly Attribute[]): string {
  return attributes
    .map(
      (attribute, code) => `
SELECT grp, ${code} AS code, v${code} AS value, event_id, site, at_ms, verified,
  CAST(${weight(d, attribute, `v${code}`)} AS BIGINT) AS weight, ${attribute.rule === 'first' ? '-at_ms' : 'at_ms'} AS turn
FROM described WHERE v${code} IS NOT NULL`,
    )
    .join('\nUNION ALL')
}

/** That of `most_frequent` is counted later. */
function weight(d: Dialect, { rule, sources }: Attribute, value: string): string {
  if (rule === 'longest') return `length(${value})`
  if (rule === 'verified_first') return 'CASE WHEN verified THEN 1 ELSE 0 END'
  if (rule !== 'source_priority' || sources.length === 0) return '0'
  const ranks = sources.map((site, i) => `WHEN ${d.text(site)} THEN ${-i}`)
  return `CASE site ${ranks.join(' ')} ELSE ${-sources.length} END`
}

/** Every different value once, with the best of its sources; place 1 is the golden one. */
function valuesInOrder(attributes: readonly Attribute[]): string {
  const counted = attributes.flatMap(({ rule }, code) => (rule === 'most_frequent' ? [code] : []))
  const weighed =
    counted.length === 0
      ? 'weight'
      : `CASE WHEN code IN (${counted.join(', ')}) THEN times ELSE weight END`
  return `
WITH source AS (
  SELECT *, count(*) OVER (PARTITION BY grp, code, value) AS times, row_number() OVER (
    PARTITION BY grp, code, value ORDER BY weight DESC, turn DESC, event_id) AS source
  FROM said
)
SELECT grp, code, value, event_id, site, at_ms, verified,
  CAST(count(*) OVER (PARTITION BY grp, code) AS INTEGER) AS different,
  CAST(row_number() OVER (
    PARTITION BY grp, code ORDER BY ${weighed} DESC, turn DESC, event_id, value) AS INTEGER) AS place
FROM source WHERE source = 1`
}

function golden(d: Dialect, attributes: readonly Attribute[]): string {
  const rules = attributes.map(
    ({ name, rule, othersMax }, code) =>
      `(${code}, ${d.text(name)}, ${d.text(rule)}, ${othersMax})`,
  )
  return `
WITH rule AS (
  SELECT * FROM (VALUES ${rules.join(',\n  ')}) AS rules(code, attribute, rule, others_max)
), runner_up AS (
  SELECT v.grp AS grp, v.code AS code, ${d.listBy('v.value', 'v.place', 'v.place <= r.others_max + 1')} AS others
  FROM golden_value v JOIN rule r ON r.code = v.code
  WHERE v.place > 1 GROUP BY v.grp, v.code
)
SELECT v.grp AS grp, r.attribute AS attribute, v.value AS value, v.event_id AS event_id, v.site AS site,
  v.at_ms AS at_ms, r.rule AS rule, v.verified AS verified, v.different AS different,
  coalesce(o.others, ${d.noTexts}) AS others
FROM golden_value v
JOIN rule r ON r.code = v.code
LEFT JOIN runner_up o ON o.grp = v.grp AND o.code = v.code
WHERE v.place = 1`
}

function nothingGolden(d: Dialect): string {
  return `
SELECT 0 AS grp, '' AS attribute, '' AS value, '' AS event_id, '' AS site, CAST(0 AS BIGINT) AS at_ms, '' AS rule,
  false AS verified, 0 AS different, ${d.noTexts} AS others
WHERE 1 = 0`
}

/**
 * A query for the columns of golden records: grp, and for each attribute `golden_NAME` (VARCHAR; a list of VARCHAR for a
 * union) and `golden_NAME_from`, a struct of event_id, site, at (TIMESTAMP), rule, verified, different and others. A row
 * a profile of which anything is known.
 */
export function goldenColumnsSql(d: Dialect, attributes: readonly Attribute[]): string {
  const columns = attributes.flatMap(({ name, rule }) => {
    const filter = `FILTER (WHERE attribute = ${d.text(name)})`
    const value = rule === 'union' ? d.listFrom('value', 'others') : 'value'
    return [
      `,\n  any_value(${value}) ${filter} AS golden_${name}`,
      `,\n  any_value(source) ${filter} AS golden_${name}_from`,
    ]
  })
  const source = d.struct({
    event_id: 'event_id',
    site: 'site',
    at: d.timestamp('at_ms'),
    rule: 'rule',
    verified: 'verified',
    different: 'different',
    others: `CASE WHEN rule = 'union' THEN ${d.noTexts} ELSE others END`,
  })
  return `
SELECT grp${columns.join('')}
FROM (SELECT grp, attribute, value, others, ${source} AS source FROM golden) given
GROUP BY grp`
}
