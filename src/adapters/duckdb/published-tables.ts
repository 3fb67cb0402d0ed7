// SQL over the tables of one published run.
// Invariants: a query reads and does nothing else; a result is never in memory as a whole.

import { stat } from 'node:fs/promises'

import {
  DuckDBTypeId,
  StatementType,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'

import { cellJson, cellText, type JsonValue } from './cell.ts'
import { openRun, type OpenRun, type PublishedTablesOptions } from './open-run.ts'
import { copyAnswer } from './parquet-answer.ts'
import { QueryError, queryErrorOf } from './query-error.ts'
import { prepareReading } from './reading-statement.ts'

const INTERRUPT_EVERY_MS = 50

/** One query at a time. */
export interface PublishedTables {
  /** Names of the tables. */
  readonly tables: readonly string[]
  /** Begins a query. @throws {QueryError} */
  query(sql: string, signal?: AbortSignal): Promise<Answer>
  /** Writes an answer to the file named at opening, at most `rowsMax` rows, and tells how many. @throws {QueryError} */
  writeParquet(
    sql: string,
    options: { readonly rowsMax: number; readonly signal?: AbortSignal },
  ): Promise<number>
  /** How much of the query under way is done, 0 to 1; null where that is not known. */
  progress(): number | null
  /** Also while a query is under way, which is then interrupted. */
  close(): Promise<void>
}

/** Its rows come once, either way, a page of at most 2,048 at a time. Both throw {QueryError}. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[]
  /** It is a plan: text of several lines. */
  readonly isPlan: boolean
  texts(): AsyncGenerator<readonly (readonly (string | null)[])[]>
  values(): AsyncGenerator<readonly (readonly JsonValue[])[]>
}

/** @throws {StoreError} when the run cannot be read */
export async function openPublishedTables(
  options: PublishedTablesOptions,
): Promise<PublishedTables> {
  return new OpenTables(await openRun(options))
}

class OpenTables implements PublishedTables {
  readonly tables: readonly string[]
  private readonly run: OpenRun
  /** The step under way, which uses the connection; null when none is. */
  private step: Promise<unknown> | null = null

  constructor(run: OpenRun) {
    this.run = run
    this.tables = run.tables
  }

  async query(sql: string, signal?: AbortSignal): Promise<Answer> {
    const within = <T>(work: () => Promise<T>): Promise<T> => this.within(sql, signal, work)
    const result = await within(async () => {
      const statement = await prepareReading(this.run.connection, sql)
      return statement.stream()
    })
    const names = result.deduplicatedColumnNames()
    const columns = names.map((name, i) => {
      return { name, isNumber: NUMBERS.has(result.columnTypeId(i)) }
    })
    return {
      columns,
      isPlan: result.statementType === StatementType.EXPLAIN,
      texts: () => pages(result, cellText, within),
      values: () => pages(result, cellJson, within),
    }
  }

  async writeParquet(
    sql: string,
    { rowsMax, signal }: { readonly rowsMax: number; readonly signal?: AbortSignal },
  ): Promise<number> {
    const { connection, parquetFile: file } = this.run
    if (file === null) throw new Error('no file was named at opening')
    return this.within(sql, signal, () => copyAnswer(connection, { sql, file, rowsMax }))
  }

  progress(): number | null {
    const { percentage } = this.run.connection.progress
    return percentage > 0 ? Math.min(1, percentage / 100) : null
  }

  async close(): Promise<void> {
    const { connection } = this.run
    const timer = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS)
    // Whoever wanted the step has gone, or has been told.
    await this.step?.catch(() => undefined)
    clearInterval(timer)
    await this.run.close()
  }

  /** Runs a step of a query, stopped by the signal; what fails is a QueryError. */
  private async within<T>(
    sql: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const interrupt = (): void => {
      this.run.connection.interrupt()
      // One that comes just before DuckDB begins is forgotten.
      timer ??= setInterval(() => this.run.connection.interrupt(), INTERRUPT_EVERY_MS)
    }
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      if (signal?.aborted === true) throw new QueryError('interrupted', 'the query was interrupted')
      const step = work()
      this.step = step
      return await step
    } catch (cause) {
      throw await this.reasonOf(cause, sql)
    } finally {
      signal?.removeEventListener('abort', interrupt)
      clearInterval(timer)
      this.step = null
    }
  }

  private async reasonOf(cause: unknown, sql: string): Promise<QueryError> {
    const error = queryErrorOf(cause, sql, this.tables)
    if (error.code === 'interrupted') return error
    const isThere = await stat(this.run.directory).catch(() => null)
    if (isThere !== null) return error
    const hint = 'A query that takes longer than several batch runs outlives its files: ask again.'
    return new QueryError('gone', 'the run was removed meanwhile', { cause, hint })
  }
}

async function* pages<T>(
  result: DuckDBResult,
  convert: (value: DuckDBValue, type: DuckDBType) => T,
  within: <R>(work: () => Promise<R>) => Promise<R>,
): AsyncGenerator<T[][]> {
  // Those of a page would not tell JSON from text.
  const types = result.columnTypes()
  for (;;) {
    const chunk = await within(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    const columns = types.map((type, i) => {
      return chunk.getColumnValues(i).map((value) => convert(value, type))
    })
    yield Array.from({ length: chunk.rowCount }, (_, row) =>
      columns.map((cells) => cells[row] as T),
    )
  }
}

const NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
])
