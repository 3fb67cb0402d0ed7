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
  advice: 'the disk is full: free some space there. What was published stays as it is',
}
const READ_ONLY: Failure = {
  code: 'read_only',
  retryable: false,
  advice: 'this user may not do that there: check its owner, its mode and how its disk is mounted',
}

const FAILURES: Readonly<Record<string, Failure>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EROFS: READ_ONLY,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
}

/** The StoreError for a failure of the file system on `directory`; a StoreError stays as it is. */
export function storeErrorOf(cause: unknown, directory: string): StoreError {
  if (cause instanceof StoreError) return cause
  const text = cause instanceof Error ? cause.message : String(cause)
  const { code, retryable, advice } = FAILURES[codeOf(cause)] ?? {
    code: 'unavailable',
    retryable: false,
    advice: `an operation failed: ${text}`,
  }
  return new StoreError(code, `Warehouse ${directory}: ${advice}.`, { retryable, cause })
}

/** The system's code of an error (`ENOSPC`), or the empty string. */
export function codeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}
