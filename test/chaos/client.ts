// A tracking client under load: batches in parallel, sent again until they are answered with 200, some once more.
// Invariant: what is in `acknowledged` was answered with 200, and nothing else is.
import { setTimeout as sleep } from 'node:timers/promises'

import type { Dice } from './random.ts'
import type { Sent } from './world.ts'

const CALLS = 4
const BATCH_MAX = 60
/** One in so many batches is sent a second time, as by a client that missed the answer. */
const AGAIN_ONE_IN = 10
const RETRY_MS = 20

export class Client {
  readonly acknowledged = new Set<string>()
  /** Answers other than 200. */
  readonly refusals: number[] = []
  #pending: Sent[]
  readonly #dice: Dice
  /** What each call waits between two batches, ms. */
  #pauseMs: number

  constructor(sent: readonly Sent[], dice: Dice, pauseMs = 0) {
    this.#pending = [...sent]
    this.#dice = dice
    this.#pauseMs = pauseMs
  }

  /** No pauses from now on. */
  hurry(): void {
    this.#pauseMs = 0
  }

  get isDone(): boolean {
    return this.#pending.length === 0
  }

  /** Sends until all is acknowledged or the server is gone. */
  async send(url: string): Promise<void> {
    await Promise.all(Array.from({ length: CALLS }, () => this.#sendOn(url)))
  }

  async #sendOn(url: string): Promise<void> {
    while (!this.isDone) {
      const batch = this.#take()
      const status = await post(url, batch)
      if (status === 200) for (const { id } of batch) this.acknowledged.add(id)
      const again = status !== 200 || this.#dice.whole(1, AGAIN_ONE_IN) === 1
      if (again) this.#pending.push(...batch)
      if (status === null) return
      if (status === 200) {
        if (this.#pauseMs > 0) await sleep(this.#pauseMs)
        continue
      }
      this.refusals.push(status)
      await sleep(RETRY_MS)
    }
  }

  /** The next messages of one site, about in order. */
  #take(): readonly Sent[] {
    const [first] = this.#pending
    const count = this.#dice.whole(1, BATCH_MAX)
    const batch = this.#pending.slice(0, count).filter(({ site }) => site === first?.site)
    const taken = new Set(batch)
    this.#pending = this.#pending.filter((one, i) => i >= count || !taken.has(one))
    return batch
  }
}

/** Status of the answer; null when none came. */
async function post(url: string, batch: readonly Sent[]): Promise<number | null> {
  const writeKey = batch[0]?.site
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      // A connection for each request: on one that is kept, a server that stops would go on to take the next.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ writeKey, batch: batch.map(({ message }) => message) }),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}
