// Tables that a run of the real command line has published, to be asked.
import { join } from 'node:path'

import type { JsonValue } from '../../src/adapters/duckdb/cell.ts'
import { openPublishedTables } from '../../src/adapters/duckdb/index.ts'
import { openFileWarehouse } from '../../src/adapters/file-warehouse/index.ts'

export type Row = Readonly<Record<string, JsonValue>>

export const textOf = (cell: JsonValue | undefined): string =>
  typeof cell === 'string' ? cell : JSON.stringify(cell)

export interface Published {
  readonly run: number
  readonly tables: readonly string[]
  /** All rows of an answer. */
  readonly ask: (sql: string) => Promise<readonly Row[]>
  /** The only number of an answer. */
  readonly one: (sql: string) => Promise<number>
  readonly close: () => Promise<void>
}

/** The warehouse of the plain account of a folder. */
export const warehouseIn = (cwd: string): string =>
  join(cwd, 'selfsame-data', 'warehouse', 'default')

/** The current run of a folder's data. */
export async function openPublished(cwd: string): Promise<Published> {
  return openCurrentRun(warehouseIn(cwd))
}

/** The current run of a warehouse. */
export async function openCurrentRun(directory: string): Promise<Published> {
  const warehouse = openFileWarehouse(directory)
  const run = await warehouse.current()
  if (run === null) throw new Error('nothing was published')
  const published = await openPublishedTables({ directory: warehouse.directoryOf(run) })
  const ask = async (sql: string): Promise<readonly Row[]> => {
    const answer = await published.query(sql)
    const rows: Row[] = []
    for await (const page of answer.values()) {
      for (const cells of page)
        rows.push(Object.fromEntries(answer.columns.map(({ name }, i) => [name, cells[i] ?? null])))
    }
    return rows
  }
  const one = async (sql: string): Promise<number> => {
    const [row = {}] = await ask(sql)
    return Number(Object.values(row)[0])
  }
  return { run, tables: published.tables, ask, one, close: () => published.close() }
}
