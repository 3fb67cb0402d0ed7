// What went wrong underneath, as the one error the port knows, with what to do about it.

import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'

interface Failure {
  readonly code: StoreErrorCode
  readonly retryable: boolean
  readonly advice: string
}

const FULL: Failure = {
  code: 'full',
  retryable: true,
  advice:
    'the disk is full: free some space there. Nothing acknowledged is lost, and the log goes on by itself',
}
const READ_ONLY: Failure = {
  code: 'read_only',
  retryable: false,
  advice:
    'it cannot be written: check the owner and mode of the directory and how its disk is mounted',
}
const GONE: Failure = {
  code: 'unavailable',
  retryable: false,
  advice:
    'the directory is gone or is no directory: put it back, or name another one, and start again',
}

const FAILURES: ReadonlyMap<string, Failure> = new Map([
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EFBIG', FULL],
  ['EROFS', READ_ONLY],
  ['EACCES', READ_ONLY],
  ['EPERM', READ_ONLY],
  ['ENOENT', GONE],
  ['ENOTDIR', GONE],
  ['EEXIST', GONE],
])

/** DuckDB names no error code; a full disk is told by its text alone. */
const NO_SPACE = /no space left|disk quota|file too large/i

/** The StoreError for a failure of the file system or of DuckDB on `directory`; a StoreError stays as it is. */
export function storeErrorOf(cause: unknown, directory: string): StoreError {
  if (cause instanceof StoreError) return cause
  const failure = failureOf(cause)
  return new StoreError(failure.code, `Event log ${directory}: ${failure.advice}.`, {
    retryable: failure.retryable,
    cause,
  })
}

function failureOf(cause: unknown): Failure {
  const known = FAILURES.get(codeOf(cause))
  if (known !== undefined) return known
  const text = cause instanceof Error ? cause.message : String(cause)
  if (NO_SPACE.test(text)) return FULL
  return { code: 'unavailable', retryable: true, advice: `an operation failed: ${text}` }
}

/** The system's code of an error (`ENOSPC`), or the empty string. */
export function codeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}

const FROM_BACKUP = 'Put the file back from a backup; nothing was changed'

/** The log says something that it cannot have written itself. */
export function corrupt(path: string, what: string, advice = FROM_BACKUP): StoreError {
  const message = `Event log file ${path}: ${what}. ${advice}.`
  return new StoreError('corrupt', message, { retryable: false })
}

/** A record of a text segment is not what was written. */
export function damaged(
  path: string,
  at: { readonly next: number; readonly offset: number },
): StoreError {
  return corrupt(path, `the record at position ${at.next} (byte ${at.offset}) is damaged`)
}

/** Runs `work`; what fails in it underneath is thrown as a StoreError, a bug as it is. */
export async function withStoreErrors<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw cause
    throw storeErrorOf(cause, directory)
  }
}
