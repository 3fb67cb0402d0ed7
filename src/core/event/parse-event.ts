// Untrusted JSON to an event, or a rejection with its reason. Written by hand: it runs once a message.
// Invariant: never throws, never copies what it was given, descends into nothing unless it must make an id.

import { canonicalJson } from '../policy/canonical-json.ts'
import type { Digest } from '../policy/digest.ts'
import { eventTime } from './event-time.ts'
import {
  EVENT_TYPES,
  fieldsAt,
  isFields,
  type Envelope,
  type Event,
  type EventType,
  type Fields,
  type Unusable,
} from './event.ts'

const MESSAGE_ID_CHARACTERS_MAX = 100

export type RejectionReason =
  /** Not a JSON object. */
  | 'not_an_object'
  /** `type` is none of the six. */
  | 'unknown_type'
  /** A `track` without an event name. */
  | 'no_event_name'
  /** Neither a userId nor an anonymousId. */
  | 'no_identity'
  /** `messageId` is neither text nor a number. */
  | 'bad_message_id'
  | 'message_id_too_long'
  /** Without a messageId, and nested too deep to make one from the content. */
  | 'too_deep'
  /** Larger than the limit of its path; found by the collector, which has the bytes. */
  | 'too_large'
  /** No JSON at all; found by the collector. */
  | 'not_json'

export interface Rejection {
  readonly ok: false
  readonly reason: RejectionReason
  /** For people: what was found. Holds nothing of the message but names and sizes. */
  readonly detail: string
}

export type ParsedEvent = { readonly ok: true; readonly event: Event } | Rejection

const TYPES: ReadonlyMap<unknown, EventType> = new Map(EVENT_TYPES.map((type) => [type, type]))
const ALL_USABLE: readonly Unusable[] = []

/** The event of one tracking message, batch-level fields already merged into it. */
export function parseEvent(raw: unknown, envelope: Envelope, digest: Digest): ParsedEvent {
  if (!isFields(raw)) return rejected('not_an_object', 'a message is a JSON object')
  const type = TYPES.get(raw['type']) ?? TYPES.get(textOf(raw['type']).toLowerCase())
  if (type === undefined) {
    return rejected('unknown_type', `type is one of ${EVENT_TYPES.join(', ')}`)
  }
  const userId = idOf(raw['userId'])
  const anonymousId = idOf(raw['anonymousId'])
  const previousId = type === 'alias' ? idOf(raw['previousId']) : null
  if (typeof userId !== 'string' && typeof anonymousId !== 'string') {
    return rejected('no_identity', 'neither a userId nor an anonymousId')
  }
  const name = nameOf(raw, type)
  if (name === '' && type === 'track') return rejected('no_event_name', 'a track names its event')
  const id = messageId(raw, envelope.site, digest)
  if (typeof id !== 'string') return id
  const event: Event = {
    id,
    site: envelope.site,
    type,
    name,
    at: eventTime(raw, envelope),
    receivedAt: envelope.receivedAt,
    userId: typeof userId === 'string' ? userId : null,
    anonymousId: typeof anonymousId === 'string' ? anonymousId : null,
    previousId: typeof previousId === 'string' ? previousId : null,
    traits: fieldsAt(raw, 'traits'),
    properties: fieldsAt(raw, 'properties'),
    context: fieldsAt(raw, 'context'),
    unusable: unusableOf(userId, anonymousId, previousId),
  }
  return { ok: true, event }
}

export function rejected(reason: RejectionReason, detail: string): Rejection {
  return { ok: false, reason, detail }
}

type Unread = { readonly unusable: Unusable['reason'] }
const WRONG_TYPE: Unread = { unusable: 'wrong_type' }
// An integer past 2^53 was rounded by the JSON parser: two people's ids may have become one.
const ROUNDED: Unread = { unusable: 'rounded_number' }

/** An id as text; null when it is missing or empty. */
function idOf(value: unknown): string | Unread | null {
  if (typeof value === 'string') return value === '' || value.trim() === '' ? null : value
  if (value === undefined || value === null) return null
  if (typeof value !== 'number') return WRONG_TYPE
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : ROUNDED
}

function unusableOf(
  userId: string | Unread | null,
  anonymousId: string | Unread | null,
  previousId: string | Unread | null,
): readonly Unusable[] {
  if (!isUnread(userId) && !isUnread(anonymousId) && !isUnread(previousId)) return ALL_USABLE
  const ids = [
    ['userId', userId],
    ['anonymousId', anonymousId],
    ['previousId', previousId],
  ] as const
  return ids.flatMap(([field, id]) => (isUnread(id) ? [{ field, reason: id.unusable }] : []))
}

function isUnread(id: string | Unread | null): id is Unread {
  return typeof id === 'object' && id !== null
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function nameOf(raw: Fields, type: EventType): string {
  if (type === 'track') {
    const event = raw['event']
    return typeof event === 'number' ? String(event) : textOf(event).trim()
  }
  return type === 'page' || type === 'screen' ? textOf(raw['name']).trim() : ''
}

function messageId(raw: Fields, site: string, digest: Digest): string | Rejection {
  const id = raw['messageId']
  if (typeof id === 'string' && id.length > MESSAGE_ID_CHARACTERS_MAX) {
    const detail = `a messageId has at most ${MESSAGE_ID_CHARACTERS_MAX} characters, not ${id.length}`
    return rejected('message_id_too_long', detail)
  }
  if (typeof id === 'string' && id.trim() !== '') return id
  if (typeof id === 'number') return String(id)
  if (typeof id !== 'string' && id !== undefined && id !== null) {
    return rejected('bad_message_id', 'a messageId is text')
  }
  return contentId(raw, site, digest)
}

/** What differs between two sendings of one message. */
const SENDING_FIELDS: ReadonlySet<string> = new Set([
  'messageId',
  'sentAt',
  'receivedAt',
  'writeKey',
  '_metadata',
])

/** An id for a message without one: the same content at the same site is the same message. */
function contentId(raw: Fields, site: string, digest: Digest): string | Rejection {
  const content = Object.fromEntries(
    Object.entries(raw).filter(([name]) => !SENDING_FIELDS.has(name)),
  )
  const canonical = canonicalJson(content)
  if (canonical === null)
    return rejected('too_deep', 'nested too deep to make an id of its content')
  return `content:${digest(`${site}\n${canonical}`)}`
}
