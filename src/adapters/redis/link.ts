// A connection to Redis that is looked at each time it is made, before anything else goes over it.
// Invariant: nothing is sent again by itself, so a call that failed was taken at most once.

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
  const begin = (): void => {
    const own = fit
    look(send).then(own.resolve, (error: unknown) => {
      const reason = storeErrorOf(error, place)
      if (reason instanceof StoreError && !reason.retryable) own.reject(reason)
      else client.disconnect(true)
    })
  }
  client.on('ready', begin)
  client.on('close', () => {
    fit = deferred()
  })
  client.on('error', (error: Error) => {
    said = error.message
    const reason = storeErrorOf(error, place)
    if (reason instanceof StoreError && !reason.retryable) fit.reject(reason)
  })

  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed) throw closed(place)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(lost(place, `no answer in ${options.deadlineMs} ms; ${said}`)),
        options.deadlineMs,
      )
    })
    try {
      return await Promise.race([fit.promise.then(work), tooLate])
    } catch (error) {
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
      for (const one of [client, ...listening]) one.disconnect()
      await Promise.resolve()
    },
  }
}

interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
  reject(reason: unknown): void
}

/** It may fail without anybody waiting for it. */
function deferred(): Deferred {
  const own: { resolve: () => void; reject: (reason: unknown) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  }
  const promise = new Promise<void>((resolve, reject) => {
    own.resolve = resolve
    own.reject = reject
  })
  promise.catch(() => undefined)
  return { promise, resolve: () => own.resolve(), reject: (reason) => own.reject(reason) }
}

function closed(place: string): StoreError {
  return new StoreError('closed', `the identity store on Redis at ${place} is closed`, {
    retryable: false,
  })
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
