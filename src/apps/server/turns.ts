// Work in short turns: after some milliseconds of it the event loop goes round once before there is more.
// Invariant: first come, first served. It is for those who are not heard yet: Node accepts one connection each time the
// loop goes round, so long turns would keep new clients waiting for seconds, even for a refusal.

import { nextTick } from 'node:process'

/** Of one turn, ms. */
const TURN_MS = 3

export class Turns {
  readonly #waiting: (() => void)[] = []
  #isRunning = false
  /** When the work of this round of the loop began; null before there was any. */
  #began: number | null = null

  /** Resolves when there is time for one more piece of work, which is what follows up to where it waits again. */
  async next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      while (!this.#hasTime()) await new Promise((resolve) => setImmediate(resolve))
      next()
      // Comes when all is done that can be done without waiting.
      await new Promise<void>((resolve) => nextTick(resolve))
    }
    this.#isRunning = false
  }

  #hasTime(): boolean {
    if (this.#began !== null) return performance.now() - this.#began < TURN_MS
    this.#began = performance.now()
    setImmediate(() => {
      this.#began = null
    })
    return true
  }
}
