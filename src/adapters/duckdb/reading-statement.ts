// One statement that only reads, prepared; everything else is refused in words.
// Invariant: what is executed is a SELECT in the parser's eyes, or an EXPLAIN of what begins as one.

import {
  StatementType,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
} from '@duckdb/node-api'

import { QueryError } from './query-error.ts'

const READING = new Set([
  'select',
  'with',
  'values',
  'from',
  'table',
  'describe',
  'desc',
  'show',
  'summarize',
  'pivot',
  'unpivot',
  'explain',
])
const BEFORE_FIRST_WORD = /^(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/|[(;])*/
/** EXPLAIN ANALYZE executes: of what could write, nothing begins with one of these words. */
const EXPLAINED =
  /^\s*explain\s+(?:analyze\s+)?(?:select|with|values|from|table|describe|show|summarize)\b/i
/** Functions that change how DuckDB works, though a SELECT may call them; what one of them is denied ends the process. */
const CHANGING = /\b\w+_(?:logging|profiling)\b/i

/** @throws {QueryError} and what DuckDB throws for a statement it does not understand */
export async function prepareReading(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  checkFirstWord(sql)
  const changing = CHANGING.exec(sql)
  if (changing !== null) throw refusal(`${changing[0]} does more`, changing.index)
  const statements = await connection.extractStatements(sql)
  const last = statements.count - 1
  // A PIVOT without its values listed comes as several: first a type of what is there, made in memory. Nobody can put
  // such a statement before one that reads but by a PIVOT, since what begins otherwise is refused above.
  for (let index = 0; index < last; index++) {
    const before = await statements.prepare(index)
    if (before.statementType !== StatementType.CREATE) {
      throw new QueryError('refused', 'there is more than one statement: ask them one by one')
    }
    await before.run()
  }
  const statement = await statements.prepare(last)
  checkType(statement, sql)
  if (statement.parameterCount > 0) {
    throw new QueryError('refused', 'there are no parameters here: write the values themselves')
  }
  return statement
}

function checkFirstWord(sql: string): void {
  const start = BEFORE_FIRST_WORD.exec(sql)?.[0].length ?? 0
  const word = /^\w+|^\S?/.exec(sql.slice(start))?.[0] ?? ''
  if (word === '') {
    throw new QueryError('wrong', 'there is no query', { hint: 'For example: SHOW TABLES' })
  }
  if (!READING.has(word.toLowerCase())) throw refusal(`this begins with ${word}`, start)
}

function checkType({ statementType }: DuckDBPreparedStatement, sql: string): void {
  if (statementType === StatementType.SELECT) return
  if (statementType !== StatementType.EXPLAIN) {
    throw refusal(`this is one of kind ${StatementType[statementType]}`, null)
  }
  if (!EXPLAINED.test(sql)) {
    const message = 'only a query can be explained: EXPLAIN SELECT …, EXPLAIN ANALYZE SELECT …'
    throw new QueryError('refused', message)
  }
}

function refusal(what: string, position: number | null): QueryError {
  return new QueryError('refused', `only statements that read are possible; ${what}`, {
    position,
    hint: 'These do: SELECT, WITH, VALUES, FROM, PIVOT, DESCRIBE, SHOW TABLES, SUMMARIZE, EXPLAIN.',
  })
}
