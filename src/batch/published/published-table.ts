// A table that is published: open columns in types that Presto and Trino read as DuckDB and Spark write them: signed whole
// numbers, DOUBLE, VARCHAR, BOOLEAN, TIMESTAMP in microseconds of UTC, lists and structs of these.

import type { Dialect } from '../../ports/batch-engine.ts'

/** Its name and the query that fills it. */
export interface PublishedTable {
  readonly table: string
  readonly sql: (dialect: Dialect) => string
}
