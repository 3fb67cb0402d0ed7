// DuckDB: SQL over published tables.

import type { PublishedTablesOptions } from './open-run.ts'
import type { PublishedTables } from './published-tables.ts'

export { QueryError } from './query-error.ts'
export type { JsonValue } from './cell.ts'
export type { Answer, PublishedTables } from './published-tables.ts'
export type { PublishedTablesOptions } from './open-run.ts'

/** Opens a published run to be asked in SQL. @throws {StoreError} when the run cannot be read */
export async function openPublishedTables(
  options: PublishedTablesOptions,
): Promise<PublishedTables> {
  // Loaded late: the native library costs 40 ms and 40 MB.
  const tables = await import('./published-tables.ts')
  return tables.openPublishedTables(options)
}
