// A prepared statement that reads, with the type of its rows.

import type { DatabaseSync } from 'node:sqlite'

type Parameter = string | number | null | Uint8Array

/** Its rows are arrays: the fastest form. */
export interface Query<Row> {
  all(...parameters: Parameter[]): Row[]
  first(...parameters: Parameter[]): Row | undefined
}

export function prepareQuery<Row>(database: DatabaseSync, sql: string): Query<Row> {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return {
    all: (...parameters) => statement.all(...parameters) as unknown as Row[],
    first: (...parameters) => statement.get(...parameters) as unknown as Row | undefined,
  }
}
