// The one DuckDB of the process, made when first needed: it seals text segments and reads sealed ones, off the event
// loop. Invariant: it loads nothing from a network and spills nothing to disk.

import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

export interface DuckDBLimits {
  readonly memoryMegabytesMax: number
}

/**
 * Rows come in the order of their file with one thread only. (Told to keep the order, DuckDB holds row groups of any
 * size in memory.) Whoever reads or seals checks the positions.
 */
const THREADS = 1

let instance: Promise<DuckDBInstance> | null = null

/** A new connection; the first caller's limits hold for the process. */
export async function connectDuckDB(limits: DuckDBLimits): Promise<DuckDBConnection> {
  instance ??= start(limits)
  try {
    return await (await instance).connect()
  } catch (cause) {
    instance = null
    throw cause
  }
}

async function start(limits: DuckDBLimits): Promise<DuckDBInstance> {
  // Loaded late: the native library costs 40 ms and 40 MB, which a log without sealed segments never pays.
  const duckdb = await import('@duckdb/node-api')
  return duckdb.DuckDBInstance.create(':memory:', {
    threads: String(THREADS),
    memory_limit: `${limits.memoryMegabytesMax}MB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    // Without it what one sealing has freed stays with the process until the next.
    allocator_background_threads: 'true',
  })
}

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A path as an SQL literal where DuckDB would take it for a pattern. */
export function pathLiteral(path: string): string {
  return literal(path.replaceAll(/[*?[]/g, '[$&]'))
}
