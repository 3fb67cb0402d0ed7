// The body of a tracking request to messages: batch-level fields merged under each item, the request's context added.
// Invariant: a message over its limit, or one that cannot be written down, becomes a refusal in its place.

import {
  rejected,
  withRequestContext,
  type Envelope,
  type Extraction,
} from '../../../core/index.ts'
import { fieldsAt, isFields, type EventType, type Fields } from '../../../core/event/event.ts'
import type { RequestContext } from '../../../core/event/request-context.ts'
import { isLongerThan } from '../../../core/event/text-bytes.ts'
import { understand, type Incoming } from '../../../flows/ingest.ts'
import type { MessageRecord } from '../../../ports/event-log.ts'
import type { PostedBody } from './posted-body.ts'
import type { RefusalReason } from './wire.ts'

export interface Tracking {
  /** Type that the path says; null for a batch, whose items say it. */
  readonly type: EventType | null
  readonly envelope: Envelope
  readonly request: RequestContext
  /** One message rather than a batch. */
  readonly single: boolean
  /** Who a message without an id of its own is from. */
  readonly visitor?: string
}

/** A message, or a whole body, that was refused. */
export interface Refused {
  readonly reason: string
  readonly detail: string
  readonly raw: string | undefined
}

/** A message to be taken, or why it cannot be; kept all the same. */
export type ReadMessage = MessageRecord | Refused

/** The messages of a body, in order; or why none of it is taken. */
export function readMessages(
  extraction: Extraction,
  { wire, fields, refusal }: PostedBody,
  tracking: Tracking,
): readonly ReadMessage[] | RefusalReason {
  if (refusal !== null || fields === null) return refusal ?? 'not_json'
  const { messageBytesMax, batchMessagesMax } = wire.limits(extraction.settings.limits)
  const read = (item: unknown, batch: Fields): ReadMessage => {
    const message = isFields(item) ? completed(item, tracking, batch) : item
    const { envelope } = tracking
    const raw = writtenDown(message, item, messageBytesMax)
    return typeof raw === 'string' ? readMessage(extraction, { raw, message, envelope }) : raw
  }
  if (tracking.single) return [read(messageOf(fields, tracking), {})]
  const batch = fields['batch']
  if (!Array.isArray(batch)) return 'no_batch'
  return batch.length > batchMessagesMax ? 'too_many' : batch.map((item) => read(item, fields))
}

/** The message of a path that takes one. */
function messageOf(body: Fields, { type }: Tracking): Fields {
  const { writeKey: _, ...message } = body
  return type === null ? message : { ...message, type }
}

function readMessage(extraction: Extraction, incoming: Incoming): ReadMessage {
  const understood = understand(extraction, incoming)
  if ('kind' in understood) return understood
  const { reason, detail } = understood
  return { reason, detail, raw: incoming.raw }
}

/** The message as text; or why it is none. What was added to it does not count against its length. */
function writtenDown(message: unknown, item: unknown, bytesMax: number): string | Refused {
  let raw: string | undefined
  try {
    raw = JSON.stringify(message)
    if (isLongerThan(raw, bytesMax) && isLongerThan(JSON.stringify(item), bytesMax)) {
      return { ...rejected('too_large', `a message has at most ${bytesMax} bytes`), raw }
    }
    return raw
  } catch {
    return { ...rejected('too_deep', 'nested too deep to be written down'), raw }
  }
}

function completed(item: Fields, { envelope, request, visitor }: Tracking, batch: Fields): Fields {
  const { context, integrations, sentAt } = batch
  const message: Fields = {
    ...(visitor !== undefined && { anonymousId: visitor }),
    ...item,
    ...(sentAt !== undefined && item['sentAt'] === undefined && { sentAt }),
    ...(isFields(context) && { context: { ...context, ...fieldsAt(item, 'context') } }),
    ...(isFields(integrations) && {
      integrations: { ...integrations, ...fieldsAt(item, 'integrations') },
    }),
  }
  return envelope.historical ? message : withRequestContext(message, request)
}
