// What DuckDB writes otherwise than other engines.

import type { Dialect } from '../../ports/batch-engine.ts'

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** A path where DuckDB would take it for a pattern. */
const path = (value: string): string => text(value.replaceAll(/[*?[]/g, '[$&]'))

export const duckdbDialect: Dialect = {
  parquet: (paths) => `read_parquet([${paths.map(path).join(', ')}], filename = true)`,
  distinctList: (value) => `list_sort(list(DISTINCT ${value}))`,
  listOf: (fields) =>
    `list({${Object.entries(fields)
      .map(([name, value]) => `'${name}': ${value}`)
      .join(', ')}})`,
  unionOfLists: (list) => `list_sort(list_distinct(flatten(list(${list}))))`,
  eachOf: (list) => `unnest(${list})`,
  overlap: (a, b) => `list_has_any(${a}, ${b})`,
  lengthOf: (list) => `len(${list})`,
  shiftLeft: (bits, places) => `((${bits}) << ${places})`,
  wholeDivision: (a, b) => `((${a}) // (${b}))`,
  timestamp: (ms) => `make_timestamp((${ms})::BIGINT * 1000)`,
  replaceAll: (value, pattern, by) =>
    `regexp_replace(${value}, ${text(pattern)}, ${text(by)}, 'g')`,
  matches: (value, pattern) => `regexp_matches(${value}, ${text(pattern)})`,
  urlDecoded: (value) => `coalesce(try(url_decode(${value})), ${value})`,
  numbers: (from, to) => `range(${from}, ${to} + 1)`,
  text,
}
