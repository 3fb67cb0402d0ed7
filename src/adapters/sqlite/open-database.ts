// Opens the database file of a store: is it ours, of which format, and may we write? Brings older formats up to date.
// Invariant: a database is used in exactly the newest format this version knows; a migration happens whole or not.

import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../ports/store-error.ts'
import { APPLICATION_ID } from './schema.ts'
import { storeErrorOf } from './sqlite-error.ts'

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
 * Opens (and, unless read-only, creates or migrates) the database at `path`. `migrations[n - 1]` makes format n of
 * format n - 1. Throws a StoreError: `newer_version`, `read_only`, `corrupt`, `locked`, `full`, `unavailable`.
 */
export function openDatabase(
  path: string,
  options: DatabaseOptions,
  migrations: readonly string[],
): DatabaseSync {
  if (options.readOnly && !existsSync(path)) {
    throw new StoreError('unavailable', `there is no identity store at ${path}`, {
      retryable: false,
    })
  }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.lockWaitMs })
    checkFormat(database, path, options.readOnly, migrations.length)
    configure(database, options)
    if (!options.readOnly) migrate(database, migrations)
    return database
  } catch (error) {
    if (database?.isOpen === true) database.close()
    const meant = storeErrorOf(error, path)
    const unavailable = meant instanceof StoreError && meant.code === 'unavailable'
    throw unavailable && isReadOnlyFolder(path) ? readOnlyError(path, error) : meant
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

function readOnlyError(path: string, cause: unknown): StoreError {
  const message = `the folder of the identity store ${path} cannot be written; check its permissions`
  return new StoreError('read_only', message, { retryable: false, cause })
}

function checkFormat(
  database: DatabaseSync,
  path: string,
  readOnly: boolean,
  newest: number,
): void {
  const owner = pragma(database, 'application_id')
  const format = formatOf(database)
  if (owner !== APPLICATION_ID && !isUnfinished(database, owner, format)) {
    const message = `${path} belongs to another program; it is no identity store`
    throw new StoreError('corrupt', message, { retryable: false })
  }
  if (format > newest) {
    const message =
      `the identity store ${path} was written by a newer version of Selfsame (its format is ${format}, this version ` +
      `knows up to ${newest}); update Selfsame, or use another data directory`
    throw new StoreError('newer_version', message, { retryable: false })
  }
  if (readOnly && format < newest) {
    const message =
      `the identity store ${path} was written by an older version of Selfsame (its format is ${format}, this version ` +
      `needs ${newest}); start a command that writes, such as serve or ingest, once to bring it up to date`
    throw new StoreError('read_only', message, { retryable: false })
  }
}

/** Whether nothing was ever written: not there until now, or its creator was killed or ran out of space in the middle. */
function isUnfinished(database: DatabaseSync, owner: number, format: number): boolean {
  if (owner !== 0 || format !== 0) return false
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}

/**
 * `synchronous = NORMAL`: a commit is written but not flushed, so a power cut may take back the latest ones, whole and
 * in order. That is enough, because the log is the truth and the position in it travels in the same transaction:
 * whatever is taken back is replayed from there. A killed process loses nothing.
 */
function configure(database: DatabaseSync, options: DatabaseOptions): void {
  database.exec(`PRAGMA cache_size = ${-1024 * options.cacheMegabytesMax}; PRAGMA mmap_size = 0`)
  if (options.readOnly) return
  database.exec(`
    PRAGMA page_size = ${options.pageBytes};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
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
