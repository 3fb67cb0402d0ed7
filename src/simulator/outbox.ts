// The way from sender to collector: clocks that are wrong, queues, duplicates, and the order of
// arrival. Holds only what is under way: its size follows the traffic and its delays, not the past.

import { iso } from './iso.ts'
import type { Item, Message } from './message.ts'
import { DELIVERY } from './parameters.ts'
import type { Dice } from './random.ts'
import { at } from './random.ts'

interface Pending extends Item {
  /** Order of sending, which decides between equal times of arrival. */
  readonly order: number
}

/** When and by whom a message is sent. */
export interface Posting {
  /** Epoch ms, true time of the act. */
  readonly actAt: number
  /** Epoch ms, true time from which the sender could send. */
  readonly sendableAt: number
  readonly clockErrorMs: number
  readonly person: string | null
  readonly site: string
  /** Mobile libraries also write `originalTimestamp`. */
  readonly mobile: boolean
}

/** A priority queue by time of arrival. */
export class Outbox {
  private readonly heap: Pending[] = []
  private order = 0

  /** Messages under way. */
  get size(): number {
    return this.heap.length
  }

  /** Stamps a message and sends it, sometimes twice. */
  send(message: Message, posting: Posting, dice: Dice): void {
    const sentAt = Math.max(posting.actAt + dice.below(DELIVERY.holdMs), posting.sendableAt)
    message.timestamp = iso(posting.actAt + posting.clockErrorMs)
    message.sentAt = iso(sentAt + posting.clockErrorMs)
    if (posting.mobile) message.originalTimestamp = message.timestamp
    const receivedAt = Math.round(sentAt + DELIVERY.latencyMs + dice.wait(DELIVERY.latencyTailMs))
    this.push(message, receivedAt, posting, false)
    if (!dice.chance(DELIVERY.duplicateShare)) return
    const late = dice.chance(DELIVERY.duplicateLateShare)
    const gap = dice.wait(late ? DELIVERY.duplicateLateMs : DELIVERY.duplicateSoonMs)
    const again = { ...message, sentAt: iso(sentAt + gap + posting.clockErrorMs) }
    this.push(again, Math.round(receivedAt + gap), posting, true)
  }

  /** The next message that arrives before a time (epoch ms), if there is one. */
  takeBefore(timeMs: number): Item | undefined {
    const top = this.heap[0]
    if (top === undefined || top.receivedAt >= timeMs) return undefined
    const last = this.heap.pop()
    if (last !== undefined && last !== top) this.sink(last)
    return top
  }

  private push(message: Message, receivedAt: number, posting: Posting, repeated: boolean): void {
    const { person, site } = posting
    const entry: Pending = { receivedAt, message, repeated, person, site, order: this.order++ }
    let index = this.heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = at(this.heap, parent)
      if (!before(entry, above)) break
      this.heap[index] = above
      index = parent
    }
    this.heap[index] = entry
  }

  private sink(entry: Pending): void {
    const { heap } = this
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      const left = heap[child]
      if (left === undefined) break
      const right = heap[child + 1]
      let least = left
      if (right !== undefined && before(right, left)) {
        least = right
        child++
      }
      if (!before(least, entry)) break
      heap[index] = least
      index = child
    }
    heap[index] = entry
  }
}

function before(a: Pending, b: Pending): boolean {
  return a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.order < b.order)
}
