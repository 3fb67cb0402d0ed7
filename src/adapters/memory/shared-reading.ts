// A reader of a shared log in memory: the sources it holds, and where it stands in each.
// Invariant: what stood there before a source was lost, or before a seek, is never gone on from.

import type { Position, StoredRecord } from '../../ports/event-log.ts'
import type { Delivered, Poisoned, SharedReading } from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'

/** What stands at a position: a record, or what cannot be understood. */
export type Entry = { readonly at: number } & (
  | { readonly record: StoredRecord }
  | { readonly poisoned: Poisoned }
)

export interface MemoryReadingParts {
  readonly entries: (source: string) => readonly Entry[]
  /** Sources of the parts that were asked for. */
  readonly wanted: readonly string[]
  readonly startAt: (source: string) => Promise<Position>
  /** Messages are given without their text. */
  readonly factsOnly: boolean
  readonly onClose: () => void
}

/** Where it stands in a source; null until it is told. Another one after every change of hands. */
interface Held {
  position: Position | null
}

export class MemoryReading implements SharedReading {
  readonly wanted: readonly string[]
  readonly #parts: MemoryReadingParts
  #held = new Map<string, Held>()
  #ended = false
  #wake: () => void = () => undefined

  constructor(parts: MemoryReadingParts) {
    this.#parts = parts
    this.wanted = parts.wanted
  }

  sources(): readonly string[] {
    return [...this.#held.keys()]
  }

  async next({
    recordsMax,
    waitMs,
  }: {
    readonly recordsMax: number
    readonly waitMs: number
  }): Promise<readonly Delivered[]> {
    await this.#begin()
    const delivered = this.#take(recordsMax)
    if (delivered.length > 0) return delivered
    await this.#stirred(waitMs)
    await this.#begin()
    return this.#take(recordsMax)
  }

  seek(source: string, position: Position): void {
    if (this.#held.has(source)) this.#held.set(source, { position })
  }

  applied(): void {}

  close(): Promise<void> {
    this.#parts.onClose()
    return Promise.resolve()
  }

  /** What it held before and still does it goes on with. */
  assign(sources: readonly string[]): void {
    this.#held = new Map(
      sources.map((source) => [source, this.#held.get(source) ?? { position: null }]),
    )
    this.stir()
  }

  /** Something has come or changed. */
  stir(): void {
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.assign([])
  }

  /** Until every source it holds has said where it begins. */
  async #begin(): Promise<void> {
    await Promise.resolve()
    for (const [source, held] of this.#held) {
      if (held.position !== null) continue
      const position = await this.#parts.startAt(source)
      // It may have been sent elsewhere meanwhile.
      held.position ??= position
    }
    if (this.#ended)
      throw new StoreError('closed', 'the reader is gone from its group', { retryable: false })
  }

  #take(recordsMax: number): readonly Delivered[] {
    const delivered: Delivered[] = []
    let room = recordsMax
    for (const [source, held] of this.#held) {
      if (held.position === null || room === 0) continue
      const all = this.#parts.entries(source)
      const taken = all.slice(held.position, held.position + room)
      const [first] = taken
      if (first === undefined) continue
      const after = held.position
      held.position += taken.length
      room -= taken.length
      delivered.push({
        source,
        after,
        records: taken.flatMap((one) => ('record' in one ? [this.#wantedOf(one.record)] : [])),
        poisoned: taken.flatMap((one) => ('poisoned' in one ? [one.poisoned] : [])),
        upTo: held.position,
        end: all.length,
        arrivedAt: first.at,
      })
    }
    this.#turn(delivered)
    return delivered
  }

  #wantedOf(record: StoredRecord): StoredRecord {
    return this.#parts.factsOnly && record.kind === 'message' ? { ...record, raw: '' } : record
  }

  /** What has just been read comes last the next time, so that one source does not keep the others waiting. */
  #turn(delivered: readonly Delivered[]): void {
    for (const { source } of delivered) {
      const held = this.#held.get(source)
      this.#held.delete(source)
      if (held !== undefined) this.#held.set(source, held)
    }
  }

  async #stirred(waitMs: number): Promise<void> {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, waitMs)
      this.#wake = () => {
        clearTimeout(timer)
        done()
      }
    })
    this.#wake = () => undefined
  }
}
