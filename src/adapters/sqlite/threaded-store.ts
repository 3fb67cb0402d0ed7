// The same store with its writes in a thread of its own: while one commit is written the next messages are decided. What
// looks at everything, which takes a while, has another. Invariant: reads see every commit whose promise has settled, never half of one.

import { Worker } from 'node:worker_threads'
import type { Census, Commit, IdentityStore, Promiscuous } from '../../ports/identity-store.ts'
import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'
import { flatNodes, type FlatNodes } from './flat-nodes.ts'
import { openSqliteStore, type SqliteStoreOptions } from './identity-store.ts'

type FlatCommit = Omit<Commit, 'nodes'> & { readonly nodes: FlatNodes }

export type ThreadAsk =
  | {
      readonly id: number
      readonly what: 'commit'
      readonly args: readonly [changes: FlatCommit]
    }
  | {
      readonly id: number
      readonly what: 'census'
      readonly args: Parameters<IdentityStore['census']>
    }
  | {
      readonly id: number
      readonly what: 'promiscuous'
      readonly args: Parameters<IdentityStore['promiscuous']>
    }
  | { readonly id: number; readonly what: 'close' }

export type Done = 'committed' | 'conflict' | 'opened' | 'closed' | Census | readonly Promiscuous[]

export type ThreadAnswer =
  | { readonly id: number; readonly answer: Done }
  | {
      readonly id: number
      /** Without a code it is a bug, and no StoreError. */
      readonly error: { code: StoreErrorCode | null; message: string; retryable: boolean }
    }

export interface ThreadData {
  readonly path: string
  readonly options: SqliteStoreOptions
}

/** The ask that every thread answers first, unasked: whether it could open the store. */
export const OPENING = 0

interface Pending {
  readonly resolve: (answer: Done) => void
  readonly reject: (error: unknown) => void
}

/** As `openSqliteStore`, for the one process that writes. */
export async function openThreadedStore(
  path: string,
  options: Omit<SqliteStoreOptions, 'readOnly'> = {},
): Promise<IdentityStore> {
  const writer = new StoreThread(path, options)
  await writer.opened
  const readOnly = { ...options, readOnly: true }
  const reader = openSqliteStore(path, readOnly)
  let looks: Promise<unknown> = Promise.resolve()
  /** One after the other: each has the file open and looks at all of it. */
  const beside = async (question: LookAtAll): Promise<Done> => {
    const looked = looks.then(async () => {
      // Fails once the store is closed.
      await reader.position('')
      return lookBeside(path, readOnly, question)
    })
    looks = looked.catch(() => undefined)
    return looked
  }
  return {
    load: (request, limits) => reader.load(request, limits),
    commit: async (changes) => {
      const answer = await writer.ask({
        what: 'commit',
        args: [{ ...changes, nodes: flatNodes(changes.nodes) }],
      })
      return answer === 'committed' ? 'committed' : 'conflict'
    },
    position: (source) => reader.position(source),
    profile: (id) => reader.profile(id),
    changesOf: (profile, limit) => reader.changesOf(profile, limit),
    changes: (after, limit) => reader.changes(after, limit),
    feed: (after, limit) => reader.feed(after, limit),
    feedEnd: () => reader.feedEnd(),
    epoch: () => reader.epoch(),
    questions: (after, limit) => reader.questions(after, limit),
    question: (id) => reader.question(id),
    verdicts: (before, limit) => reader.verdicts(before, limit),
    verdictOn: (question) => reader.verdictOn(question),
    waiting: (limit) => reader.waiting(limit),
    counts: () => reader.counts(),
    census: async (...args) => {
      const census = await beside({ what: 'census', args })
      if (typeof census === 'string' || !('days' in census)) throw notAnswered(census)
      return census
    },
    promiscuous: async (...args) => {
      const found = await beside({ what: 'promiscuous', args })
      if (typeof found === 'string' || 'days' in found) throw notAnswered(found)
      return found
    },
    membership: () => reader.membership(),
    scanNodes: (after, limit) => reader.scanNodes(after, limit),
    close: async () => {
      await reader.close()
      await looks
      await writer.close()
    },
  }
}

type LookAtAll = Extract<Question<ThreadAsk>, { what: 'census' | 'promiscuous' }>

/** In a thread for this once, since it keeps its own thread busy. */
async function lookBeside(
  path: string,
  options: SqliteStoreOptions,
  question: LookAtAll,
): Promise<Done> {
  const thread = new StoreThread(path, options)
  await thread.opened
  try {
    return await thread.ask(question)
  } finally {
    await thread.close()
  }
}

function notAnswered(answer: Done): Error {
  return new Error(`an answer to another question: ${JSON.stringify(answer).slice(0, 100)}`)
}

type Question<T> = T extends unknown ? Omit<T, 'id'> : never

class StoreThread {
  readonly opened: Promise<Done>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #asked = OPENING
  #gone: StoreError | null = null

  constructor(path: string, options: SqliteStoreOptions) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const workerData: ThreadData = { path, options }
    this.#worker = new Worker(new URL(`./store-thread.${extension}`, import.meta.url), {
      workerData,
    })
    this.opened = new Promise((resolve, reject) => this.#pending.set(OPENING, { resolve, reject }))
    this.#worker.on('message', (answer: ThreadAnswer) => this.#hear(answer))
    this.#worker.on('error', (cause) => this.#leave(`a thread of ${path} has failed`, cause))
    this.#worker.on('exit', () => this.#leave(`the identity store ${path} has been closed`))
  }

  ask(question: Question<ThreadAsk>): Promise<Done> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    this.#asked++
    const id = this.#asked
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      this.#worker.postMessage({ id, ...question } satisfies ThreadAsk)
    })
  }

  async close(): Promise<void> {
    if (this.#gone !== null) return
    await this.ask({ what: 'close' })
    await this.#worker.terminate()
  }

  #hear(answer: ThreadAnswer): void {
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
