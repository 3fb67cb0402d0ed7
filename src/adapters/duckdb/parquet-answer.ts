// The answer of a query as a file of Parquet.

import { DuckDBTypeId, StatementType, type DuckDBConnection } from '@duckdb/node-api'

import { literal, quoted } from './literal.ts'
import { QueryError } from './query-error.ts'
import { prepareReading } from './reading-statement.ts'

const ANSWER = '"selfsame answer"'

export interface ParquetOptions {
  readonly sql: string
  /** Where to; a file that is there is replaced. */
  readonly file: string
  /** Infinity for all. */
  readonly rowsMax: number
}

/** Tells how many rows. @throws {QueryError} and what DuckDB throws */
export async function copyAnswer(
  connection: DuckDBConnection,
  { sql, file, rowsMax }: ParquetOptions,
): Promise<number> {
  const { statementType } = await prepareReading(connection, sql)
  if (statementType === StatementType.EXPLAIN) throw noParquet()
  // The statement is one and is in order: what fails now is that it is none a view can be of.
  await connection
    .run(`CREATE OR REPLACE TEMP VIEW ${ANSWER} AS ${sql}`)
    .catch((cause: unknown) => {
      throw noParquet(cause)
    })
  const limit = Number.isFinite(rowsMax) ? ` LIMIT ${rowsMax}` : ''
  const rows = `SELECT ${await exactColumns(connection)} FROM ${ANSWER}${limit}`
  const copied = await connection.run(
    `COPY (${rows}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
  )
  return copied.rowsChanged
}

const HUGE: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT])

/** Parquet has no whole numbers of 128 bits: as DuckDB writes them, a sum would be rounded. */
async function exactColumns(connection: DuckDBConnection): Promise<string> {
  const statement = await connection.prepare(`FROM ${ANSWER}`)
  return Array.from({ length: statement.columnCount }, (_, i) => {
    const name = quoted(statement.columnName(i))
    const isHuge = HUGE.has(statement.columnTypeId(i))
    return isHuge ? `CAST(${name} AS DECIMAL(38, 0)) AS ${name}` : name
  }).join(', ')
}

function noParquet(cause?: unknown): QueryError {
  return new QueryError('refused', 'only the answer of a SELECT can be written as Parquet', {
    hint: 'Other answers can be had as text: --format csv, --format json.',
    cause,
  })
}
