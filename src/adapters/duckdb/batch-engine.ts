// DuckDB as a batch engine: in memory, spilling to a directory what does not fit, loading nothing from a network.

import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import { join } from 'node:path'
import type { BatchEngine, ColumnValues } from '../../ports/batch-engine.ts'
import { duckdbDialect } from './dialect.ts'
import { literal } from './literal.ts'

export interface EngineOptions {
  readonly memoryMegabytesMax: number
  readonly threads: number
  /** An empty directory for what does not fit in memory. */
  readonly spillDirectory: string
  /** Interrupts what is running. */
  readonly signal: AbortSignal
}

const INTERRUPT_EVERY_MS = 50
/** Rows of a chunk that is put into a table. */
const CHUNK_ROWS = 2_048

export async function openDuckdbEngine(options: EngineOptions): Promise<BatchEngine> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMegabytesMax}MB`,
    temp_directory: options.spillDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    // It takes a filter on a text for rarer than it is, and would keep the log itself in memory.
    disabled_optimizers: 'join_order,build_side_probe_side',
    allocator_background_threads: 'true',
  })
  const connection = await instance.connect()
  // One that comes just before a query begins can be lost.
  let interrupting: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    interrupting ??= setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS)
    connection.interrupt()
  }
  options.signal.addEventListener('abort', interrupt)
  const close = (): Promise<void> => {
    options.signal.removeEventListener('abort', interrupt)
    clearInterval(interrupting)
    connection.closeSync()
    instance.closeSync()
    return Promise.resolve()
  }
  return new DuckdbEngine(connection, options.signal, close)
}

class DuckdbEngine implements BatchEngine {
  readonly dialect = duckdbDialect
  readonly close: () => Promise<void>
  readonly #connection: DuckDBConnection
  readonly #signal: AbortSignal
  constructor(connection: DuckDBConnection, signal: AbortSignal, close: () => Promise<void>) {
    this.#connection = connection
    this.#signal = signal
    this.close = close
  }

  async make(table: string, sql: string): Promise<number> {
    return this.#changed(`CREATE OR REPLACE TABLE ${table} AS ${sql}`)
  }

  async write(sql: string, directory: string): Promise<number> {
    const target = literal(join(directory, 'part-0.parquet'))
    return this.#changed(
      `COPY (${sql}) TO ${target} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    )
  }

  async drop(table: string): Promise<void> {
    await this.#run(`DROP TABLE IF EXISTS ${table}`)
  }

  async rows<Row>(sql: string): Promise<readonly Row[]> {
    const result = await this.#run(sql)
    return (await result.getRowObjectsJS()) as readonly unknown[] as readonly Row[]
  }

  async integers(sql: string): Promise<readonly Int32Array[]> {
    this.#signal.throwIfAborted()
    const result = await this.#connection.run(sql)
    const chunks = await result.fetchAllChunks()
    const total = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0)
    const columns = Array.from({ length: result.columnCount }, () => new Int32Array(total))
    let at = 0
    for (const chunk of chunks) {
      columns.forEach((column, i) => {
        const { items } = chunk.getColumnVector(i) as unknown as { items: Int32Array }
        column.set(items.subarray(0, chunk.rowCount), at)
      })
      at += chunk.rowCount
    }
    return columns
  }

  async put(table: string, columns: Readonly<Record<string, ColumnValues>>): Promise<void> {
    const types = typesOf(columns)
    const defined = Object.keys(columns).map((name, i) => `${name} ${types[i]?.toString()}`)
    await this.#run(`CREATE OR REPLACE TABLE ${table} (${defined.join(', ')})`)
    await this.add(table, columns)
  }

  async add(table: string, columns: Readonly<Record<string, ColumnValues>>): Promise<void> {
    const types = typesOf(columns)
    const values = Object.values(columns)
    const appender = await this.#connection.createAppender(table)
    const rows = values[0]?.length ?? 0
    for (let at = 0; at < rows; at += CHUNK_ROWS) {
      this.#signal.throwIfAborted()
      const count = Math.min(CHUNK_ROWS, rows - at)
      const chunk = DuckDBDataChunk.create(types, count)
      values.forEach((column, i) => fill(chunk, i, column, at, count))
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }

  async #run(sql: string): ReturnType<DuckDBConnection['run']> {
    this.#signal.throwIfAborted()
    return this.#connection.run(sql)
  }

  /** Runs what answers with the number of rows it made. */
  async #changed(sql: string): Promise<number> {
    const result = await this.#run(sql)
    const [row] = await result.getRowsJS()
    return Number(row?.[0] ?? 0)
  }
}

function typesOf(columns: Readonly<Record<string, ColumnValues>>) {
  return Object.values(columns).map((column) =>
    column instanceof Int32Array ? INTEGER : column instanceof BigInt64Array ? BIGINT : VARCHAR,
  )
}

/** Numbers go over as they lie in memory. */
function fill(
  chunk: DuckDBDataChunk,
  at: number,
  column: ColumnValues,
  from: number,
  count: number,
): void {
  if (column instanceof Int32Array || column instanceof BigInt64Array) {
    const vector = chunk.getColumnVector(at) as unknown as NumberVector
    vector.items.set(column.subarray(from, from + count))
    vector.flush()
  } else chunk.setColumnValues(at, column.slice(from, from + count))
}

interface NumberVector {
  readonly items: { set(values: Int32Array | BigInt64Array): void }
  flush(): void
}
