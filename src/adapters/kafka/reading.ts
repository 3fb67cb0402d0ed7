// A reader of a shared log: holds sources, asks where to begin in each, and hands out what was fetched ahead, decoded.
// Invariant: of every source that it holds, all records behind `startAt` come in order, each at least once.

import type { Delivered, Poisoned, SharedReading } from '../../ports/shared-log.ts'
import type { Position, StoredRecord } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import type { Decoder, Origin } from './decode.ts'
import type { Fetcher } from './fetcher.ts'
import { HeldSource, inTurn, type Taken } from './held-source.ts'
import type { Membership, Partition } from './membership.ts'

export interface ReadingParts {
  readonly decoder: Decoder
  readonly originOf: (partition: Partition) => Origin
  readonly startAt: (source: string) => Promise<Position>
}

const ASK_AGAIN_MS = 500
const NOTE_MS = 1_000

export class Reading implements SharedReading {
  readonly #parts: ReadingParts
  /** By source. */
  #held = new Map<string, HeldSource>()
  #fetcher: Fetcher | null = null
  #membership: Membership | null = null
  readonly #applied = new Map<string, Position>()
  readonly #noting: NodeJS.Timeout
  #startTrouble: StoreError | null = null
  #turn = 0
  #wake: (() => void) | null = null
  #closed = false

  constructor(parts: ReadingParts) {
    this.#parts = parts
    this.#noting = setInterval(() => void this.#note(), NOTE_MS)
    this.#noting.unref()
  }

  /** What it cannot be made with, since both call it back. */
  begin(fetcher: Fetcher, membership: Membership | null): void {
    this.#fetcher = fetcher
    this.#membership = membership
  }

  /** Holds these from now on; those that were held without a break go on where they stand. */
  assign(partitions: readonly Partition[], kept: boolean): void {
    if (this.#closed) return
    const before = kept ? this.#held : new Map<string, HeldSource>()
    this.#held = new Map()
    for (const partition of partitions) {
      const origin = this.#parts.originOf(partition)
      const source = before.get(origin.source) ?? new HeldSource(origin)
      this.#held.set(origin.source, source)
      if (!before.has(origin.source)) void this.#start(source)
    }
    const held = this.#held
    for (const name of this.#applied.keys()) if (!held.has(name)) this.#applied.delete(name)
    this.changed()
  }

  heldSources(): readonly HeldSource[] {
    return [...this.#held.values()]
  }

  sources(): readonly string[] {
    return [...this.#held.keys()]
  }

  async next(limits: { recordsMax: number; waitMs: number }): Promise<readonly Delivered[]> {
    const until = Date.now() + limits.waitMs
    for (;;) {
      if (this.#closed) {
        throw new StoreError('closed', 'The log is closed.', { retryable: false })
      }
      const delivered = await this.#deliver(limits.recordsMax)
      this.#fetcher?.pump()
      if (delivered.length > 0) {
        // Whoever has them now will soon wait for a store.
        setImmediate(() => this.#readAhead(limits.recordsMax))
        return delivered
      }
      for (const { failure } of this.#held.values()) if (failure !== null) throw failure
      const left = until - Date.now()
      if (left <= 0) break
      await this.#changes(left)
    }
    const trouble = this.#membership?.trouble ?? this.#fetcher?.trouble ?? this.#startTrouble
    if (trouble !== null) throw trouble
    return []
  }

  seek(source: string, position: Position): void {
    this.#held.get(source)?.seek(position)
    this.#fetcher?.pump()
  }

  applied(source: string, position: Position): void {
    if (this.#held.has(source)) this.#applied.set(source, position)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    await this.#note()
    this.#closed = true
    clearInterval(this.#noting)
    this.changed()
    await Promise.all([this.#membership?.close(), this.#fetcher?.close()])
    this.#held.clear()
  }

  /** Wakes whoever waits in `next`. */
  changed(): void {
    this.#wake?.()
    this.#wake = null
  }

  async #start(source: HeldSource): Promise<void> {
    const { origin } = source
    while (!this.#closed && this.#held.get(origin.source) === source) {
      try {
        const position = await this.#parts.startAt(origin.source)
        // A seek that came meanwhile knows better.
        if (source.version === 0) source.seek(position)
        this.#startTrouble = null
        this.#fetcher?.pump()
        return
      } catch (cause) {
        const message = `Where to begin in ${origin.source} cannot be told.`
        this.#startTrouble =
          cause instanceof StoreError
            ? cause
            : new StoreError('unavailable', message, { retryable: true, cause })
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
      }
    }
  }

  /** What is at hand, fairly from all sources. */
  async #deliver(recordsMax: number): Promise<readonly Delivered[]> {
    const ready = this.#ready()
    if (ready.length > 0) this.#turn++
    const delivered: Delivered[] = []
    let left = recordsMax
    for (const [index, source] of ready.entries()) {
      const taken = source.peek(Math.ceil(left / (ready.length - index)))
      const { version } = source
      try {
        await this.#parts.decoder.prepare(source.origin, taken.records)
      } catch (cause) {
        if (delivered.length > 0) break
        throw cause
      }
      const { origin } = source
      if (version !== source.version || this.#held.get(origin.source) !== source) continue
      left -= taken.records.length
      delivered.push(deliveredOf(this.#parts.decoder, source, taken))
      source.drop(taken.behind)
      if (left <= 0) break
    }
    return delivered
  }

  /** Those with records at hand, each time another one first. */
  #ready(): readonly HeldSource[] {
    const ready = this.heldSources().filter((source) => source.hasMore())
    return inTurn(ready, this.#turn)
  }

  /** What will be asked for next is decoded before it is. */
  #readAhead(recordsMax: number): void {
    const ready = this.#ready()
    let left = recordsMax
    for (const [index, source] of ready.entries()) {
      const { records } = source.peek(Math.ceil(left / (ready.length - index)))
      this.#parts.decoder.readAhead(source.origin, records)
      left -= records.length
    }
  }

  #changes(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #note(): Promise<void> {
    const offsets = [...this.#applied].flatMap(([name, position]) => {
      const source = this.#held.get(name)
      if (source === undefined) return []
      const { topic, partition } = source.origin
      return [{ topic, partition, offset: BigInt(position) }]
    })
    this.#applied.clear()
    await this.#membership?.note(offsets)
  }
}

function deliveredOf(decoder: Decoder, { origin, end, next }: HeldSource, taken: Taken): Delivered {
  const records: StoredRecord[] = []
  const poisoned: Poisoned[] = []
  for (const raw of taken.records) {
    const read = decoder.decode(origin, raw)
    if ('kind' in read) records.push(read)
    else poisoned.push(read)
  }
  const [first] = taken.records
  return {
    source: origin.source,
    after: next,
    records,
    poisoned,
    upTo: taken.behind,
    end: Math.max(end, taken.behind),
    arrivedAt: first?.at ?? Date.now(),
  }
}
