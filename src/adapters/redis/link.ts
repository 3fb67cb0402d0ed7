// A connection to Redis that is looked at each time it is made, before anything else goes over it.
// Invariant: nothing is sent again by itself, so a call that failed was taken at most once. In a cluster it goes to the node
// that the account lives on.

import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { StoreError } from '../../ports/store-error.ts'
import { type Address, clientOf, follow, isMoved, placeOf } from './client.ts'
import { lost, storeErrorOf } from './redis-error.ts'

export interface LinkOptions extends Address {
  /** ms that a call may take, waiting for a connection included. */
  readonly deadlineMs: number
}

export type Argument = string | Buffer
/** One command; texts in the answer are bytes. */
export type Send = (command: string, ...given: readonly Argument[]) => Promise<unknown>

export class Link {
  /** Host and port, for people. */
  readonly place: string
  readonly #options: LinkOptions
  readonly #client: Redis
  readonly #listening = new Set<Redis>()
  /** Looked at: calls go over it. */
  #fit = deferred()
  /** Counts connections, and their ends. */
  #turns = 0
  #isClosed = false
  /** What was heard of the connection last, for people. */
  #said = 'no connection yet'

  /** @param look at a new connection; when it throws a StoreError that is not retryable, so does every call */
  constructor(options: LinkOptions, look: (send: Send) => Promise<void>) {
    this.place = placeOf(options.url)
    this.#options = options
    this.#client = clientOf(options)
    this.#client.on('ready', () => void this.#begin(look))
    this.#client.on('close', () => {
      this.#turns++
      // Who waits for a connection waits for the next one.
      if (this.#fit.isSettled()) this.#fit = deferred()
    })
    this.#client.on('error', (error: Error) => {
      this.#said = error.message
      const reason = storeErrorOf(error, this.place)
      if (reason instanceof StoreError && !reason.retryable) this.#fit.reject(reason)
    })
  }

  /** One command. Throws a StoreError. */
  ask(command: string, ...given: readonly Argument[]): Promise<unknown> {
    return this.#call(() => this.#send(command, ...given))
  }

  /** One script over keys. Throws a StoreError. */
  run(script: string, keys: readonly string[], given: readonly Argument[]): Promise<unknown> {
    return this.#call(() => this.#runScript(script, [String(keys.length), ...keys, ...given]))
  }

  /** Calls back with each message of a channel, and when some may have been missed. Returns the end of it. */
  hear(channel: string, listener: () => void): () => void {
    const ear = clientOf(this.#options)
    this.#listening.add(ear)
    ear.on('error', () => undefined)
    ear.on('message', listener)
    ear.on('ready', () => {
      ear.subscribe(channel).then(listener, () => undefined)
    })
    return () => {
      this.#listening.delete(ear)
      ear.disconnect()
    }
  }

  close(): Promise<void> {
    this.#isClosed = true
    this.#fit.reject(this.#closed())
    for (const one of [this.#client, ...this.#listening]) one.disconnect()
    return Promise.resolve()
  }

  readonly #send: Send = (command, ...given) => this.#client.callBuffer(command, ...given)

  async #begin(look: (send: Send) => Promise<void>): Promise<void> {
    const own = ++this.#turns
    try {
      // The client goes on with the first database where there is no such one.
      const { db = 0 } = this.#client.options
      if (db > 0) await this.#send('SELECT', String(db))
      await look(this.#send)
      if (own === this.#turns) this.#fit.resolve()
    } catch (error) {
      if (own !== this.#turns) return
      const reason = storeErrorOf(error, this.place)
      if (reason instanceof StoreError && reason.retryable) this.#again(error)
      else this.#fit.reject(reason)
    }
  }

  /** Makes another connection. */
  #again(reason: unknown): void {
    if (this.#isClosed) return
    this.#said = reason instanceof Error ? reason.message : String(reason)
    for (const one of [this.#client, ...this.#listening]) follow(one, this.#said)
    this.#client.disconnect(true)
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw this.#closed()
    const deadline = this.#deadline()
    try {
      // What its caller was told has failed is not done when the connection comes after all.
      const done = this.#fit.promise.then(() => (deadline.isOver() ? deadline.over : work()))
      return await Promise.race([done, deadline.over])
    } catch (error) {
      if (isMoved(error)) this.#again(error)
      throw this.#reasonOf(error)
    } finally {
      deadline.clear()
    }
  }

  /** Whatever fails by the closing fails because of that. */
  #reasonOf(error: unknown): unknown {
    return this.#isClosed ? this.#closed() : storeErrorOf(error, this.place)
  }

  #deadline(): { readonly over: Promise<never>; isOver(): boolean; clear(): void } {
    const { deadlineMs } = this.#options
    let isOver = false
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isOver = true
        reject(lost(this.place, `no answer in ${deadlineMs} ms; ${this.#said}`))
        // What hangs may hang for good.
        if (this.#client.status === 'ready') this.#again('the connection hung')
      }, deadlineMs)
    })
    return { over, isOver: () => isOver, clear: () => clearTimeout(timer) }
  }

  async #runScript(script: string, given: readonly Argument[]): Promise<unknown> {
    const digest = digestOf(script)
    try {
      return await this.#send('EVALSHA', digest, ...given)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      await this.#send('SCRIPT', 'LOAD', script)
      return this.#send('EVALSHA', digest, ...given)
    }
  }

  #closed(): StoreError {
    return new StoreError('closed', `the identity store on Redis at ${this.place} is closed`, {
      retryable: false,
    })
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

const digests = new Map<string, string>()

function digestOf(script: string): string {
  let digest = digests.get(script)
  if (digest === undefined) digests.set(script, (digest = hash('sha1', script, 'hex')))
  return digest
}
