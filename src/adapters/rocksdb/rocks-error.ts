// What RocksDB and its binding report, as the one error adapters throw. Anything unknown stays what it is: a bug, to be
// seen as one.

import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'

interface Meaning {
  readonly code: StoreErrorCode
  readonly retryable: boolean
  readonly says: string
}

const CLOSED: Meaning = { code: 'closed', retryable: false, says: 'has been closed' }
const CORRUPT: Meaning = {
  code: 'corrupt',
  retryable: false,
  says: 'is damaged; move it away, and the graph is made anew from the log',
}
const FULL: Meaning = {
  code: 'full',
  retryable: true,
  says: 'has no room left on its disk; free some and go on',
}
const READ_ONLY: Meaning = {
  code: 'read_only',
  retryable: false,
  says: 'cannot be written; check its permissions',
}
const LOCKED: Meaning = { code: 'locked', retryable: true, says: 'is open elsewhere' }
const UNAVAILABLE: Meaning = {
  code: 'unavailable',
  retryable: true,
  says: 'could not be read or written',
}

/** In this order: RocksDB tells what the system said in words, whatever the code. */
const BY_WORDS: readonly (readonly [RegExp, Meaning])[] = [
  [/No space left on device/, FULL],
  [/Read-only file system|Permission denied/, READ_ONLY],
]

const BY_CODE: ReadonlyMap<unknown, Meaning> = new Map<unknown, Meaning>([
  ['LEVEL_LOCKED', LOCKED],
  ['LEVEL_CORRUPTION', CORRUPT],
  ['LEVEL_IO_ERROR', UNAVAILABLE],
  ['LEVEL_ITERATOR_NOT_OPEN', CLOSED],
  ['LEVEL_DATABASE_NOT_OPEN', CLOSED],
  ['ENOSPC', FULL],
  ['EROFS', READ_ONLY],
  ['EACCES', READ_ONLY],
  ['ENOENT', { ...UNAVAILABLE, retryable: false }],
  ['ENOTDIR', { ...UNAVAILABLE, retryable: false }],
  ['EEXIST', { ...UNAVAILABLE, retryable: false }],
])

/** The StoreError for an error of RocksDB in `directory`; any other error comes back as it is. */
export function storeErrorOf(error: unknown, directory: string): unknown {
  const cause = rootOf(error)
  if (!(cause instanceof Error) || cause instanceof StoreError) return cause
  const byCode = BY_CODE.get('code' in cause ? cause.code : undefined)
  const meaning = BY_WORDS.find(([words]) => words.test(cause.message))?.[1] ?? byCode
  if (meaning === undefined) return cause
  const { code, retryable, says } = meaning
  return new StoreError(code, `the graph in ${directory} ${says} (${cause.message})`, {
    retryable,
    cause,
  })
}

/** Opening hides what happened in the cause. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error
}
