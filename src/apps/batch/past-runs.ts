// The runs of an account so far, a line each; what the table of runs is made of.
// Invariant: a line that a crash cut off is passed over.

import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RunRow } from '../../flows/tell-history.ts'
import type { AccountLayout } from '../account/layout.ts'
import { jsonOf } from '../json-text.ts'
import { systemCodeOf, systemError } from '../user-error.ts'

const FILE = 'runs.ndjson'
const MODE = 0o600

export async function readPastRuns({
  warehouseDirectory,
}: AccountLayout): Promise<readonly RunRow[]> {
  const path = join(warehouseDirectory, FILE)
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

export async function notePastRun(
  { warehouseDirectory }: AccountLayout,
  row: RunRow,
): Promise<void> {
  const path = join(warehouseDirectory, FILE)
  try {
    await appendFile(path, `${JSON.stringify(row)}\n`, { mode: MODE })
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}
