// A connection to Redis that is looked at each time it is made, before anything else goes over it.
// Invariant: nothing is sent again by itself, so a call that failed was taken at most once. In a cluster it goes to the node
// that the account lives on.

import { hash } from 'node:crypto'
import { Redis } from 'ioredis'
import { StoreError } from '../../ports/store-error.ts'
import { lost, storeErrorOf } from './redis-error.ts'

export interface LinkOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: string
  /** Certificates (PEM) to trust beside those of the system. */
  readonly ca: string | undefined
  /** ms that a call may take, waiting for a connection included. */
  readonly deadlineMs: number
}

export type Argument = string | Buffer

export interface Link {
  /** Host and port, for people. */
  readonly place: string
  /** One command; texts in the answer are bytes. Throws a StoreError. */
  ask(command: string, ...given: readonly Argument[]): Promise<unknown>
  /** One script over keys. Throws a StoreError. */
  run(script: string, keys: readonly string[], given: readonly Argument[]): Promise<unknown>
  /** Calls back with each message of a channel, and when some may have been missed. Returns the end of it. */
  hear(channel: string, listener: () => void): () => void
  close(): Promise<void>
}

type Send = (command: string, ...given: readonly Argument[]) => Promise<unknown>

/** @param look at a new connection; when it throws a StoreError that is not retryable, so does every call */
export function openLink(options: LinkOptions, look: (send: Send) => Promise<void>): Link {
  const client = clientOf(options)
  const place = placeOf(options.url)
  const listening: Redis[] = []
  let fit = deferred()
  let isClosed = false
  let said = 'no connection yet'

  const send: Send = async (command, ...given) => client.callBuffer(command, ...given)
  let connections = 0
  const begin = (): void => {
    const own = ++connections
    const ifLatest =
      <T extends readonly unknown[]>(then: (...given: T) => void) =>
      (...given: T) => {
        if (own === connections) then(...given)
      }
    look(send).then(
      ifLatest(() => fit.resolve()),
      ifLatest((error: unknown) => {
        const reason = storeErrorOf(error, place)
        if (reason instanceof StoreError && !reason.retryable) fit.reject(reason)
        else again(error)
      }),
    )
  }
  const again = (error: unknown): void => {
    if (isClosed) return
    said = error instanceof Error ? error.message : String(error)
    for (const one of [client, ...listening]) follow(one, said)
    client.disconnect(true)
  }
  client.on('ready', begin)
  client.on('close', () => {
    connections++
    // Who waits for a connection waits for the next one.
    if (fit.isSettled()) fit = deferred()
  })
  client.on('error', (error: Error) => {
    said = error.message
    const reason = storeErrorOf(error, place)
    if (reason instanceof StoreError && !reason.retryable) fit.reject(reason)
  })

  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed) throw closed(place)
    let timer: NodeJS.Timeout | undefined
    let isLate = false
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isLate = true
        reject(lost(place, `no answer in ${options.deadlineMs} ms; ${said}`))
        // What hangs may hang for good.
        if (client.status === 'ready') again('the connection hung')
      }, options.deadlineMs)
    })
    try {
      // What its caller was told has failed is not done when the connection comes after all.
      const done = fit.promise.then(() => (isLate ? tooLate : work()))
      return await Promise.race([done, tooLate])
    } catch (error) {
      if (error instanceof Error && MOVED.test(error.message)) again(error)
      throw isClosed ? closed(place) : storeErrorOf(error, place)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    place,
    ask: (command, ...given) => call(() => send(command, ...given)),
    run: (script, keys, given) => call(() => runScript(send, script, keys, given)),
    hear: (channel, listener) => {
      const ear = clientOf(options)
      listening.push(ear)
      ear.on('error', () => undefined)
      ear.on('message', listener)
      ear.on('ready', () => {
        ear.subscribe(channel).then(listener, () => undefined)
      })
      return () => ear.disconnect()
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      fit.reject(closed(place))
      for (const one of [client, ...listening]) one.disconnect()
      await Promise.resolve()
    },
  }
}

interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
  reject(reason: unknown): void
  isSettled(): boolean
}

/** It may fail without anybody waiting for it. */
function deferred(): Deferred {
  const settle: { resolve?: () => void; reject?: (reason: unknown) => void } = {}
  const promise = new Promise<void>((resolve, reject) => Object.assign(settle, { resolve, reject }))
  promise.catch(() => undefined)
  let isSettled = false
  return {
    promise,
    isSettled: () => isSettled,
    resolve: () => {
      isSettled = true
      settle.resolve?.()
    },
    reject: (reason) => {
      isSettled = true
      settle.reject?.(reason)
    },
  }
}

function closed(place: string): StoreError {
  return new StoreError('closed', `the identity store on Redis at ${place} is closed`, {
    retryable: false,
  })
}

/** What a node of a cluster says whose account lives on another one. */
const MOVED = /^MOVED \d+ (.+):(\d+)$/

/** Goes to the node that the account lives on when it connects next. */
function follow(client: Redis, said: string): void {
  const [, host, port] = MOVED.exec(said) ?? []
  if (host === undefined || port === undefined) return
  client.options.host = host
  client.options.port = Number(port)
}

const RETRY_MS_MAX = 500

function clientOf({ url, ca, deadlineMs }: LinkOptions): Redis {
  const { protocol } = urlOf(url)
  return new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    connectTimeout: deadlineMs,
    keepAlive: 30_000,
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

function placeOf(url: string): string {
  const { hostname, port } = urlOf(url)
  return `${hostname}:${port === '' ? '6379' : port}`
}

const digests = new Map<string, string>()

async function runScript(
  send: Send,
  script: string,
  keys: readonly string[],
  given: readonly Argument[],
): Promise<unknown> {
  let digest = digests.get(script)
  if (digest === undefined) digests.set(script, (digest = hash('sha1', script, 'hex')))
  const all = [digest, String(keys.length), ...keys, ...given]
  try {
    return await send('EVALSHA', ...all)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    await send('SCRIPT', 'LOAD', script)
    return send('EVALSHA', ...all)
  }
}
