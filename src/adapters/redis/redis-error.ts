// What Redis and its connection report, as the one error adapters throw; anything unknown stays what it is: a bug.
// Invariant: neither a message nor a cause has a password in it.

import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'

interface Meaning {
  readonly begins: RegExp
  readonly code: StoreErrorCode
  readonly retryable: boolean
  readonly says: string
}

const MEANINGS: readonly Meaning[] = [
  {
    begins: /^OOM /,
    code: 'full',
    retryable: true,
    says: 'has no memory left (maxmemory); give it more and go on',
  },
  {
    begins: /^READONLY /,
    code: 'read_only',
    retryable: true,
    says: 'is a replica that cannot be written',
  },
  {
    begins: /^(?:WRONGPASS|NOAUTH|ERR (?:invalid password|AUTH|Client sent AUTH))/,
    code: 'unavailable',
    retryable: false,
    says: 'does not accept the user and password',
  },
  {
    begins: /^(?:NOPERM |ERR The user executing the script)/,
    code: 'unavailable',
    retryable: false,
    says: 'does not allow the user what the identity store needs',
  },
  {
    begins: /^ERR (?:DB index is out of range|invalid DB index)/,
    code: 'unavailable',
    retryable: false,
    says: 'has no such database',
  },
  {
    begins: /^MISCONF /,
    code: 'full',
    retryable: true,
    says: 'cannot write to its disk and therefore takes nothing',
  },
  {
    begins: /^(?:LOADING|BUSY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|MOVED|ASK|NOREPLICAS|UNKILLABLE)\b/,
    code: 'unavailable',
    retryable: true,
    says: 'cannot answer now',
  },
]

/** Of the connection, by what is written about it. */
const LOST =
  /connection is closed|stream isn't writeable|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket|timed? ?out|max retries|handshake|certificate|TLS|SSL/i

/** @param place host and port, for people */
export function storeErrorOf(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error
  const { message } = error
  // The client hangs the command on it, which may be that of the password, or all of a commit.
  const cause = 'command' in error ? new Error(message) : error
  const meaning = MEANINGS.find(({ begins }) => begins.test(message))
  if (meaning !== undefined) {
    const { code, retryable, says } = meaning
    return new StoreError(code, `Redis at ${place} ${says} (${message})`, {
      retryable,
      cause,
    })
  }
  return LOST.test(`${'code' in error ? String(error.code) : ''} ${message}`)
    ? lost(place, message, cause)
    : cause
}

export function lost(place: string, why: string, cause?: unknown): StoreError {
  return new StoreError('unavailable', `Redis at ${place} cannot be reached (${why})`, {
    retryable: true,
    cause,
  })
}
