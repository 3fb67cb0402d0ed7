// Where requests meet the log: what arrives while a write is under way is written together with the next.
// Invariant: an answer is given when its messages are durable; what waits, for the disk or for its profiles, is bounded.

import { ingest, type IngestParts, type Outcome, type Understood } from '../../../flows/ingest.ts'

/** Messages of one write at most, unless a single request brings more: to resolve more at once would keep others waiting. */
const TOGETHER_MAX = 200
const WRITES_MAX = 2

export interface Taken {
  /** One for each message, in order. Durable. */
  readonly outcomes: readonly Outcome[]
  /** Settles when the profiles take the messages into account. */
  readonly resolved: Promise<void>
}

interface Waiting {
  readonly messages: readonly Understood[]
  readonly taken: (taken: Taken) => void
  readonly failed: (cause: unknown) => void
}

export class Intake {
  readonly #parts: IngestParts
  readonly #waitingMax: number
  readonly #onFailure: (cause: unknown) => void
  readonly #waiting: Waiting[] = []
  #writes = 0
  #unwritten = 0
  #unresolved = 0

  /**
   * @param waitingMax messages that may wait for the disk, and as many that may be durable and wait for their profiles
   * @param onFailure told when profiles could not be brought up to date; the messages are durable all the same
   */
  constructor(parts: IngestParts, waitingMax: number, onFailure: (cause: unknown) => void) {
    this.#parts = parts
    this.#waitingMax = waitingMax
    this.#onFailure = onFailure
  }

  /** Whether so much waits that more should be sent again later. It would be taken all the same. */
  get isFull(): boolean {
    return this.#unwritten >= this.#waitingMax
  }

  /** Messages that wait for the disk, and for their profiles. */
  get queue(): { readonly unwritten: number; readonly unresolved: number } {
    return { unwritten: this.#unwritten, unresolved: this.#unresolved }
  }

  /** @throws {StoreError} when the log cannot be written; then none of the messages was acknowledged. */
  async take(messages: readonly Understood[]): Promise<Taken> {
    if (messages.length === 0) return { outcomes: [], resolved: Promise.resolve() }
    return new Promise((taken, failed) => {
      this.#waiting.push({ messages, taken, failed })
      this.#unwritten += messages.length
      this.#write()
    })
  }

  #write(): void {
    if (this.#writes >= WRITES_MAX || this.#unresolved >= this.#waitingMax) return
    const together: Waiting[] = []
    let count = 0
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (count > 0 && count + next.messages.length > TOGETHER_MAX) break
      together.push(next)
      count += next.messages.length
      this.#waiting.shift()
    }
    if (together.length > 0) void this.#writeTogether(together, count)
  }

  async #writeTogether(together: readonly Waiting[], count: number): Promise<void> {
    this.#writes++
    try {
      const messages = together.flatMap((waiting) => waiting.messages)
      const { outcomes, resolved } = await ingest(this.#parts, messages)
      this.#unresolved += count
      void this.#resolve(resolved, count)
      let start = 0
      for (const { messages: own, taken } of together) {
        taken({ outcomes: outcomes.slice(start, start + own.length), resolved })
        start += own.length
      }
    } catch (cause) {
      for (const { failed } of together) failed(cause)
    }
    this.#writes--
    this.#unwritten -= count
    this.#write()
  }

  async #resolve(resolved: Promise<void>, count: number): Promise<void> {
    try {
      await resolved
    } catch (cause) {
      this.#onFailure(cause)
    }
    this.#unresolved -= count
    this.#write()
  }
}
