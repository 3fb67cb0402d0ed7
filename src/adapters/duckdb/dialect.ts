// What DuckDB writes otherwise than other engines.

import type { Dialect } from '../../ports/batch-engine.ts'
import { literal, literals, unpatterned } from './literal.ts'

const struct = (fields: Readonly<Record<string, string>>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `'${name}': ${value}`)
    .join(', ')}}`

const jsonPath = (path: readonly string[]): string =>
  literal(['$', ...path.map((name) => `"${name}"`)].join('.'))

/** The text of one JSON value `v`. DuckDB writes whole numbers that came with a point or an exponent as `1000.0`. */
const JSON_TEXT = `CASE WHEN v LIKE '"%' THEN CASE WHEN contains(v, '\\') THEN json_extract_string(v, '$')
      ELSE substr(v, 2, length(v) - 2) END
    WHEN v IN ('true', 'false') THEN v
    WHEN v LIKE '{%' OR v LIKE '[%' OR v = 'null' THEN NULL
    WHEN abs(try_cast(v AS DOUBLE)) <= ${Number.MAX_SAFE_INTEGER}
      THEN regexp_replace(regexp_replace(v, '[.]0$', ''), '^-0$', '0')
    END`

export const duckdbDialect: Dialect = {
  parquet: (paths) =>
    `read_parquet(${literals(paths.map(unpatterned))}, union_by_name = true, filename = true, hive_partitioning = false)`,
  distinctList: (value) => `list_sort(list(DISTINCT ${value}))`,
  eachOf: (list) => `unnest(${list})`,
  overlap: (a, b) => `list_has_any(${a}, ${b})`,
  lengthOf: (list) => `len(${list})`,
  sha256: (value) => `sha256(${value})`,
  fingerprint: (value) => `hash(${value})`,
  shiftLeft: (bits, places) => `((${bits}) << ${places})`,
  wholeDivision: (a, b) => `((${a}) // (${b}))`,
  timestamp: (ms) => `make_timestamp((${ms})::BIGINT * 1000)`,
  jsonTexts: (table, json, paths) => `
SELECT * EXCLUDE (v), ${JSON_TEXT} AS text FROM (
  SELECT *, unnest(range(${paths.length}))::INTEGER AS place,
    unnest(try(json_extract(${json}, [${paths.map(jsonPath).join(', ')}])))::VARCHAR AS v
  FROM ${table} WHERE ${json} IS NOT NULL
) WHERE v IS NOT NULL`,
  listFrom: (first, rest) => `list_prepend(${first}, ${rest})`,
  noTexts: 'CAST([] AS VARCHAR[])',
  listBy: (value, order, condition) =>
    `coalesce(list(${value} ORDER BY ${order}) FILTER (WHERE ${condition}), [])`,
  struct,
  replaceAll: (value, pattern, by) =>
    `regexp_replace(${value}, ${literal(pattern)}, ${literal(by)}, 'g')`,
  matches: (value, pattern) => `regexp_matches(${value}, ${literal(pattern)})`,
  urlDecoded,
  numbers: (from, to) => `range(${from}, ${to} + 1)`,
  text: literal,
}

/**
 * Only what may be no text at all goes through `try`, which in DuckDB 1.5 leaves neighbours of a failed row undecoded at
 * times. The plain way is given nothing of that, since both ways of a CASE may be computed for every row.
 */
function urlDecoded(value: string): string {
  const isDoubtful = `regexp_matches(${value}, '%[89a-fA-F]')`
  const plain = `url_decode(CASE WHEN ${isDoubtful} THEN '' ELSE ${value} END)`
  return `CASE WHEN ${isDoubtful} THEN coalesce(try(url_decode(${value})), ${value}) ELSE ${plain} END`
}
