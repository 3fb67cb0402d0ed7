// The log of one account where many write and many read: several sources, each with facts in one order of its own.
// Invariant: what it acknowledges is durable; a reader gets every record of a source, in order, at least once.

import type { Envelope } from '../core/event/event.ts'
import type { LogRecord, MessageRecord, Position, StoredRecord } from './event-log.ts'

/** Where an appended record stands. Positions of a source ascend from 1; some may be missing. */
export interface Placed {
  /** `events/3`, `decisions/0`; `foreign:TOPIC/3` for a topic that others fill. */
  readonly source: string
  readonly position: Position
}

/** A message that came without its fact, from a producer of somebody else's. */
interface UnreadMessage {
  readonly raw: string
  /** What `JSON.parse` made of it, with the id that came beside it. */
  readonly message: unknown
  readonly envelope: Envelope
}

/** Makes the fact of a message; never throws. */
export type ReadMessage = (
  unread: UnreadMessage,
) => MessageRecord | { readonly reason: string; readonly detail: string }

export type PoisonReason =
  /** Nothing in it, or without the marker and schema id in front. */
  | 'not_framed'
  /** The registry does not know its schema. */
  | 'unknown_schema'
  /** Its schema cannot be read as ours. */
  | 'foreign_schema'
  /** Not what its schema says. */
  | 'bad_avro'
  | 'not_json'
  /** A fact that contradicts itself, or of another account. */
  | 'bad_fact'
  | 'bad_decision'

/** A record that cannot be understood. It is told once, and stops nothing. */
export interface Poisoned {
  readonly source: string
  readonly position: Position
  /** Of the adapter, or why a message was rejected (`no_identity` …). */
  readonly reason: string
  /** For people; holds nothing of the record but names and sizes. */
  readonly detail: string
  /** When the log took it, ms. */
  readonly at: number
  readonly raw: Uint8Array | null
}

export interface Delivered {
  readonly source: string
  /** Position behind which it begins: where the last delivery ended, or where the reader was sent. */
  readonly after: Position
  readonly records: readonly StoredRecord[]
  readonly poisoned: readonly Poisoned[]
  /** Position of the last thing in it. */
  readonly upTo: Position
  /** End of the source as known. */
  readonly end: Position
  /** When the log took the first of it, ms since the epoch. */
  readonly arrivedAt: number
}

/** Parts of a shared log. */
export type SharedPart = 'events' | 'decisions' | 'foreign'

export interface SharedReadingOptions {
  /** Up to where this source is applied: it is read from behind there. Asked whenever a source is newly got. */
  readonly startAt: (source: string) => Promise<Position>
  /** All by default. */
  readonly parts?: readonly SharedPart[]
  /** For whoever needs their facts alone: the text of messages that came with one is left out, `raw` is ''. */
  readonly factsOnly?: boolean
}

export interface SharedReading {
  /** Sources it holds now; changes as readers come and go. */
  sources(): readonly string[]
  /**
   * What arrived since the last call, in order within each source; at most `recordsMax` records. Waits up to `waitMs` for
   * the first.
   * @throws {StoreError} when nothing can be had; a later call goes on where this one stood
   */
  next(limits: {
    readonly recordsMax: number
    readonly waitMs: number
  }): Promise<readonly Delivered[]>
  /** Goes on behind this position (after a conflict, or another writer's progress). No-op for a source it does not hold. */
  seek(source: string, position: Position): void
  /** For tools that show how far a reader is; never relied on. */
  applied(source: string, position: Position): void
  close(): Promise<void>
}

export interface SharedLog {
  /**
   * Resolves once all in-sync replicas have the records. Those whose first identifier is the same stay in order.
   * @throws {StoreError} when that is not so in time; a record may be in the log even so, and doubles nothing when it is
   * appended again, since it counts once by its id
   */
  append(records: readonly LogRecord[]): Promise<readonly Placed[]>
  /** Position at the end of every source; 0 for an empty one. */
  ends(): Promise<ReadonlyMap<string, Position>>
  /** Takes a share of the sources beside the other readers of the group; one that dies is replaced by the others. */
  share(group: string, options: SharedReadingOptions): Promise<SharedReading>
  /** Reads all sources, whoever else does. */
  readAll(options: SharedReadingOptions): Promise<SharedReading>
  close(): Promise<void>
}
