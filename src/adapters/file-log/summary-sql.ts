// What a sealed segment says of each identifier and of each edge, added up once, so that a batch run starts from that
// instead of from every message. Invariant: summaries of segments add up to the summary of the log.

import { literal, pathLiteral } from './duckdb.ts'

const COMPRESSION = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)'

/** The key of an identifier, as `keyOf` has it. */
function keySql(account: string, identifier: string): string {
  const parts = ['type', 'namespace', 'value'].map((part) => `${identifier}.${part}`)
  return `sha256(concat_ws(chr(31), ${literal(account)}, ${parts.join(', ')}))`
}

/**
 * The first 64 bits of a key as a whole number, in the order of keys. A run checks that no two keys have it in common.
 */
function idSql(key: string): string {
  return `(('0x' || ${key}[1:16])::UBIGINT::HUGEINT - 9223372036854775808)::BIGINT`
}

/** Of a record: its cookie, of several that with the smallest key, and all others that may name somebody, as numbers. */
export function membersSql(account: string): string {
  const ids = (which: string): string =>
    `list_transform(list_filter(identifiers, lambda i: ${which}), lambda i: ${idSql(keySql(account, 'i'))})`
  return `list_min(${ids("i.type = 'cookie'")}) AS cookie,
    ${ids("i.type NOT IN ('cookie', 'ip', 'device_signature')")} AS named`
}

/** Identifiers of a sealed segment by site, to `target`. Times are ms since the epoch. */
export function identifiersSql(events: string, target: string, account: string): string {
  return `COPY (
  WITH seen AS (
    SELECT unnest(identifiers) AS i, site, epoch_ms("at") AS "at", epoch_ms(received_at) AS received_at
    FROM read_parquet(${pathLiteral(events)}) WHERE kind = 'message'
  ), summed AS (
    SELECT i, site, min("at") AS first_seen, max("at") AS last_seen, min(received_at) AS received_at
    FROM seen GROUP BY i, site
  ), keyed AS (SELECT ${keySql(account, 'i')} AS key, * FROM summed)
  SELECT ${idSql('key')} AS id, key, i.type AS type, i.namespace AS namespace, i.value AS value, site,
    first_seen, last_seen, received_at
  FROM keyed
) TO ${literal(target)} ${COMPRESSION}`
}

/** Edges of a sealed segment by site and UTC day, with the hours of the day as a mask of 24 bits, to `target`. */
export function edgesSql(events: string, target: string, account: string): string {
  return `COPY (
  WITH made AS (
    SELECT unnest(edges) AS e, identifiers, site, "at"
    FROM read_parquet(${pathLiteral(events)}) WHERE kind = 'message'
  ), ends AS (
    SELECT identifiers[e."from" + 1] AS f, identifiers[e."to" + 1] AS t, e.kind AS kind, site, "at" FROM made
  ), summed AS (
    SELECT f, t, kind, site, date_diff('day', DATE '1970-01-01', "at"::DATE)::INTEGER AS day,
      bit_or(1 << extract(hour FROM "at")::INTEGER)::INTEGER AS hours,
      epoch_ms(min("at")) AS first_seen, epoch_ms(max("at")) AS last_seen, count(*) AS count
    FROM ends WHERE f <> t GROUP BY ALL
  )
  SELECT ${idSql(keySql(account, 'f'))} AS from_id, ${idSql(keySql(account, 't'))} AS to_id,
    kind, site, day, hours, first_seen, last_seen, count
  FROM summed
) TO ${literal(target)} ${COMPRESSION}`
}
