// The questions to published tables about people, in SQL. Which golden records there are is up to the configuration.
// Invariant: text from outside stands in them by its bytes only.

import { bytesLiteral } from '../../adapters/duckdb/index.ts'

/** Of an answer: a cell a column. */
export type Row = readonly (string | null)[]

/** Those by which people are called or reached, as far as the run has them. */
const GOLDEN = ['name', 'first_name', 'last_name', 'email', 'phone'] as const
type Golden = (typeof GOLDEN)[number]

export interface GoldenColumn {
  readonly attribute: Golden
  /** Of a text: a `union` is read as its values side by side. */
  readonly sql: string
}

/** Digits that are enough to look for in phone numbers, however these are written. */
const PHONE_DIGITS_MIN = 4

/** @param described columns of `profiles`: name and type */
export function goldenColumns(described: readonly Row[]): readonly GoldenColumn[] {
  const types = new Map(described.map(([column, type]) => [column, type ?? '']))
  return GOLDEN.flatMap((attribute) => {
    const column = `golden_${attribute}`
    const type = types.get(column)
    if (type === undefined) return []
    const sql = type.endsWith('[]') ? `array_to_string(${column}, ', ')` : column
    return [{ attribute, sql }]
  })
}

/** Profile and name; null where no golden record could say it. */
export function namesSql(
  golden: readonly GoldenColumn[],
  profiles: readonly string[],
): string | null {
  const name = calledSql(golden)
  if (name === null) return null
  const listed = profiles.map(bytesLiteral).join(', ')
  return `SELECT profile_id, ${name} AS name FROM profiles WHERE profile_id IN (${listed}) AND ${name} IS NOT NULL`
}

/** Profile, what was found, its text, and the name; who was seen last comes first. */
export function findSql(golden: readonly GoldenColumn[], text: string, limit: number): string {
  const parts = [...saidSql(golden, text), identifiersSql(text)].map(
    (sql) => `(${sql} ORDER BY seen DESC, profile_id LIMIT ${limit})`,
  )
  const name = calledSql(golden) ?? 'NULL'
  return `WITH found AS (SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY rank, seen DESC, profile_id, said LIMIT ${limit}),
called AS (SELECT profile_id, ${name} AS name FROM profiles WHERE profile_id IN (SELECT profile_id FROM found))
SELECT f.profile_id, f.what, f.said, c.name FROM found f LEFT JOIN called c ON c.profile_id = f.profile_id
ORDER BY f.rank, f.seen DESC, f.profile_id, f.said`
}

/** The golden name, else first and last name, else an e-mail that was not replaced by its digest. */
function calledSql(golden: readonly GoldenColumn[]): string | null {
  const email = sqlOf(golden, 'email')
  const readable = email === null ? [] : [`CASE WHEN contains(${email}, '@') THEN ${email} END`]
  const names = [...ownNamesSql(golden), ...readable]
  return names.length === 0 ? null : `coalesce(${names.join(', ')})`
}

function ownNamesSql(golden: readonly GoldenColumn[]): readonly string[] {
  const parts = [sqlOf(golden, 'first_name'), sqlOf(golden, 'last_name')].filter(
    (one) => one !== null,
  )
  const whole = sqlOf(golden, 'name')
  return [
    ...(whole === null ? [] : [whole]),
    ...(parts.length === 0 ? [] : [`nullif(concat_ws(' ', ${parts.join(', ')}), '')`]),
  ]
}

function sqlOf(golden: readonly GoldenColumn[], attribute: Golden): string | null {
  return golden.find((one) => one.attribute === attribute)?.sql ?? null
}

const folded = (sql: string): string => `strip_accents(lower(${sql}))`

function said(rank: number, what: string, sql: string, condition: string): string {
  return `SELECT profile_id, '${what}' AS what, ${sql} AS said, last_seen AS seen, ${rank} AS rank FROM profiles WHERE ${condition}`
}

function saidSql(golden: readonly GoldenColumn[], text: string): readonly string[] {
  const wanted = folded(bytesLiteral(text))
  const holds = (sql: string): string => `contains(${folded(sql)}, ${wanted})`
  const email = sqlOf(golden, 'email')
  const phone = sqlOf(golden, 'phone')
  // A number within a country begins with zeros that it has not with its country.
  const digits = text.replaceAll(/\D/g, '').replace(/^0+/, '')
  const isNumber = /^[+\d\s()./-]+$/.test(text) && digits.length >= PHONE_DIGITS_MIN
  const inDigits = `contains(regexp_replace(${phone ?? ''}, '[^0-9]', '', 'g'), '${digits}')`
  return [
    ...ownNamesSql(golden).map((sql) => said(1, 'name', sql, holds(sql))),
    ...(email === null ? [] : [said(2, 'contact', email, holds(email))]),
    ...(phone === null ? [] : [said(2, 'contact', phone, isNumber ? inDigits : holds(phone))]),
  ]
}

/** Witnesses are nobody's. */
function identifiersSql(text: string): string {
  const shown = `type || CASE WHEN namespace = '' THEN '' WHEN starts_with(namespace, '@') THEN namespace ELSE ':' || namespace END || ':' || value`
  return `SELECT profile_id, 'identifier' AS what, ${shown} AS said, last_seen AS seen, 3 AS rank FROM identifiers
WHERE profile_id IS NOT NULL AND starts_with(value, ${bytesLiteral(text)})`
}
