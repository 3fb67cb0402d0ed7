// The SQL that turns a text segment into Parquet and a sealed record back into a line. Column types are those that
// Presto and Trino read alike: signed integers, TIMESTAMP in microseconds of UTC, VARCHAR, LIST of STRUCT.

import type { Place } from '../../ports/event-log.ts'
import { LINE_OVERHEAD_BYTES } from './line.ts'
import { literal, pathLiteral } from './duckdb.ts'
import { COLUMNS } from './record-columns.ts'
import { SAID_COLUMNS, saidSql } from './said-sql.ts'
import { membersSql } from './summary-sql.ts'

/** DuckDB keeps one row group in memory, several times over, before it writes it; whichever bound is met first. */
const ROW_GROUP_ROWS = 10_240
const ROW_GROUP_MEGABYTES = 12
/** Lines of the largest size that DuckDB's reader can hold at once. */
const CSV_BUFFER_LINES = 2

const PARQUET = `(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, ROW_GROUP_SIZE_BYTES '${ROW_GROUP_MEGABYTES}MB')`

/** 1-based number of a column in the flat array. */
const column = (name: (typeof COLUMNS)[number]): string => `c[${COLUMNS.indexOf(name) + 1}]`

const firstIdentifier = COLUMNS.length + 1
const firstEdge = `${firstIdentifier} + 3 * ${column('identifiers')}::INTEGER`

/** Writes the text segment at `source` as Parquet to `target`. */
export function sealSql(
  source: string,
  target: string,
  account: string,
  recordBytesMax: number,
): string {
  const lineBytesMax = recordBytesMax + LINE_OVERHEAD_BYTES
  return `COPY (
  WITH lines AS (
    SELECT position, body, from_json(columns, '["VARCHAR"]') AS c
    FROM read_csv(${pathLiteral(source)}, auto_detect = false, header = false, delim = '\\t',
      quote = '', escape = '', comment = '', new_line = '\\n', nullstr = '', strict_mode = true,
      max_line_size = ${lineBytesMax}, buffer_size = ${CSV_BUFFER_LINES * lineBytesMax},
      columns = {crc: 'VARCHAR', position: 'BIGINT', write: 'BIGINT', columns: 'VARCHAR', body: 'VARCHAR'})
  ), records AS (
    SELECT
      position,
      ${column('id')} AS id,
      ${column('site')} AS site,
      ${column('kind')} AS kind,
      ${column('type')} AS type,
      ${column('name')} AS name,
      make_timestamp(${column('at')}::BIGINT * 1000) AS "at",
      make_timestamp(${column('received_at')}::BIGINT * 1000) AS received_at,
      ${column('extraction_version')}::INTEGER AS extraction_version,
      list_transform(range(${firstIdentifier}, ${firstEdge}, 3),
        lambda i: {'type': c[i], 'namespace': c[i + 1], 'value': c[i + 2]}) AS identifiers,
      list_transform(range(${firstEdge}, len(c), 3),
        lambda i: {'from': c[i]::INTEGER, 'to': c[i + 1]::INTEGER, 'kind': c[i + 2]}) AS edges,
      CASE WHEN len(c) % 3 = 1 THEN c[-1] ELSE '[]' END::BIGINT[] AS clues,
      body,
      CASE WHEN ${column('kind')} = 'message' THEN ${saidSql('body')} END AS said
    FROM lines
  )
  SELECT position, id, ${literal(account)} AS account, site, kind, type, name, "at", received_at,
    extraction_version, identifiers, edges, clues,
    ${membersSql(account)},
    ${SAID_COLUMNS},
    CASE WHEN kind = 'decision' THEN body END AS decision,
    CASE WHEN kind = 'message' THEN body END AS raw
  FROM records
) TO ${literal(target)} ${PARQUET}`
}

/** Writes the records from `first` to `last` of a sealed segment to `target`. */
export function cutSql(path: string, target: string, first: number, last: number): string {
  return `COPY (SELECT * FROM ${records([path])} WHERE position BETWEEN ${first} AND ${last})
  TO ${literal(target)} ${PARQUET}`
}

/** One row: how many records a sealed segment has, and how many have the position that follows from the first. */
export function countSql(path: string, first: number): string {
  return `SELECT count(*)::DOUBLE, (count(*) FILTER (position = ${first - 1} + row))::DOUBLE
  FROM (SELECT position, row_number() OVER () AS row FROM ${table([path])})`
}

/** The 2nd to 4th word of the key of every identifier in a segment's summary, each once. */
export function keysSql(identifiersPath: string): string {
  const words = [1, 2, 3].map((at) => keyWord(at)).join(', ')
  return `SELECT DISTINCT ${words} FROM ${table([identifiersPath])}`
}

/** 32 bits of a key, counted from 0. */
function keyWord(at: number): string {
  return `('0x' || key[${8 * at + 1} : ${8 * at + 8}])::UINTEGER`
}

/** Position, columns and body of a record. Other than in a text segment, identifiers and edges are lists of objects. */
const RECORD = `position::DOUBLE,
  json_array(id, kind, extraction_version, site, type, name, epoch_ms("at"), epoch_ms(received_at),
    identifiers, edges, clues)::VARCHAR || chr(9) || coalesce(raw, decision, '')`

/** Records of a sealed segment from a position on, in order. */
export function recordsSql(path: string, from: number): string {
  return `SELECT ${RECORD} FROM ${records([path])} WHERE position >= ${from}`
}

/** The latest records that name one of $1, identifiers as JSON, latest first; with `before` only those before it. */
export function messagesSql(paths: readonly string[], limit: number, before: Place | null): string {
  return `SELECT ${RECORD} FROM ${records(paths)}
  WHERE list_has_any(identifiers,
    from_json($1, '[{"type": "VARCHAR", "namespace": "VARCHAR", "value": "VARCHAR"}]'))
    AND ${before === null ? 'true' : isBefore(before)}
  ORDER BY "at" DESC, position DESC LIMIT ${limit}`
}

/** The time stands by itself, too, so that row groups whose times are all later are not read. */
function isBefore({ at, position }: Place): string {
  const time = `make_timestamp((${at})::BIGINT * 1000)`
  return `"at" <= ${time} AND ("at" < ${time} OR position < ${position})`
}

function table(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => pathLiteral(path)).join(', ')}], union_by_name = true)`
}

/** The events of sealed segments with all columns: NULL in those of segments that were sealed before there were such. */
function records(paths: readonly string[]): string {
  return `(FROM ${table(paths)} UNION ALL BY NAME SELECT NULL::BIGINT[] AS clues WHERE false)`
}
