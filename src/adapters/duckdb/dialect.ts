// What DuckDB writes otherwise than other engines.

import type { Dialect } from '../../ports/batch-engine.ts'
import { literal, literals, unpatterned } from './literal.ts'

const struct = (fields: Readonly<Record<string, string>>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `'${name}': ${value}`)
    .join(', ')}}`

const jsonPath = (path: readonly string[]): string =>
  literal(['$', ...path.map((name) => `"${name}"`)].join('.'))

/** The text of one JSON value. DuckDB writes whole numbers that came with a point or an exponent as `1000.0`. */
const JSON_TEXT = `CASE json_type(v)
    WHEN 'VARCHAR' THEN json_extract_string(v, '$')
    WHEN 'BOOLEAN' THEN CAST(v AS VARCHAR)
    WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL
    ELSE CASE WHEN abs(try_cast(CAST(v AS VARCHAR) AS DOUBLE)) <= ${Number.MAX_SAFE_INTEGER}
      THEN regexp_replace(regexp_replace(CAST(v AS VARCHAR), '[.]0$', ''), '^-0$', '0') END
    END`

export const duckdbDialect: Dialect = {
  parquet: (paths) =>
    `read_parquet(${literals(paths.map(unpatterned))}, filename = true, hive_partitioning = false)`,
  distinctList: (value) => `list_sort(list(DISTINCT ${value}))`,
  listOf: (fields) => `list(${struct(fields)})`,
  unionOfLists: (list) => `list_sort(list_distinct(flatten(list(${list}))))`,
  eachOf: (list) => `unnest(${list})`,
  overlap: (a, b) => `list_has_any(${a}, ${b})`,
  lengthOf: (list) => `len(${list})`,
  sha256: (value) => `sha256(${value})`,
  fingerprint: (value) => `hash(${value})`,
  shiftLeft: (bits, places) => `((${bits}) << ${places})`,
  wholeDivision: (a, b) => `((${a}) // (${b}))`,
  timestamp: (ms) => `make_timestamp((${ms})::BIGINT * 1000)`,
  jsonTexts: (json, paths) =>
    `list_transform(try(json_extract(${json}, [${paths.map(jsonPath).join(', ')}])), lambda v: ${JSON_TEXT})`,
  eachAs: (list, change) => `list_transform(${list}, lambda entry: ${change('entry')})`,
  entryOf: (list, index) => `(${list})[${index + 1}]`,
  listFrom: (first, rest) => `list_prepend(${first}, ${rest})`,
  noTexts: 'CAST([] AS VARCHAR[])',
  listBy: (value, order, condition) =>
    `coalesce(list(${value} ORDER BY ${order}) FILTER (WHERE ${condition}), [])`,
  hasField: (list, field, texts) =>
    `(len(list_filter(${list}, lambda s: s.${field} IN (${texts.map(literal).join(', ')}))) > 0)`,
  struct,
  replaceAll: (value, pattern, by) =>
    `regexp_replace(${value}, ${literal(pattern)}, ${literal(by)}, 'g')`,
  matches: (value, pattern) => `regexp_matches(${value}, ${literal(pattern)})`,
  urlDecoded: (value) => `coalesce(try(url_decode(${value})), ${value})`,
  numbers: (from, to) => `range(${from}, ${to} + 1)`,
  text: literal,
}
