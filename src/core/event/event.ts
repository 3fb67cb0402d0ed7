// An event: a tracking message that was understood, with its time corrected. Nothing in it is normalised yet.
// Invariant: `Fields` are the sender's own objects, never copied and only read by own property.

export const EVENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** An object of the message, as it was sent. */
export type Fields = Readonly<Record<string, unknown>>

/** An id that was sent but cannot be read: of a wrong type, or a number that JSON has rounded. */
export interface Unusable {
  readonly field: 'userId' | 'anonymousId' | 'previousId'
  readonly reason: 'wrong_type' | 'rounded_number'
}

export interface Event {
  /** The message's own id, or `content:` and the digest of its content. */
  readonly id: string
  readonly site: string
  readonly type: EventType
  /** Event name of a `track`, page or screen name; empty when there is none. */
  readonly name: string
  /** Event time, ms since the epoch, corrected by the sender's clock error. */
  readonly at: number
  /** Stamped once by the collector, ms since the epoch. */
  readonly receivedAt: number
  /** As sent, numbers as text; null when missing, empty or unusable. */
  readonly userId: string | null
  readonly anonymousId: string | null
  readonly previousId: string | null
  readonly traits: Fields
  readonly properties: Fields
  readonly context: Fields
  readonly unusable: readonly Unusable[]
}

/** What the collector knows of a message beside its content. */
export interface Envelope {
  /** Ms since the epoch. */
  readonly receivedAt: number
  /** Loaded rather than sent live: its `timestamp` is kept as it stands. */
  readonly historical: boolean
  /** The site of the write key. */
  readonly site: string
}

export const NO_FIELDS: Fields = Object.freeze({})

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under a name, or an empty one. */
export function fieldsAt(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isFields(value) && Object.hasOwn(fields, name) ? value : NO_FIELDS
}
