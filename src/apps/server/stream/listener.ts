// One who listens: has a place of its own in the feed, is told what comes while it reads, and reads on by itself after.
// Invariant: its place is behind the last row that was written to it, so every row is written once, in order.

import { HEARTBEAT } from './event-text.ts'
import type { StreamLimits } from './stream-limits.ts'

/** Consecutive rows of the feed. */
export interface FeedPage {
  readonly bytes: Uint8Array
  /** Sequence of the last. */
  readonly to: number
}

/** Whoever listens, as the runtime knows them. */
export interface Ear {
  /** Whether their token or session still holds. */
  readonly mayListen: () => Promise<boolean>
  /** Ends the connection, whatever waits on it. */
  readonly cut: () => void
}

export interface ListenerParts extends Ear {
  readonly limits: StreamLimits
  /** It has everything up to this sequence. */
  readonly place: number
  readonly greeting: Uint8Array
  /** Up to where the feed was told. */
  readonly end: () => number
  /** What comes after a sequence; null at the end. */
  readonly read: (after: number) => Promise<FeedPage | null>
  readonly left: (listener: Listener) => void
  readonly report: (cause: unknown) => void
}

export class Listener {
  readonly stream: ReadableStream<Uint8Array>
  readonly #parts: ListenerParts
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #place: number
  #isReading = false
  #writtenBytes = 0
  #takenBytes = 0
  /** When it has last taken something, or nothing waited for it; as `performance.now`. */
  #takenAt: number
  #beatAt: number

  constructor(parts: ListenerParts, now: number) {
    this.#parts = parts
    this.#place = parts.place
    this.#takenAt = now
    this.#beatAt = now + parts.limits.heartbeatMs
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
          this.#write(parts.greeting)
        },
        pull: () => this.#readOn(),
        cancel: () => this.#leave(),
      },
      { highWaterMark: parts.limits.waitingBytesMax, size: ({ byteLength }) => byteLength },
    )
  }

  /** Bytes that nobody has taken yet. */
  get waitingBytes(): number {
    return this.#parts.limits.waitingBytesMax - (this.#controller?.desiredSize ?? 0)
  }

  /** The page that follows a sequence; one that is not there yet, or has no room, reads it later. */
  tell(after: number, page: FeedPage): void {
    if (this.#isReading || this.#place !== after) return
    const waiting = this.waitingBytes
    const { waitingBytesMax } = this.#parts.limits
    if (waiting === 0 || waiting + page.bytes.byteLength <= waitingBytesMax) this.#writePage(page)
  }

  /** To be called every so often. */
  tend(now: number): void {
    if (this.#controller === null) return
    const waiting = this.waitingBytes
    const taken = this.#writtenBytes - waiting
    if (waiting === 0 || taken > this.#takenBytes) this.#takenAt = now
    this.#takenBytes = taken
    if (now - this.#takenAt > this.#parts.limits.takesNothingMsMax) {
      this.end()
      this.#parts.cut()
      return
    }
    if (now >= this.#beatAt) {
      this.#beatAt = now + this.#parts.limits.heartbeatMs
      void this.#beat()
    }
    this.#readOn()
  }

  /** No more comes; whoever has not taken the rest soon after is cut off. */
  end(): void {
    const controller = this.#controller
    if (controller === null) return
    this.#leave()
    controller.close()
    setTimeout(this.#parts.cut, this.#parts.limits.endWaitMs).unref()
  }

  #leave(): void {
    this.#controller = null
    this.#parts.left(this)
  }

  #write(bytes: Uint8Array): void {
    this.#writtenBytes += bytes.byteLength
    this.#controller?.enqueue(bytes)
  }

  #writePage({ bytes, to }: FeedPage): void {
    // First, since writing asks for more.
    this.#place = to
    this.#write(bytes)
  }

  async #beat(): Promise<void> {
    try {
      if (!(await this.#parts.mayListen())) this.end()
      else if (this.waitingBytes === 0) this.#write(HEARTBEAT)
    } catch (cause) {
      this.#fail(cause)
    }
  }

  /** It comes back, with its place. */
  #fail(cause: unknown): void {
    this.#parts.report(cause)
    this.end()
  }

  #readOn(): void {
    if (this.#isReading || !this.#isBehind()) return
    this.#isReading = true
    this.#readPages().then(
      () => {
        this.#isReading = false
      },
      (cause: unknown) => this.#fail(cause),
    )
  }

  async #readPages(): Promise<void> {
    while (this.#isBehind()) {
      const page = await this.#parts.read(this.#place)
      if (page === null || this.#controller === null) return
      this.#writePage(page)
    }
  }

  /** And takes what it gets. */
  #isBehind(): boolean {
    const room = this.#controller?.desiredSize ?? 0
    return room > 0 && this.#place < this.#parts.end()
  }
}
