// The runs of an account so far, a line each; what the table of runs is made of.
// Invariant: a run is noted before it is published, so that none is ever missing; the last line counts only once it is.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import type { RunRow } from '../../flows/tell-history.ts'
import { writeDurably } from '../account/durable-file.ts'
import type { AccountLayout } from '../account/layout.ts'
import { jsonOf } from '../json-text.ts'
import { systemCodeOf, systemError } from '../user-error.ts'

const FILE = 'runs.ndjson'

/** Published runs, the earliest first. */
export async function readPastRuns({
  warehouseDirectory,
}: AccountLayout): Promise<readonly RunRow[]> {
  const noted = await notedIn(join(warehouseDirectory, FILE))
  const current = (await openFileWarehouse(warehouseDirectory).current()) ?? 0
  const last = noted.at(-1)
  return last !== undefined && last.run > current ? noted.slice(0, -1) : noted
}

async function notedIn(path: string): Promise<readonly RunRow[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n')
    return lines.flatMap((line) => {
      const row = jsonOf(line) as RunRow | undefined
      return typeof row?.run === 'number' ? [row] : []
    })
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return []
    throw systemError(`read ${path}`, cause)
  }
}

/** Notes a run that is about to be published, after those that are; by a draft in a directory that others clear. */
export async function noteRun(
  { warehouseDirectory }: AccountLayout,
  scratch: string,
  runs: readonly RunRow[],
): Promise<void> {
  const path = join(warehouseDirectory, FILE)
  const lines = runs.map((one) => `${JSON.stringify(one)}\n`)
  try {
    await writeDurably(path, lines.join(''), join(scratch, FILE))
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}
