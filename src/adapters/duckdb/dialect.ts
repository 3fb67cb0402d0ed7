// What DuckDB writes otherwise than other engines.

import type { Dialect } from '../../ports/batch-engine.ts'
import { literal, literals, unpatterned } from './literal.ts'

export const duckdbDialect: Dialect = {
  parquet: (paths) =>
    `read_parquet(${literals(paths.map(unpatterned))}, filename = true, hive_partitioning = false)`,
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
    `regexp_replace(${value}, ${literal(pattern)}, ${literal(by)}, 'g')`,
  matches: (value, pattern) => `regexp_matches(${value}, ${literal(pattern)})`,
  urlDecoded: (value) => `coalesce(try(url_decode(${value})), ${value})`,
  numbers: (from, to) => `range(${from}, ${to} + 1)`,
  text: literal,
}
