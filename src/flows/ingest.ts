// Messages into the log and the graph: understand, append, and once durable, resolve.
// Invariant: an outcome is given only when the message is durable, and no message is ever lost to another one's fault.

import { EXTRACTION_VERSION } from '../core/edge/fact.ts'
import { factOf } from '../core/edge/fact-of.ts'
import type { Envelope } from '../core/event/event.ts'
import { parseEvent, type RejectionReason } from '../core/event/parse-event.ts'
import type { Extraction } from '../core/identifier/extraction.ts'
import { redactContacts } from '../core/identifier/redact-contacts.ts'
import type { EventLog, MessageRecord, Position, StoredRecord } from '../ports/event-log.ts'
import type { Resolver } from './resolve-events.ts'

/** A message as it came: its text, and what `JSON.parse` made of it. */
export interface Incoming {
  readonly raw: string
  readonly message: unknown
  readonly envelope: Envelope
}

export type Outcome =
  | { readonly status: 'accepted'; readonly id: string; readonly position: Position }
  /** The log has a message of this id already; it counts once. */
  | { readonly status: 'duplicate'; readonly id: string }
  | { readonly status: 'rejected'; readonly reason: RejectionReason; readonly detail: string }

export interface Ingested {
  /** One for each message, in order. Durable. */
  readonly outcomes: readonly Outcome[]
  /** Settles when the profiles take the messages into account. */
  readonly resolved: Promise<void>
}

export interface IngestParts {
  readonly log: EventLog
  readonly resolver: Resolver
  readonly extraction: Extraction
}

/** @throws {StoreError} when the log cannot be written; then no message of the call is acknowledged. */
export async function ingest(parts: IngestParts, messages: readonly Incoming[]): Promise<Ingested> {
  const outcomes: Outcome[] = []
  const records: MessageRecord[] = []
  const places: number[] = []
  for (const incoming of messages) {
    const record = recordOf(parts.extraction, incoming)
    if ('status' in record) outcomes.push(record)
    else {
      places.push(outcomes.push({ status: 'duplicate', id: record.fact.id }) - 1)
      records.push(record)
    }
  }
  const stored = await append(parts.log, records, places, outcomes)
  return { outcomes, resolved: parts.resolver.apply(stored) }
}

function recordOf(
  extraction: Extraction,
  incoming: Incoming,
): MessageRecord | Extract<Outcome, { status: 'rejected' }> {
  const hashed = extraction.settings.contacts === 'hash'
  const message = hashed ? redactContacts(extraction, incoming.message) : incoming.message
  const parsed = parseEvent(message, incoming.envelope, extraction.digest)
  if (!parsed.ok) return { status: 'rejected', reason: parsed.reason, detail: parsed.detail }
  const { fact } = factOf(parsed.event, extraction)
  const raw = hashed ? JSON.stringify(message) : incoming.raw
  return { kind: 'message', fact, extractionVersion: EXTRACTION_VERSION, raw }
}

async function append(
  log: EventLog,
  records: readonly MessageRecord[],
  places: readonly number[],
  outcomes: Outcome[],
): Promise<StoredRecord[]> {
  if (records.length === 0) return []
  const positions = await log.append(records)
  const stored: StoredRecord[] = []
  records.forEach((record, i) => {
    const [position, place] = [positions[i], places[i]]
    if (position === null || position === undefined || place === undefined) return
    outcomes[place] = { status: 'accepted', id: record.fact.id, position }
    stored.push({ ...record, position })
  })
  return stored
}
