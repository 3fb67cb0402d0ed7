// Golden records of all profiles: what the log says of each attribute, and which value survives.
// Invariant: chooses as src/core/golden does; only messages with traits are read beyond a first look.

import type { Attribute } from '../../core/golden/attributes.ts'
import { SPACE, VALUE_CHARACTERS_MAX } from '../../core/golden/said.ts'
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
    { name: 'described', sql: () => DESCRIBED },
    { name: 'said', sql: (d) => said(d, attributes) },
    { name: 'golden_value', sql: () => valuesInOrder(attributes) },
    { name: 'golden', sql: (d) => golden(d, attributes) },
  ]
}

/** Every message with traits. Two looks, not an OR: engines skip rows by conditions on one column. */
function describing(d: Dialect, parts: readonly LogColumns[]): string {
  const withTraits = (condition: string): string => `
SELECT position, id, site, CASE WHEN type = 'group' THEN NULL ELSE traits END AS traits, context_traits,
  verified
FROM ${d.parquet(parts.map((p) => p.events))} WHERE kind = 'message' AND ${condition}`
  return `${withTraits('traits IS NOT NULL')}
UNION ALL ${withTraits('traits IS NULL AND context_traits IS NOT NULL')}`
}

/**
 * Those of somebody. `late` numbers a profile's messages from the latest one back, `early` from the first one on, so that
 * what comes after need not compare times and texts.
 */
const DESCRIBED = `
SELECT e.grp AS grp, e.position AS position, m.id AS event_id, m.site AS site, e.at_ms AS at_ms, m.verified AS verified,
  m.traits AS traits, m.context_traits AS context_traits,
  row_number() OVER (PARTITION BY e.grp ORDER BY e.at_ms DESC, m.id) AS late,
  row_number() OVER (PARTITION BY e.grp ORDER BY e.at_ms, m.id) AS early
FROM event e JOIN describing m ON m.position = e.position
WHERE e.grp IS NOT NULL`

/** More than a profile has messages: of two ranks the weight counts before the turn. */
const WEIGHT = 2 ** 32

/**
 * A row a message and path: code (of the attribute), place (the least counts), value (NULL where it is none), rank (lower
 * wins).
 */
function said(d: Dialect, attributes: readonly Attribute[]): string {
  const paths = attributes.flatMap(({ from }) => from)
  const codes = attributes.flatMap(({ from }, code) => from.map(() => code))
  const texts = (json: string, after: number): string =>
    `SELECT grp, position, site, verified, late, early, place + ${after} AS place, text
  FROM (${d.jsonTexts('described', json, paths)}) t${after}`
  const weights = attributes.map((attribute) => weight(d, attribute))
  const turns = attributes.map(({ rule }) => (rule === 'first' ? 'early' : 'late'))
  return `
WITH code AS (
  SELECT * FROM (VALUES ${[...codes, ...codes].map((code, place) => `(${place}, ${code})`).join(', ')}) AS codes(place, code)
), texts AS (
  ${texts('traits', 0)}
  UNION ALL ${texts('context_traits', paths.length)}
), valued AS (
  SELECT t.*, c.code AS code, ${valueIn(d, 't.text')} AS value FROM texts t JOIN code c ON c.place = t.place
)
SELECT grp, code, position, place, value, ${byCode(turns)} - ${WEIGHT} * CAST(${byCode(weights)} AS BIGINT) AS rank
FROM valued`
}

/** What most attributes have is the rule, the others are named. */
function byCode(each: readonly string[]): string {
  const counted = [...new Set(each)].map(
    (sql) => [sql, each.filter((one) => one === sql).length] as const,
  )
  const [usual = ''] = counted.toSorted(([, a], [, b]) => b - a)[0] ?? []
  const others = counted.flatMap(([sql]) => (sql === usual ? [] : [sql]))
  if (others.length === 0) return usual
  const cases = others.map((sql) => {
    const codes = each.flatMap((one, code) => (one === sql ? [code] : []))
    return `WHEN code IN (${codes.join(', ')}) THEN ${sql}`
  })
  return `CASE ${cases.join(' ')} ELSE ${usual} END`
}

/** A text without the space around it; NULL when that leaves nothing, or too much to be a value. */
function valueIn(d: Dialect, text: string): string {
  const padded = SPACE.split('').flatMap((space) => [`${space}%`, `%${space}`])
  const isPadded = padded.map((pattern) => `${text} LIKE ${d.text(pattern)}`).join(' OR ')
  // Hardly any has space around it, and to look is cheaper than to trim.
  const trimmed = `CASE WHEN ${isPadded} THEN trim(${text}, ${d.text(SPACE)}) ELSE ${text} END`
  return `CASE WHEN length(${trimmed}) BETWEEN 1 AND ${VALUE_CHARACTERS_MAX} THEN ${trimmed} END`
}

/** Of a source of a value. That of `most_frequent` is counted later. */
function weight(d: Dialect, { rule, sources }: Attribute): string {
  if (rule === 'longest') return 'length(value)'
  if (rule === 'verified_first') return 'CASE WHEN verified THEN 1 ELSE 0 END'
  if (rule !== 'source_priority' || sources.length === 0) return '0'
  const ranks = sources.map((site, i) => `WHEN ${d.text(site)} THEN ${-i}`)
  return `CASE site ${ranks.join(' ')} ELSE ${-sources.length} END`
}

/** Every different value once, with the best of its sources; place 1 is the golden one. */
function valuesInOrder(attributes: readonly Attribute[]): string {
  const times = byCode(attributes.map(({ rule }) => (rule === 'most_frequent' ? 'count(*)' : '0')))
  return `
WITH again AS (
  SELECT position, code, min(place) AS place FROM said WHERE value IS NOT NULL GROUP BY position, code HAVING count(*) > 1
), source AS (
  SELECT s.grp AS grp, s.code AS code, s.value AS value, arg_min(s.position, s.rank) AS position,
    min(s.rank) - ${WEIGHT} * (${times.replaceAll('code', 's.code')}) AS rank
  FROM said s LEFT JOIN again a ON a.position = s.position AND a.code = s.code
  WHERE s.value IS NOT NULL AND (a.place IS NULL OR a.place = s.place)
  GROUP BY s.grp, s.code, s.value
)
SELECT grp, code, value, position, CAST(count(*) OVER (PARTITION BY grp, code) AS INTEGER) AS different,
  CAST(row_number() OVER (PARTITION BY grp, code ORDER BY rank) AS INTEGER) AS place
FROM source`
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
SELECT v.grp AS grp, r.attribute AS attribute, v.value AS value, m.event_id AS event_id, m.site AS site,
  m.at_ms AS at_ms, r.rule AS rule, m.verified AS verified, v.different AS different,
  coalesce(o.others, ${d.noTexts}) AS others
FROM golden_value v
JOIN rule r ON r.code = v.code
JOIN described m ON m.position = v.position
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
  const source = d.struct({
    event_id: 'event_id',
    site: 'site',
    at: d.timestamp('at_ms'),
    rule: 'rule',
    verified: 'verified',
    different: 'different',
    others: `CASE WHEN rule = 'union' THEN ${d.noTexts} ELSE others END`,
  })
  const columns = attributes.map(({ name, rule }) => {
    const value = rule === 'union' ? d.listFrom('value', 'others') : 'value'
    const ofIt = `FILTER (WHERE attribute = ${d.text(name)})`
    return `,
  any_value(${value}) ${ofIt} AS golden_${name},
  any_value(source) ${ofIt} AS golden_${name}_from`
  })
  return `
SELECT grp${columns.join('')}
FROM (SELECT *, ${source} AS source FROM golden) sourced GROUP BY grp`
}
