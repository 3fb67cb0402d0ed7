// Published runs as directories: runs/N, drafts runs/.tmp-N, and current.json, which names the run that readers see.
// Invariant: runs/N is complete and durable before the pointer names it, and leaves by a rename, so that whoever lists it sees all of it or nothing.

import { mkdirSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { StoreError } from '../../ports/store-error.ts'
import type { Draft, Warehouse } from '../../ports/warehouse.ts'
import { replaceFile, syncPath, syncTree } from './durable.ts'
import { codeOf, storeErrorOf } from './failures.ts'

const DIRECTORY_MODE = 0o700
const RUNS_KEPT = 3
/** The run that readers see. */
const POINTER = 'current.json'
/** The highest number that was ever given, be it of a run that was never published. */
const COUNTER = 'last-run.json'
const DRAFT = '.tmp-'
const LEAVING = '.old-'
const ENTRY = /^(?<kind>\.tmp-|\.old-|)(?<run>[1-9]\d{0,14})$/

export interface FileWarehouseOptions {
  /** How many published runs stay, the current one among them: whoever reads one has that many publications' time. */
  readonly runsKept?: number
}

/** The warehouse of an account in `directory` (`DATA/warehouse/ACCOUNT`), which need not be there yet. */
export function openFileWarehouse(
  directory: string,
  { runsKept = RUNS_KEPT }: FileWarehouseOptions = {},
): Warehouse {
  const runs = join(directory, 'runs')
  const pointer = join(directory, POINTER)
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw storeErrorOf(cause, directory)
    }
  }
  const current = (): Promise<number | null> => readRun(pointer)
  return {
    current: () => guarded(current),
    directoryOf: (run) => join(runs, String(run)),
    begin: () =>
      guarded(async () => {
        await mkdir(runs, { recursive: true, mode: DIRECTORY_MODE })
        const published = (await current()) ?? 0
        const entries = await entriesOf(runs)
        const counter = join(directory, COUNTER)
        const given = (await readRun(counter)) ?? 0
        const run = Math.max(published, given, ...entries.map((entry) => entry.run)) + 1
        await replaceFile(counter, JSON.stringify({ run }))
        const leftovers = entries.filter((entry) => entry.kind !== '' || entry.run > published)
        for (const { name } of leftovers) await removeAt(join(runs, name))
        return makeDraft(join(runs, `${DRAFT}${run}`), run)
      }),
    publish: (draft) =>
      guarded(async () => {
        await syncTree(draft.directory)
        await rename(draft.directory, join(runs, String(draft.run)))
        await syncPath(runs)
        await replaceFile(pointer, JSON.stringify({ run: draft.run }))
        // It is published now, whatever happens to older runs; what cannot be removed is tried again next time.
        await removeOlder(runs, draft.run, runsKept).catch(() => undefined)
      }),
    discard: (draft) => guarded(() => removeAt(draft.directory)),
  }
}

async function makeDraft(directory: string, run: number): Promise<Draft> {
  await mkdir(directory, { mode: DIRECTORY_MODE })
  return {
    run,
    directory,
    directoryOf: (table) => {
      const path = join(directory, table)
      mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE })
      return path
    },
  }
}

interface Entry {
  readonly name: string
  /** Of a draft, of a run that is being removed; empty for a run. */
  readonly kind: string
  readonly run: number
}

async function entriesOf(runs: string): Promise<readonly Entry[]> {
  return (await readdir(runs)).flatMap((name) => {
    const { kind, run } = ENTRY.exec(name)?.groups ?? {}
    return kind === undefined ? [] : [{ name, kind, run: Number(run) }]
  })
}

async function removeOlder(runs: string, current: number, runsKept: number): Promise<void> {
  const entries = await entriesOf(runs)
  const published = entries
    .filter(({ kind, run }) => kind === '' && run <= current)
    .toSorted((a, b) => b.run - a.run)
  for (const { name, run } of published.slice(Math.max(1, runsKept))) {
    await rename(join(runs, name), join(runs, `${LEAVING}${run}`))
  }
  for (const { name, kind } of await entriesOf(runs)) {
    if (kind === LEAVING) await removeAt(join(runs, name))
  }
}

async function removeAt(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true })
}

/** The run a small file names; null where the file is not there. */
async function readRun(path: string): Promise<number | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null
    throw cause
  }
  const run = /^\s*\{\s*"run"\s*:\s*([1-9]\d{0,14})\s*\}\s*$/.exec(text)?.[1]
  if (run !== undefined) return Number(run)
  throw new StoreError(
    'corrupt',
    `${path} does not name a run. Put it back from a backup, or remove it: the next run writes a new one.`,
    { retryable: false },
  )
}
