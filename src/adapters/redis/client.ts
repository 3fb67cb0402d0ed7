// The client of Redis as it is set up here: it connects again for ever, and repeats nothing.

import { Redis } from 'ioredis'

export interface Address {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: string
  /** Certificates (PEM) to trust instead of those of the system. */
  readonly ca: string | undefined
}

const RETRY_MS_MAX = 500
const KEEP_ALIVE_MS = 30_000

export function clientOf({ url, ca, deadlineMs }: Address & { deadlineMs: number }): Redis {
  const { protocol } = urlOf(url)
  return new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    connectTimeout: deadlineMs,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    retryStrategy: (times) => Math.min(RETRY_MS_MAX, 10 * 2 ** times),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(protocol === 'rediss:' ? { tls: ca === undefined ? {} : { ca } } : {}),
  })
}

/** Throws a plain error without the address, which may have a password in it. */
function urlOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol)) {
    throw new Error('the address of Redis is to be redis://host:port or rediss://host:port')
  }
  return parsed
}

/** Host and port, for people. Throws on an address that is none. */
export function placeOf(url: string): string {
  const { hostname, port } = urlOf(url)
  return `${hostname}:${port === '' ? '6379' : port}`
}

/** What a node of a cluster says whose account lives on another one. */
const MOVED = /^MOVED \d+ (.+):(\d+)$/

export function isMoved(error: unknown): boolean {
  return error instanceof Error && MOVED.test(error.message)
}

/** Goes to the node that the account lives on when it connects next, if that is what was said. */
export function follow(client: Redis, said: string): void {
  const [, host, port] = MOVED.exec(said) ?? []
  if (host === undefined || port === undefined) return
  client.options.host = host
  client.options.port = Number(port)
}
