// A shared log in memory: the reference of what the port means, gone when the process ends.
// Invariant: a source is held by one reader of a group at most, and is read from where its new holder says.

import type { LogRecord, Position, StoredRecord } from '../../ports/event-log.ts'
import type {
  Placed,
  Poisoned,
  SharedLog,
  SharedPart,
  SharedReading,
  SharedReadingOptions,
} from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { type Entry, MemoryReading } from './shared-reading.ts'

export interface MemorySharedLogOptions {
  /** Sources of events; decisions have one. */
  readonly partitions?: number
}

export interface MemorySharedLog {
  /** The log as one process has it; openings see the same records and form the same groups. */
  open(): SharedLog
  /** Puts what cannot be understood at the end of a source; where it stands. */
  poison(source: string, reason: string): Position
  /** Takes its share from a reader as if its process had died: it gets nothing more, and says so. */
  kill(reading: SharedReading): void
}

const PARTITIONS = 4
const DECISIONS = 'decisions/0'
const RADIX = 16
/** Digits of a key that say where it goes. */
const DIGITS = 8

/** A new, empty log. */
export function createMemorySharedLog(options: MemorySharedLogOptions = {}): MemorySharedLog {
  const sources = new Sources(options.partitions ?? PARTITIONS)
  return {
    open: () => new Opening(sources),
    poison: (source, reason) => sources.poison(source, reason),
    kill: (reading) => sources.leave(reading),
  }
}

/** What all openings have in common. */
class Sources {
  readonly #partitions: number
  readonly #entries: ReadonlyMap<string, Entry[]>
  /** Readers by group, in the order they came; those without one have all sources to themselves. */
  readonly #groups = new Map<string, MemoryReading[]>()
  readonly #alone = new Set<MemoryReading>()

  constructor(partitions: number) {
    this.#partitions = partitions
    const events = Array.from({ length: partitions }, (_, at) => `events/${at}`)
    this.#entries = new Map([...events, DECISIONS].map((source) => [source, []]))
  }

  append(record: LogRecord): Placed {
    const source = record.kind === 'decision' ? DECISIONS : this.#sourceOf(record.fact)
    const position = this.#put(source, (at) => ({ record: { ...record, position: at } }))
    return { source, position }
  }

  poison(source: string, reason: string): Position {
    return this.#put(source, (position) => {
      const detail = 'it cannot be understood'
      return { poisoned: { source, position, reason, detail, at: Date.now(), raw: null } }
    })
  }

  ends(): ReadonlyMap<string, Position> {
    return new Map([...this.#entries].map(([source, all]) => [source, all.length]))
  }

  join(group: string | null, options: SharedReadingOptions): MemoryReading {
    const its = [...this.#entries.keys()].filter((source) => isWanted(source, options.parts))
    const reading = new MemoryReading({
      entries: (source) => this.#entries.get(source) ?? [],
      wanted: its,
      startAt: options.startAt,
      factsOnly: options.factsOnly ?? false,
      onClose: () => this.leave(reading),
    })
    if (group === null) {
      this.#alone.add(reading)
      reading.assign(its)
    } else {
      this.#groups.set(group, [...(this.#groups.get(group) ?? []), reading])
      this.#rebalance(group)
    }
    return reading
  }

  leave(reading: SharedReading): void {
    for (const one of this.#alone) {
      if (one !== reading) continue
      this.#alone.delete(one)
      one.end()
    }
    for (const [group, readings] of this.#groups) {
      const found = readings.find((one) => one === reading)
      if (found === undefined) continue
      found.end()
      const others = readings.filter((one) => one !== reading)
      this.#groups.set(group, others)
      this.#rebalance(group)
    }
  }

  #rebalance(group: string): void {
    const readings = this.#groups.get(group) ?? []
    for (const [nth, reading] of readings.entries())
      reading.assign(reading.wanted.filter((_, at) => at % readings.length === nth))
  }

  #sourceOf(fact: {
    readonly id: string
    readonly identifiers: readonly { readonly key: string }[]
  }): string {
    const number = Number.parseInt(fact.identifiers[0]?.key.slice(0, DIGITS) ?? '0', RADIX)
    return `events/${number % this.#partitions}`
  }

  #put(source: string, entry: (position: Position) => Content): Position {
    const entries = this.#entries.get(source)
    if (entries === undefined) throw new RangeError(`${source} is no source of this log`)
    const position = entries.length + 1
    entries.push({ ...entry(position), at: Date.now() })
    for (const reading of [...this.#alone, ...[...this.#groups.values()].flat()]) reading.stir()
    return position
  }
}

type Content = { readonly record: StoredRecord } | { readonly poisoned: Poisoned }

function isWanted(source: string, parts: readonly SharedPart[] | undefined): boolean {
  return parts === undefined || parts.includes(source === DECISIONS ? 'decisions' : 'events')
}

class Opening implements SharedLog {
  readonly #sources: Sources
  readonly #readings = new Set<MemoryReading>()
  #closed = false

  constructor(sources: Sources) {
    this.#sources = sources
  }

  async append(records: readonly LogRecord[]): Promise<readonly Placed[]> {
    await this.#assertOpen()
    return records.map((record) => this.#sources.append(record))
  }

  async ends(): Promise<ReadonlyMap<string, Position>> {
    await this.#assertOpen()
    return this.#sources.ends()
  }

  async share(group: string, options: SharedReadingOptions): Promise<SharedReading> {
    return this.#join(group, options)
  }

  async readAll(options: SharedReadingOptions): Promise<SharedReading> {
    return this.#join(null, options)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#readings].map((reading) => reading.close()))
  }

  async #join(group: string | null, options: SharedReadingOptions): Promise<SharedReading> {
    await this.#assertOpen()
    const reading = this.#sources.join(group, options)
    this.#readings.add(reading)
    return reading
  }

  /** Awaited by every operation, so that none is done before its call returns. */
  async #assertOpen(): Promise<void> {
    await Promise.resolve()
    if (this.#closed)
      throw new StoreError('closed', 'the shared log was closed', { retryable: false })
  }
}
