// Messages into the log and the graph: understand, append, and once durable, resolve.
// Invariant: an outcome is given only when the message is durable, and no message is ever lost to another one's fault.

import { EXTRACTION_VERSION } from '../core/edge/fact.ts'
import { factOf } from '../core/edge/fact-of.ts'
import type { Envelope } from '../core/event/event.ts'
import { parseEvent, type RejectionReason } from '../core/event/parse-event.ts'
import { isLongerThan } from '../core/event/text-bytes.ts'
import type { Extraction } from '../core/identifier/extraction.ts'
import { redactContacts } from '../core/identifier/redact-contacts.ts'
import { MESSAGE_BYTES_MOST } from '../core/policy/settings-parts.ts'
import type { EventLog, MessageRecord, Position } from '../ports/event-log.ts'
import type { ResolvableRecord } from './apply-records.ts'
import type { Resolver } from './resolver.ts'

/** A message as it came: its text, and what `JSON.parse` made of it. */
export interface Incoming {
  readonly raw: string
  readonly message: unknown
  readonly envelope: Envelope
}

/** A message that goes nowhere but among the rejects. */
export interface Rejected {
  readonly status: 'rejected'
  /** `unreadable`: it broke what reads it, a bug of ours; it is kept to be looked at and costs no other message. */
  readonly reason: RejectionReason | 'unreadable'
  readonly detail: string
}

/** A message read: what goes to the log, or why it does not. */
export type Understood = MessageRecord | Rejected

export type Outcome =
  | { readonly status: 'accepted'; readonly id: string; readonly position: Position }
  /** The log has a message of this id already; it counts once. */
  | { readonly status: 'duplicate'; readonly id: string }
  | Rejected

export interface Ingested {
  /** One for each message, in order. Durable. */
  readonly outcomes: readonly Outcome[]
  /** Settles when the profiles take the messages into account. */
  readonly resolved: Promise<void>
}

export interface IngestParts {
  readonly log: EventLog
  readonly resolver: Resolver
}

const TOO_LARGE: Rejected = {
  status: 'rejected',
  reason: 'too_large',
  detail: `with what was added to it a message has at most ${MESSAGE_BYTES_MOST} bytes`,
}

/** Reads one message. Never throws; the parsed message is not needed any more afterwards. */
export function understand(extraction: Extraction, incoming: Incoming): Understood {
  try {
    return recordOf(extraction, incoming)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.name : 'an unknown failure'
    return { status: 'rejected', reason: 'unreadable', detail }
  }
}

function recordOf(extraction: Extraction, incoming: Incoming): Understood {
  const hashed = extraction.settings.contacts === 'hash'
  const message = hashed ? redactContacts(extraction, incoming.message) : incoming.message
  const parsed = parseEvent(message, incoming.envelope, extraction.digest)
  if (!parsed.ok) return { status: 'rejected', reason: parsed.reason, detail: parsed.detail }
  const { fact } = factOf(parsed.event, extraction)
  const raw = hashed ? JSON.stringify(message) : incoming.raw
  // The log takes no longer record, and would refuse all that is to be written with it.
  if (isLongerThan(raw, MESSAGE_BYTES_MOST)) return TOO_LARGE
  return { kind: 'message', fact, extractionVersion: EXTRACTION_VERSION, raw }
}

/** @throws {StoreError} when the log cannot be written; then no message of the call is acknowledged. */
export async function ingest(
  { log, resolver }: IngestParts,
  messages: readonly Understood[],
): Promise<Ingested> {
  const records = messages.filter((one): one is MessageRecord => 'kind' in one)
  const positions = records.length === 0 ? [] : await log.append(records)
  const stored: ResolvableRecord[] = []
  let next = 0
  const outcomes = messages.map((one): Outcome => {
    if (!('kind' in one)) return one
    const position = positions[next] ?? null
    next++
    const { id } = one.fact
    if (position === null) return { status: 'duplicate', id }
    stored.push({ kind: 'message', fact: one.fact, position })
    return { status: 'accepted', id, position }
  })
  return { outcomes, resolved: resolver.apply(stored) }
}
