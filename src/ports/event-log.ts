// The event log of one account: the truth. What it acknowledges is durable, once, in one order.

import type { Fact } from '../core/edge/fact.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { Identifier } from '../core/identifier/identifier.ts'

/** 1 for the first record of the log; grows by one a record. */
export type Position = number

export interface MessageRecord {
  readonly kind: 'message'
  readonly fact: Fact
  readonly extractionVersion: number
  /** The message as received (one line of JSON), or with its contacts hashed. */
  readonly raw: string
}

/**
 * Decisions stand in the log like messages. `id` is unique among decisions and deduplicated like a message id; a message
 * with the same id is another record.
 */
export interface DecisionRecord {
  readonly kind: 'decision'
  readonly id: string
  readonly at: number
  readonly author: string
  readonly decision: Decree
  /** Of a shared log: by source, what its author had seen; it binds only whom it finds, and so comes after these. */
  readonly after?: Readonly<Record<string, Position>>
}

export type LogRecord = MessageRecord | DecisionRecord
export type StoredRecord = LogRecord & { readonly position: Position }
export type StoredMessage = MessageRecord & { readonly position: Position }

/** Where a message stands in the order of `messagesOf`: by event time (ms), then by position. */
export interface Place {
  readonly at: number
  readonly position: Position
}

/** For each appended record, in order: its position, or null for one whose id the log already had. */
export type Appended = readonly (Position | null)[]

export interface EventLog {
  /**
   * Appends what is new and resolves once that is durable. Duplicates (by id, within the call too) are left out.
   * On a StoreError nothing of the call is acknowledged; the same call can be made again without doubling anything.
   * Line breaks and tabs between the parts of a raw message come back as spaces.
   */
  append(records: readonly LogRecord[]): Promise<Appended>
  /** Records from `from` on, in order, at most `limit`; empty at the end of the log. */
  read(from: Position, limit: number): Promise<readonly StoredRecord[]>
  /**
   * Messages that name one of the identifiers, by event time and position, newest last, at most `limit` (the latest);
   * with `before` only those that stand before that place. Pages that go on before the first message of the last one
   * give each message once; one that comes meanwhile is in them if its place is still ahead.
   */
  messagesOf(
    identifiers: readonly Identifier[],
    limit: number,
    before?: Place,
  ): Promise<readonly StoredMessage[]>
  /** Position of the last durable record; 0 when empty. */
  end(): Position
  close(): Promise<void>
}

export function placeOf({ fact, position }: StoredMessage): Place {
  return { at: fact.at, position }
}

/** Below 0 when `a` stands before `b`, 0 for one place. */
export function comparePlaces(a: Place, b: Place): number {
  return a.at - b.at || a.position - b.position
}
