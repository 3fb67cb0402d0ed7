// The body of a tracking request to messages: batch-level fields merged under each item, the request's context added.
// Invariant: a message over its limit, or one that cannot be written down, becomes a refusal in its place.

import { rejected, withRequestContext, type Envelope, type Rejection } from '../../../core/index.ts'
import { fieldsAt, isFields, type EventType, type Fields } from '../../../core/event/event.ts'
import type { RequestContext } from '../../../core/event/request-context.ts'
import type { Incoming } from '../../../flows/ingest.ts'

export interface Tracking {
  /** Type that the path says; null for a batch, whose items say it. */
  readonly type: EventType | null
  readonly envelope: Envelope
  readonly request: RequestContext
  readonly messageBytesMax: number
  /** Who a message without an id of its own is from. */
  readonly visitor?: string
}

/** A message to be taken, or why it cannot be; kept all the same. */
export type Tracked =
  | Incoming
  | (Pick<Rejection, 'reason' | 'detail'> & { readonly raw: string | undefined })

/** The message of a path that takes one. */
export function singleMessage(body: Fields, tracking: Tracking): Tracked {
  const { writeKey: _, ...message } = body
  return trackedOf(
    tracking.type === null ? message : { ...message, type: tracking.type },
    tracking,
    {},
  )
}

/** The messages of a batch, in order; null when the body holds none. */
export function batchedMessages(body: Fields, tracking: Tracking): readonly Tracked[] | null {
  const batch = body['batch']
  return Array.isArray(batch) ? batch.map((item) => trackedOf(item, tracking, body)) : null
}

function trackedOf(item: unknown, tracking: Tracking, batch: Fields): Tracked {
  const { envelope, messageBytesMax } = tracking
  const message = isFields(item) ? completed(item, tracking, batch) : item
  let raw: string | undefined
  try {
    raw = JSON.stringify(message)
    if (isTooLarge(raw, messageBytesMax) && isTooLarge(JSON.stringify(item), messageBytesMax)) {
      return { ...rejected('too_large', `a message has at most ${messageBytesMax} bytes`), raw }
    }
  } catch {
    return { ...rejected('too_deep', 'nested too deep to be written down'), raw }
  }
  return { raw, message, envelope }
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

const encoder = new TextEncoder()

function isTooLarge(text: string, bytesMax: number): boolean {
  // At most three bytes a code unit: short texts need not be encoded to be counted.
  return text.length * 3 > bytesMax && encoder.encode(text).length > bytesMax
}
