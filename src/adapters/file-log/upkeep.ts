// Work behind appending, one task at a time: runs of ids, merges of runs, sealing. Invariant: nothing here is needed
// for what was acknowledged; a task that fails is tried again later, and appending goes on.

import type { StoreError } from '../../ports/store-error.ts'
import { storeErrorOf } from './failures.ts'

/** Does one piece of work; false when there is none. */
export type Task = (signal: AbortSignal) => Promise<boolean>

const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 60_000

export class Upkeep {
  readonly #directory: string
  readonly #tasks: readonly Task[]
  readonly #onTrouble: (error: StoreError) => void
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null
  #woken = false
  #trouble: StoreError | null = null
  #retry: NodeJS.Timeout | undefined
  #retryMs = RETRY_MS_MIN

  /** @param tasks the more urgent first */
  constructor(directory: string, tasks: readonly Task[], onTrouble: (error: StoreError) => void) {
    this.#directory = directory
    this.#tasks = tasks
    this.#onTrouble = onTrouble
  }

  /** There may be work. */
  wake(): void {
    this.#woken = true
    if (this.#stop.signal.aborted) return
    clearTimeout(this.#retry)
    this.#running ??= this.#run()
  }

  /** Resolves when all work is done. @throws StoreError of the task that could not be done */
  async settle(): Promise<void> {
    this.wake()
    await this.#running
    if (this.#trouble !== null) throw this.#trouble
  }

  /** Ends the task at hand as soon as it can be, and starts no other. */
  async stop(): Promise<void> {
    this.#stop.abort()
    clearTimeout(this.#retry)
    await this.#running
  }

  async #run(): Promise<void> {
    // Not within the call that woke it.
    await Promise.resolve()
    try {
      while (this.#woken) {
        this.#woken = false
        while (await this.#work());
      }
      this.#trouble = null
      this.#retryMs = RETRY_MS_MIN
    } catch (cause) {
      if (!this.#stop.signal.aborted) this.#failed(storeErrorOf(cause, this.#directory))
    } finally {
      this.#running = null
    }
  }

  /** Does the most urgent piece of work; false when there is none. */
  async #work(): Promise<boolean> {
    for (const task of this.#tasks) {
      if (this.#stop.signal.aborted) return false
      if (await task(this.#stop.signal)) return true
    }
    return false
  }

  #failed(error: StoreError): void {
    this.#trouble = error
    this.#retry = setTimeout(() => this.wake(), this.#retryMs).unref()
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MS_MAX)
    this.#onTrouble(error)
  }
}
