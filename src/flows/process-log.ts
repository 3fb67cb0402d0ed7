// What a shared log delivers, into the graph: batch after batch, decided, stored, and read on from where the store is.
// Invariant: of each source nothing is passed over; what cannot be understood is kept with its reason before it counts as read.

import type { Position } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import type { Delivered, Poisoned, SharedReading } from '../ports/shared-log.ts'
import { StoreError } from '../ports/store-error.ts'
import type { Delivery, Stray } from './delivery.ts'
import { HeldDecisions } from './held-decisions.ts'
import type { SharedResolver } from './resolve-shared.ts'
import type { StopSignal } from './stop-signal.ts'

interface ProcessLimits {
  /** Records decided and stored together at the most. */
  readonly recordsMax: number
  /** How long a batch waits for its first record, ms. */
  readonly waitMs: number
  /**
   * Batches without a record after which what was too large to decide at once is decided; and each time as many after
   * which it is asked whether the store has gone back.
   */
  readonly quietBatches: number
}

const PROCESS_LIMITS: ProcessLimits = { recordsMax: 1_000, waitMs: 100, quietBatches: 5 }

/** Of one batch that was stored, or of what stood in the way of one. */
export interface Processed {
  readonly records: number
  readonly poisoned: number
  /** From when the log took the first of it until it was stored, ms; null for nothing. */
  readonly latencyMs: number | null
  /** By source, records that are in the log and not stored yet. */
  readonly lag: ReadonlyMap<string, number>
  /** Why it was tried again. */
  readonly failure: StoreError | null
}

export interface ProcessParts {
  readonly reading: SharedReading
  readonly resolver: SharedResolver
  readonly store: Pick<IdentityStore, 'position'>
  /** Keeps what cannot be understood; may be told the same twice. */
  readonly reject: (poisoned: readonly Poisoned[]) => Promise<void>
  readonly limits?: Partial<ProcessLimits>
  readonly now: () => number
  /** Before a further try after a failure. */
  readonly pause: (tries: number) => Promise<void>
  readonly told: (processed: Processed) => void
}

/** Components that were too large to decide at once, decided in one quiet moment. */
const WAITING_AT_ONCE = 1_000
/** How soon held decisions are looked at again, ms. */
const HELD_WAIT_MS = 10

/**
 * Goes on until it is told to stop; then what was taken is stored.
 * @throws {StoreError} that trying again does not help
 */
export async function processLog(parts: ProcessParts, signal: StopSignal): Promise<void> {
  const processing = new Processing(parts)
  for (let tries = 0; !signal.aborted;) {
    try {
      await processing.batch()
      tries = 0
    } catch (cause) {
      if (!(cause instanceof StoreError) || !cause.retryable) throw cause
      tries++
      await processing.failed(cause, tries)
    }
  }
  await parts.resolver.flush()
}

class Processing {
  readonly #parts: ProcessParts
  readonly #limits: ProcessLimits
  /** By source, up to where it was taken, up to where that is stored, and the end of the log as far as known. */
  readonly #taken = new Map<string, Position>()
  readonly #stored = new Map<string, Position>()
  readonly #ends = new Map<string, Position>()
  readonly #held: HeldDecisions
  #quiet = 0
  /** Something has failed, and it was not asked yet where the store is now. */
  #isLost = false

  constructor(parts: ProcessParts) {
    this.#parts = parts
    this.#limits = { ...PROCESS_LIMITS, ...parts.limits }
    this.#held = new HeldDecisions((source) => parts.store.position(source))
  }

  async batch(): Promise<void> {
    const { reading, resolver, reject } = this.#parts
    const { recordsMax, waitMs } = this.#limits
    if (this.#isLost) await this.#findAgain()
    const came = await reading.next({
      recordsMax,
      waitMs: this.#held.isEmpty ? waitMs : HELD_WAIT_MS,
    })
    const delivered = await this.#held.due(came)
    const poisoned = delivered.flatMap((one) => one.poisoned)
    if (poisoned.length > 0) await reject(poisoned)
    const before = [...this.#taken]
    const deliveries = this.#deliveriesOf(delivered)
    const records = deliveries.reduce((sum, one) => sum + one.records.length, 0)
    const strays = deliveries.length === 0 ? [] : await resolver.take(deliveries)
    // Under load the next batch is decided while this one is stored; else whoever waits for it has it sooner so.
    const isBusy = records * 2 > recordsMax
    const landed = isBusy ? [] : await resolver.landed()
    for (const [source, position] of isBusy ? before : this.#taken)
      this.#stored.set(source, position)
    this.#goTo([...strays, ...landed])
    await this.#whenQuiet(deliveries.length === 0)
    const arrived = delivered.map(({ arrivedAt }) => arrivedAt)
    this.#parts.told({
      records,
      poisoned: poisoned.length,
      latencyMs: records === 0 ? null : this.#parts.now() - Math.min(...arrived),
      lag: this.#lag(),
      failure: null,
    })
  }

  /** Everything will be read again from where the store is. */
  async failed(failure: StoreError, tries: number): Promise<void> {
    const { pause, told } = this.#parts
    this.#isLost = true
    told({ records: 0, poisoned: 0, latencyMs: null, lag: this.#lag(), failure })
    await pause(tries)
  }

  /** Until this has succeeded nothing is read on: what was read last and came to nothing may be the last there is. */
  async #findAgain(): Promise<void> {
    await this.#parts.resolver.landed()
    this.#held.forgetAll()
    this.#taken.clear()
    await this.#meetStore()
    this.#isLost = false
  }

  /** Reads on from where the store is, wherever that is elsewhere than thought. */
  async #meetStore(): Promise<void> {
    const { reading, store } = this.#parts
    for (const source of reading.sources()) {
      const position = await store.position(source)
      if (position !== this.#taken.get(source)) this.#readFrom({ source, position })
    }
  }

  #readFrom({ source, position }: Stray): void {
    this.#held.forget(source)
    this.#taken.set(source, position)
    this.#stored.set(source, position)
    this.#parts.reading.seek(source, position)
  }

  #deliveriesOf(delivered: readonly Delivered[]): readonly Delivery[] {
    return delivered.map(({ source, after, upTo, records, end }) => {
      if (!this.#stored.has(source)) this.#stored.set(source, after)
      this.#taken.set(source, upTo)
      this.#ends.set(source, end)
      return { source, from: after, to: upTo, records }
    })
  }

  #goTo(strays: readonly Stray[]): void {
    const { reading } = this.#parts
    for (const stray of strays) this.#readFrom(stray)
    const held = new Set(reading.sources())
    this.#held.forgetAllBut(held)
    for (const source of this.#taken.keys()) if (!held.has(source)) this.#forget(source)
    for (const [source, position] of this.#taken) reading.applied(source, position)
  }

  #forget(source: string): void {
    this.#taken.delete(source)
    this.#stored.delete(source)
    this.#ends.delete(source)
  }

  async #whenQuiet(isQuiet: boolean): Promise<void> {
    const { quietBatches } = this.#limits
    this.#quiet = isQuiet ? this.#quiet + 1 : 0
    if (this.#quiet === 0 || this.#quiet % quietBatches > 0) return
    // One that has gone back while nothing comes would not be met by any commit.
    await this.#meetStore()
    if (this.#quiet > quietBatches) return
    const decided = await this.#parts.resolver.decideWaiting(WAITING_AT_ONCE)
    if (decided === WAITING_AT_ONCE) this.#quiet--
  }

  #lag(): ReadonlyMap<string, number> {
    return new Map(
      this.#parts.reading.sources().map((source) => {
        const stored = this.#stored.get(source) ?? 0
        return [source, Math.max(0, (this.#ends.get(source) ?? stored) - stored)]
      }),
    )
  }
}
