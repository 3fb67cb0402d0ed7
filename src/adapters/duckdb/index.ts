// DuckDB: computes batch runs on one machine, and answers SQL over published tables.
// Loaded late: the native library costs 40 ms and 40 MB.

import type { BatchEngine } from '../../ports/batch-engine.ts'
import type { EngineOptions } from './batch-engine.ts'
import type { PublishedTablesOptions } from './open-run.ts'
import type { PublishedTables } from './published-tables.ts'

export { bytesLiteral } from './literal.ts'
export { QueryError } from './query-error.ts'
export type { JsonValue } from './cell.ts'
export type { Answer, PublishedTables } from './published-tables.ts'
export type { PublishedTablesOptions } from './open-run.ts'

/** An engine of its own, empty. */
export async function openDuckdbEngine(options: EngineOptions): Promise<BatchEngine> {
  const engine = await import('./batch-engine.ts')
  return engine.openDuckdbEngine(options)
}

/** Opens a published run to be asked in SQL. @throws {StoreError} when the run cannot be read */
export async function openPublishedTables(
  options: PublishedTablesOptions,
): Promise<PublishedTables> {
  const tables = await import('./published-tables.ts')
  return tables.openPublishedTables(options)
}
