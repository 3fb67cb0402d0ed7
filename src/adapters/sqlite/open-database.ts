// Opens the database file of a store: is it ours, of which format, and may we write? Brings older formats up to date.
// Invariant: a database is used in exactly the newest format this version knows; a migration happens whole or not.

import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../ports/store-error.ts'
import { type FileOf, storeErrorOf } from './sqlite-error.ts'

/** What a database holds, and how a file of it is told from others. */
export interface Contents extends FileOf {
  /** Marks the file as ours in its header, so that another program's database is not mistaken for one. */
  readonly applicationId: number
  /** `migrations[n - 1]` makes format n of format n - 1. */
  readonly migrations: readonly string[]
  /**
   * `NORMAL`: a commit is written but not flushed, so a power cut may take back the latest ones, whole and in order.
   * `FULL`: it is flushed. A killed process loses nothing either way.
   */
  readonly synchronous: 'NORMAL' | 'FULL'
}

export interface DatabaseOptions {
  /** Reads beside the process that writes; changes nothing, not even an older format. */
  readonly readOnly: boolean
  /** Page cache of the connection, in MiB. */
  readonly cacheMegabytesMax: number
  /** How long a write waits for another writer's before it fails as `locked`. */
  readonly lockWaitMs: number
  /** The write-ahead log is copied into the database once it holds so many pages. */
  readonly checkpointPages: number
  /** Of a new database. */
  readonly pageBytes: number
}

/**
 * Opens (and, unless read-only, creates or migrates) the database at `path`. Throws a StoreError: `newer_version`,
 * `read_only`, `corrupt`, `locked`, `full`, `unavailable`.
 */
export function openDatabase(
  path: string,
  options: DatabaseOptions,
  contents: Contents,
): DatabaseSync {
  if (options.readOnly && !existsSync(path)) {
    throw new StoreError('unavailable', `there is no ${contents.name} at ${path}`, {
      retryable: false,
    })
  }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.lockWaitMs })
    checkFormat(database, path, options.readOnly, contents)
    configure(database, options, contents)
    if (!options.readOnly) migrate(database, contents.migrations)
    return database
  } catch (error) {
    if (database?.isOpen === true) database.close()
    const meant = storeErrorOf(error, path, contents)
    const unavailable = meant instanceof StoreError && meant.code === 'unavailable'
    throw unavailable && isReadOnlyFolder(path) ? readOnlyError(path, contents, error) : meant
  }
}

/** SQLite only says that it cannot open what it could not write its log beside. */
function isReadOnlyFolder(path: string): boolean {
  const folder = dirname(path)
  try {
    if (existsSync(folder)) accessSync(folder, constants.W_OK)
    return false
  } catch {
    return true
  }
}

function readOnlyError(path: string, { name }: Contents, cause: unknown): StoreError {
  const message = `the folder of the ${name} ${path} cannot be written; check its permissions`
  return new StoreError('read_only', message, { retryable: false, cause })
}

function checkFormat(
  database: DatabaseSync,
  path: string,
  readOnly: boolean,
  { name, applicationId, migrations }: Contents,
): void {
  const newest = migrations.length
  const owner = pragma(database, 'application_id')
  const format = formatOf(database)
  if (owner !== applicationId && !isUnfinished(database, owner, format)) {
    const message = `${path} belongs to another program; it is no ${name}`
    throw new StoreError('corrupt', message, { retryable: false })
  }
  if (format > newest) {
    const message =
      `the ${name} ${path} was written by a newer version of Selfsame (its format is ${format}, this version ` +
      `knows up to ${newest}); update Selfsame, or use another data directory`
    throw new StoreError('newer_version', message, { retryable: false })
  }
  if (readOnly && format < newest) {
    const message =
      `the ${name} ${path} was written by an older version of Selfsame (its format is ${format}, this version ` +
      `needs ${newest}); start a command that writes, such as serve or ingest, once to bring it up to date`
    throw new StoreError('read_only', message, { retryable: false })
  }
}

/** Whether nothing was ever written: not there until now, or its creator was killed or ran out of space in the middle. */
function isUnfinished(database: DatabaseSync, owner: number, format: number): boolean {
  if (owner !== 0 || format !== 0) return false
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}

function configure(
  database: DatabaseSync,
  options: DatabaseOptions,
  { synchronous }: Contents,
): void {
  database.exec(`PRAGMA cache_size = ${-1024 * options.cacheMegabytesMax}; PRAGMA mmap_size = 0`)
  if (options.readOnly) return
  database.exec(`
    PRAGMA page_size = ${options.pageBytes};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous};
    PRAGMA wal_autocheckpoint = ${options.checkpointPages};
    PRAGMA journal_size_limit = ${options.checkpointPages * options.pageBytes};
  `)
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  if (formatOf(database) === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Asked again: another process may have migrated while this one waited for the lock.
    for (const step of migrations.slice(formatOf(database))) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function formatOf(database: DatabaseSync): number {
  return pragma(database, 'user_version')
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0)
}
