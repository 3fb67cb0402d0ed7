// The same store with its writes in a thread of its own: while one commit is written the next messages are decided.
// Invariant: reads see every commit whose promise has settled, and never half of one.

import { Worker } from 'node:worker_threads'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'
import { openSqliteStore, type SqliteStoreOptions } from './identity-store.ts'

export type WriterAsk =
  | {
      readonly id: number
      readonly what: 'commit'
      readonly args: Parameters<IdentityStore['commit']>
    }
  | { readonly id: number; readonly what: 'close' }

export type WriterAnswer =
  | { readonly id: number; readonly answer: 'committed' | 'conflict' | 'opened' | 'closed' }
  | {
      readonly id: number
      /** Without a code it is a bug, and no StoreError. */
      readonly error: { code: StoreErrorCode | null; message: string; retryable: boolean }
    }

export interface WriterData {
  readonly path: string
  readonly options: SqliteStoreOptions
}

/** The ask that every writer answers first, unasked: whether it could open the store. */
export const OPENING = 0

interface Pending {
  readonly resolve: (answer: string) => void
  readonly reject: (error: unknown) => void
}

/** As `openSqliteStore`, for the one process that writes. */
export async function openThreadedStore(
  path: string,
  options: Omit<SqliteStoreOptions, 'readOnly'> = {},
): Promise<IdentityStore> {
  const writer = new Writer(path, options)
  await writer.opened
  const reader = openSqliteStore(path, { ...options, readOnly: true })
  return {
    load: (request, limits) => reader.load(request, limits),
    commit: async (changes, expected) => {
      const answer = await writer.ask({ what: 'commit', args: [changes, expected] })
      return answer === 'committed' ? 'committed' : 'conflict'
    },
    position: (source) => reader.position(source),
    profile: (id) => reader.profile(id),
    changesOf: (profile, limit) => reader.changesOf(profile, limit),
    changes: (after, limit) => reader.changes(after, limit),
    waiting: (limit) => reader.waiting(limit),
    counts: () => reader.counts(),
    scanNodes: (after, limit) => reader.scanNodes(after, limit),
    close: async () => {
      await reader.close()
      await writer.close()
    },
  }
}

type Question<T> = T extends unknown ? Omit<T, 'id'> : never

class Writer {
  readonly opened: Promise<string>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #asked = OPENING
  #gone: StoreError | null = null

  constructor(path: string, options: SqliteStoreOptions) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const workerData: WriterData = { path, options }
    this.#worker = new Worker(new URL(`./writer-thread.${extension}`, import.meta.url), {
      workerData,
    })
    this.opened = new Promise((resolve, reject) => this.#pending.set(OPENING, { resolve, reject }))
    this.#worker.on('message', (answer: WriterAnswer) => this.#hear(answer))
    this.#worker.on('error', (cause) => this.#leave(`the writer of ${path} has failed`, cause))
    this.#worker.on('exit', () => this.#leave(`the identity store ${path} has been closed`))
  }

  ask(question: Question<WriterAsk>): Promise<string> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    this.#asked++
    const id = this.#asked
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      this.#worker.postMessage({ id, ...question } satisfies WriterAsk)
    })
  }

  async close(): Promise<void> {
    if (this.#gone !== null) return
    await this.ask({ what: 'close' })
    await this.#worker.terminate()
  }

  #hear(answer: WriterAnswer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if ('answer' in answer) pending?.resolve(answer.answer)
    else {
      const { code, message, retryable } = answer.error
      pending?.reject(
        code === null ? new Error(message) : new StoreError(code, message, { retryable }),
      )
    }
  }

  #leave(message: string, cause?: unknown): void {
    this.#gone ??= new StoreError('closed', message, { retryable: false, cause })
    for (const pending of this.#pending.values()) pending.reject(this.#gone)
    this.#pending.clear()
  }
}
