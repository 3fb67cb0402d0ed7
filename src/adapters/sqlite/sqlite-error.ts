// What SQLite reports, as the one error adapters throw. Anything unknown stays what it is: a bug, to be seen as one.

import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'

interface SqliteError extends Error {
  readonly code: 'ERR_SQLITE_ERROR'
  /** Extended result code; the low byte is the primary one. */
  readonly errcode: number
  readonly errstr: string
}

interface Meaning {
  readonly code: StoreErrorCode
  readonly retryable: boolean
  readonly says: string
}

/** By primary result code (sqlite.org/rescode.html). */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [3, { code: 'read_only', retryable: false, says: 'may not be accessed; check its permissions' }],
  [5, { code: 'locked', retryable: true, says: 'is being written by another process' }],
  [6, { code: 'locked', retryable: true, says: 'is being written by another process' }],
  [8, { code: 'read_only', retryable: false, says: 'cannot be written; check its permissions' }],
  [10, { code: 'unavailable', retryable: true, says: 'could not be read or written' }],
  [
    11,
    {
      code: 'corrupt',
      retryable: false,
      says: 'is damaged',
    },
  ],
  [
    13,
    { code: 'full', retryable: true, says: 'has no room left on its disk; free some and go on' },
  ],
  [
    14,
    {
      code: 'unavailable',
      retryable: false,
      says: 'cannot be opened; check the path and its permissions',
    },
  ],
  [26, { code: 'corrupt', retryable: false, says: 'is not a database' }],
])

/** Extending the shared index beside the database fails with an I/O error of its own when the disk is full. */
const IOERR_SHMSIZE = 4874

/** What a database file is for, in messages to people. */
export interface FileOf {
  readonly name: string
  /** What to do about one that is damaged. */
  readonly cure: string
}

/** The StoreError for an error of SQLite at `path`; any other error comes back as it is. */
export function storeErrorOf(error: unknown, path: string, { name, cure }: FileOf): unknown {
  if (!isSqliteError(error)) return error
  const meaning = MEANINGS.get(error.errcode === IOERR_SHMSIZE ? 13 : error.errcode & 0xff)
  if (meaning === undefined) return error
  const { code, retryable, says } = meaning
  const advice = code === 'corrupt' ? `; ${cure}` : ''
  return new StoreError(code, `the ${name} ${path} ${says}${advice} (${error.message})`, {
    retryable,
    cause: error,
  })
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
}
