// Readers of the published tables beside runs that come and are killed: at every look all tables are whole and of one
// run, and that run and all seen before it are in the table of runs.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'vitest'

import { openPublishedTables } from '../../src/adapters/duckdb/index.ts'
import { openFileWarehouse } from '../../src/adapters/file-warehouse/index.ts'
import { warehouseIn } from '../cli/published.ts'

const READ_EVERY_MS = 100

const WHOLE = `
SELECT (SELECT max(run_id) FROM runs) AS run,
  (SELECT last(profiles ORDER BY run_id) FROM runs) AS told,
  (SELECT count(*) FROM profiles) AS profiles,
  (SELECT count(*) FROM profiles WHERE run_id <> (SELECT max(run_id) FROM runs)) AS others,
  (SELECT count(*) FROM identifiers i LEFT JOIN profiles p USING (profile_id)
    WHERE i.profile_id IS NOT NULL AND p.profile_id IS NULL) AS homeless,
  (SELECT count(*) FROM events e LEFT JOIN profiles p USING (profile_id)
    WHERE e.profile_id IS NOT NULL AND p.profile_id IS NULL) AS ownerless,
  (SELECT count(*) FROM lineage WHERE run_id NOT IN (SELECT run_id FROM runs)) AS unnamed`

/** The run that readers see now; null before the first. */
export async function currentRun(cwd: string): Promise<number | null> {
  return openFileWarehouse(warehouseIn(cwd)).current()
}

/** What a reader finds now: the runs it tells of, ascending; all its tables fit together. None before the first run. */
async function readTables(cwd: string): Promise<readonly number[]> {
  const warehouse = openFileWarehouse(warehouseIn(cwd))
  const current = await warehouse.current()
  if (current === null) return []
  const tables = await openPublishedTables({ directory: warehouse.directoryOf(current) })
  const numbers = async (sql: string): Promise<readonly number[]> => {
    const found: number[] = []
    const answer = await tables.query(sql)
    for await (const page of answer.texts()) for (const row of page) found.push(...row.map(Number))
    return found
  }
  try {
    const [run, told, profiles, ...none] = await numbers(WHOLE)
    expect([run, profiles, ...none]).toEqual([current, told, 0, 0, 0, 0])
    return await numbers('SELECT run_id FROM runs ORDER BY run_id')
  } finally {
    await tables.close()
  }
}

export interface Reading {
  /** The runs that were seen, ascending. Fails with what was not whole. */
  stop(): Promise<readonly number[]>
}

/** Reads again and again until it is stopped. */
export function reading(cwd: string): Reading {
  const over = new AbortController()
  const work = async (): Promise<readonly number[]> => {
    const seen: number[] = []
    const look = async (): Promise<void> => {
      const told = await readTables(cwd)
      const current = told.at(-1)
      if (current !== undefined && current !== seen.at(-1)) seen.push(current)
      expect(told).toEqual(expect.arrayContaining(seen))
    }
    while (!over.signal.aborted) {
      await look()
      await sleep(READ_EVERY_MS)
    }
    await look()
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    return seen
  }
  const read = work()
  // Met by whoever stops it.
  read.catch(() => undefined)
  return {
    stop: () => {
      over.abort()
      return read
    },
  }
}

/** What runs that were killed have left in the warehouse, beside its published runs. */
export async function leftovers(cwd: string): Promise<readonly string[]> {
  const [top, runs] = [warehouseIn(cwd), join(warehouseIn(cwd), 'runs')]
  const names = [...(await readdir(top)), ...(await readdir(runs))]
  return names.filter((name) => name.startsWith('.') || name.endsWith('.draft'))
}
