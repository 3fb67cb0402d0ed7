// A published run, opened in a DuckDB of its own: a view a table, and nothing else that can be reached.
// Invariant: the files are those there were when it was opened; only the one file named for it can be written.

import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

import { StoreError } from '../../ports/store-error.ts'
import { literals, quoted, unpatterned } from './literal.ts'

const MEMORY_MEGABYTES_MAX = 1_024
const PARQUET = '.parquet'

export interface PublishedTablesOptions {
  /** Of the run: a directory a table, in it files of Parquet. */
  readonly directory: string
  /** The file `writeParquet` writes. */
  readonly parquetFile?: string
  /** What a query may hold in memory; the rest goes to a directory of its own that is removed afterwards. */
  readonly memoryMegabytesMax?: number
}

export interface OpenRun {
  readonly connection: DuckDBConnection
  readonly directory: string
  readonly tables: readonly string[]
  readonly parquetFile: string | null
  close(): Promise<void>
}

/** @throws {StoreError} when the run cannot be read */
export async function openRun(options: PublishedTablesOptions): Promise<OpenRun> {
  const directory = resolve(options.directory)
  const files = await filesOf(directory)
  const scratch = await scratchDirectory()
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryMegabytesMax ?? MEMORY_MEGABYTES_MAX}MB`,
    temp_directory: scratch.path,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const close = async (): Promise<void> => {
    connection.closeSync()
    instance.closeSync()
    await scratch.remove()
  }
  const parquetFile = options.parquetFile === undefined ? null : resolve(options.parquetFile)
  try {
    await prepareTables(connection, files, parquetFile)
  } catch (cause) {
    await close()
    throw unreadable(directory, cause)
  }
  return { connection, directory, tables: [...files.keys()], parquetFile, close }
}

/** The files of each table, by its name. */
async function filesOf(directory: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, readonly string[]>()
  try {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const path = join(directory, entry.name)
      const names = (await readdir(path)).filter((name) => name.endsWith(PARQUET)).toSorted()
      if (names.length === 0) throw new Error(`there are no files in ${path}`)
      files.set(
        entry.name,
        names.map((name) => join(path, name)),
      )
    }
  } catch (cause) {
    throw unreadable(directory, cause)
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function unreadable(directory: string, cause: unknown): StoreError {
  const text = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(
    'unavailable',
    `The run in ${directory} cannot be read: ${text.replaceAll(/\s+/g, ' ')}. If it was replaced meanwhile, ask again; if files are damaged or gone, \`selfsame resolve\` publishes the tables anew.`,
    { retryable: true, cause },
  )
}

async function prepareTables(
  connection: DuckDBConnection,
  files: ReadonlyMap<string, readonly string[]>,
  parquetFile: string | null,
): Promise<void> {
  for (const [table, paths] of files) {
    const patterns = literals(paths.map(unpatterned))
    // Without the option, a part of the path such as `env=prod` would become a column.
    await connection.run(
      `CREATE VIEW ${quoted(table)} AS FROM read_parquet(${patterns}, hive_partitioning = false)`,
    )
  }
  // Files one by one, not their directory: there is a way for a SELECT to write into an allowed directory.
  const published = [...files.values()].flat()
  const allowed = new Set([...published, ...published.map(unpatterned)])
  if (parquetFile !== null) allowed.add(parquetFile)
  for (const setting of [
    `allowed_paths = ${literals([...allowed])}`,
    `enable_external_access = false`,
    `errors_as_json = true`,
    `enable_progress_bar = true`,
    `enable_progress_bar_print = false`,
    `TimeZone = 'UTC'`,
    `lock_configuration = true`,
  ]) {
    await connection.run(`SET ${setting}`)
  }
}

interface Scratch {
  readonly path: string
  remove(): Promise<void>
}

/** Where a query puts what does not fit into its memory; it goes with the process, too. */
async function scratchDirectory(): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), 'selfsame-sql-'))
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true })
      process.off('exit', removeNow)
    },
  }
}
