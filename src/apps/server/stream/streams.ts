// Everybody who listens to the feed of one account, and the one who reads it for them: while anybody listens it is looked
// for more at a steady pace, and the same bytes go to all. Invariant: who listens is bounded in number, and each in bytes.

import { FEED_START, type FeedPlace, whyNoPlace } from '../../answers/feed-answer.ts'
import type { IdentityStore } from '../../../ports/identity-store.ts'
import { greetingBytes, rowsBytes } from './event-text.ts'
import { type Ear, type FeedPage, Listener } from './listener.ts'
import { STREAM_LIMITS, type StreamLimits } from './stream-limits.ts'

export interface StreamParts {
  readonly store: Pick<IdentityStore, 'feed' | 'feedEnd' | 'epoch'>
  /** Resolves when there is time for one more piece of work. */
  readonly turn: () => Promise<void>
  readonly report: (cause: unknown) => void
}

/** Where somebody goes on; null: from now on. */
export type WantedPlace = FeedPlace | typeof FEED_START | null

export class Streams {
  readonly #parts: StreamParts
  readonly #limits: StreamLimits
  readonly #listeners = new Set<Listener>()
  /** After a sequence -> what was told of it lately. */
  readonly #pages = new Map<number, FeedPage>()
  /** Who is about to listen. */
  #coming = 0
  /** Up to here all who keep up were told. */
  #end = 0
  #looking: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  /** Of what was told last. */
  #epoch = ''
  #isClosed = false
  #isFailing = false

  constructor(parts: StreamParts, changed: Partial<StreamLimits> = {}) {
    this.#parts = parts
    this.#limits = { ...STREAM_LIMITS, ...changed }
  }

  /** Those that are open. */
  get open(): number {
    return this.#listeners.size
  }

  /** Bytes that wait for those who do not read. */
  get waitingBytes(): number {
    return [...this.#listeners].reduce((sum, { waitingBytes }) => sum + waitingBytes, 0)
  }

  /** Null when there are as many as there may be, or it is being closed. @throws {StoreError} */
  async listen(wanted: WantedPlace, ear: Ear): Promise<ReadableStream<Uint8Array> | null> {
    if (this.#isClosed || this.#listeners.size + this.#coming >= this.#limits.streamsMax)
      return null
    this.#coming++
    try {
      const epoch = await this.#parts.store.epoch()
      if (this.#listeners.size > 0) await this.#look()
      else this.#end = Math.max(this.#end, await this.#parts.store.feedEnd())
      // It may have been closed meanwhile.
      return this.#isStopped() ? null : this.#open(wanted, epoch, ear)
    } finally {
      this.#coming--
    }
  }

  /** Ends all at once. */
  close(): void {
    this.#isClosed = true
    for (const listener of this.#listeners) listener.end()
  }

  #isStopped(): boolean {
    return this.#isClosed
  }

  #open(wanted: WantedPlace, epoch: string, ear: Ear): ReadableStream<Uint8Array> {
    const end = { epoch, sequence: this.#end }
    const start = { epoch, sequence: 0 }
    const asked = wanted === FEED_START ? start : (wanted ?? end)
    const why = whyNoPlace(asked, epoch, end.sequence)
    const place = why === null ? asked : end
    const { report } = this.#parts
    const listener = new Listener(
      {
        ...ear,
        limits: this.#limits,
        place: place.sequence,
        greeting: greetingBytes(place, why),
        end: () => this.#end,
        read: (after) => this.#read(after, epoch),
        left: (one) => this.#left(one),
        report,
      },
      performance.now(),
    )
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => this.#turn(), this.#limits.lookEveryMs)
    return listener.stream
  }

  #left(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
    this.#pages.clear()
  }

  #turn(): void {
    const now = performance.now()
    this.#look().then(
      () => {
        this.#isFailing = false
      },
      (cause: unknown) => {
        // Once, and not ten times a second.
        if (!this.#isFailing) this.#parts.report(cause)
        this.#isFailing = true
      },
    )
    for (const listener of this.#listeners) listener.tend(now)
  }

  #look(): Promise<void> {
    return (this.#looking ??= this.#tellAll().finally(() => {
      this.#looking = null
    }))
  }

  async #tellAll(): Promise<void> {
    const epoch = await this.#parts.store.epoch()
    if (this.#epoch !== '' && this.#epoch !== epoch) await this.#beginAnew()
    this.#epoch = epoch
    const { pageRows } = this.#limits
    for (let isMore = true; isMore;) {
      const after = this.#end
      const rows = await this.#parts.store.feed(after, pageRows)
      const last = rows.at(-1)
      if (last === undefined) return
      const page = { bytes: rowsBytes(epoch, rows), to: last.sequence }
      this.#keep(after, page)
      this.#end = page.to
      for (const listener of this.#listeners) listener.tell(after, page)
      isMore = rows.length === pageRows
      if (isMore) await this.#parts.turn()
    }
  }

  /** The store is another one, or went back: whoever listens comes again, and is told so. */
  async #beginAnew(): Promise<void> {
    for (const listener of this.#listeners) listener.end()
    this.#pages.clear()
    this.#end = await this.#parts.store.feedEnd()
  }

  /** For one who is behind. */
  async #read(after: number, epoch: string): Promise<FeedPage | null> {
    const kept = this.#pages.get(after)
    if (kept !== undefined) return kept
    await this.#parts.turn()
    const found = await this.#parts.store.feed(after, this.#limits.pageRows)
    // What is beyond is told to all.
    const rows = found.filter(({ sequence }) => sequence <= this.#end)
    const last = rows.at(-1)
    if (last === undefined) return null
    const page = { bytes: rowsBytes(epoch, rows), to: last.sequence }
    this.#keep(after, page)
    return page
  }

  #keep(after: number, page: FeedPage): void {
    this.#pages.set(after, page)
    if (this.#pages.size <= this.#limits.pagesMax) return
    for (const [oldest] of this.#pages) {
      this.#pages.delete(oldest)
      return
    }
  }
}
