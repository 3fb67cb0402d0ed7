// One way into the log for every tracking protocol: who sends, how much, what; then durable, then the answer.
// Invariant: a bad message costs neither its batch nor a retry: it is kept with its reason, and the answer is the same.

import type { Context } from 'hono'

import type { EventType, Fields } from '../../../core/event/event.ts'
import { siteRuleOf } from '../../../core/index.ts'
import { understand } from '../../../flows/ingest.ts'
import type { Sender } from '../../access/access.ts'
import { mayPageSend } from '../who/cross-origin.ts'
import type { Env, ServedAccount, ServerParts } from '../parts.ts'
import { answersTo, inPlace, understoodOf } from './message-answers.ts'
import { readPosted, wireOfHeaders, type PostedBody } from './posted-body.ts'
import { keepRefused, type Origin } from './refusals.ts'
import { batchedMessages, singleMessage, type Tracked, type Tracking } from './tracked-messages.ts'
import { REFUSALS, type RefusalReason, type Wire } from './wire.ts'
import { writeKeyIn, writeKeyOf } from './write-key.ts'

/** What a path says of what is sent to it. */
export interface Path {
  /** Type of the message; null for a batch, whose items say it, and for a message that says its own. */
  readonly type: EventType | null
  /** One message rather than a batch. */
  readonly single: boolean
  /** Loaded rather than live: `timestamp` stands, and the request says nothing of the person. */
  readonly historical: boolean
  /** How it answers; null where several protocols use the path: as the client expects. */
  readonly wire: Wire | null
}

/** What a path reads otherwise than from a body. */
export interface Read {
  readonly fields?: Fields
  /** Who a message without an id of its own is from, by its body. */
  readonly visitorOf?: (body: Fields) => string
}

/** Seconds after which clients come back when everything is full. */
const RETRY_AFTER_SECONDS = 2

export async function collect(
  parts: ServerParts,
  c: Context<Env>,
  path: Path,
  read: Read = {},
): Promise<Response> {
  const said = writeKeyOf(c)
  const early = said === null ? null : await sendingOf(parts, c, said)
  const wire = path.wire ?? wireOfHeaders(c)
  if (typeof early === 'string') return refused(parts, wire, early)
  const isFull = (): boolean => isFullFor(parts, early)
  if (isFull()) return refused(parts, wire, 'overloaded')
  const { limits } = parts.settings
  const body: PostedBody =
    read.fields === undefined
      ? await readPosted(parts, c, path.wire, isFull)
      : { wire, fields: read.fields, text: undefined, refusal: null }
  if (body.refusal === 'overloaded') return refused(parts, body.wire, 'overloaded')
  const sending = early ?? (await sendingOf(parts, c, writeKeyIn(body.fields?.['writeKey'])))
  // Where the key should have been in the body, a body that cannot be read is the first thing to say.
  if (typeof sending === 'string') return refused(parts, body.wire, body.refusal ?? sending)
  const origin = originOf(parts, c, path, sending)
  const messages = messagesOf(body, {
    path,
    batchMessagesMax: body.wire.limits(limits).batchMessagesMax,
    tracking: {
      type: path.type,
      envelope: origin,
      request: requestContext(c),
      messageBytesMax: body.wire.limits(limits).messageBytesMax,
      ...(read.visitorOf !== undefined && { visitor: read.visitorOf(body.fields ?? {}) }),
    },
  })
  // Who sends will send it again, or has left for good; there is nothing of it to be looked at.
  if (messages === 'cut_off') return refused(parts, body.wire, messages)
  if (typeof messages === 'string') {
    const [, detail] = REFUSALS[messages]
    await keepRefused(sending.served, origin, [{ reason: messages, detail, raw: body.text }])
    return refused(parts, body.wire, messages)
  }
  const wait = parts.sendingRate.take(sending.keyId, messages.length, parts.now())
  if (wait > 0) return refused(parts, body.wire, 'too_fast', wait)
  if (sending.served.intake.isFull) return refused(parts, body.wire, 'overloaded')
  return take(parts, c, { sending, origin, messages, wire: body.wire })
}

type Sending = Sender & { readonly served: ServedAccount }

/** Who says only in the body who they are is refused before it is read where nobody's messages are taken. */
function isFullFor({ accounts }: ServerParts, sending: Sending | null): boolean {
  if (sending !== null) return sending.served.intake.isFull
  return accounts.size > 0 && [...accounts.values()].every(({ intake }) => intake.isFull)
}

async function sendingOf(
  { access, accounts, settings }: ServerParts,
  c: Context<Env>,
  writeKey: string | null,
): Promise<Sending | RefusalReason> {
  if (writeKey === null) return 'no_write_key'
  const sender = await access.sender(writeKey)
  const served = accounts.get(sender?.account ?? '')
  if (sender === null || served === undefined) return 'wrong_write_key'
  const origins = siteRuleOf(settings, sender.site)?.origins ?? []
  return mayPageSend(c.req.header('origin'), origins) ? { ...sender, served } : 'wrong_origin'
}

function refused(
  { metrics }: ServerParts,
  wire: Wire,
  reason: RefusalReason,
  waitSeconds = RETRY_AFTER_SECONDS,
): Response {
  metrics.messages.inc({ outcome: reason })
  return wire.refused(reason, REFUSALS[reason][0] === 429 ? waitSeconds : null)
}

function originOf(
  { now }: ServerParts,
  c: Context<Env>,
  { historical }: Path,
  { site }: Sender,
): Origin {
  return { source: c.req.path, site, historical, receivedAt: now() }
}

function requestContext(c: Context<Env>): Tracking['request'] {
  const ip = c.env.remoteAddress
  const userAgent = c.req.header('user-agent')
  return { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) }
}

interface Reading {
  readonly path: Path
  readonly tracking: Tracking
  readonly batchMessagesMax: number
}

function messagesOf(
  { fields, refusal }: PostedBody,
  { path, tracking, batchMessagesMax }: Reading,
): readonly Tracked[] | RefusalReason {
  if (refusal !== null || fields === null) return refusal ?? 'not_json'
  if (path.single) return [singleMessage(fields, tracking)]
  const messages = batchedMessages(fields, tracking)
  if (messages === null) return 'no_batch'
  return messages.length > batchMessagesMax ? 'too_many' : messages
}

interface Taking {
  readonly sending: Sending
  readonly origin: Origin
  readonly messages: readonly Tracked[]
  readonly wire: Wire
}

async function take(
  { metrics }: ServerParts,
  c: Context<Env>,
  { sending: { served }, origin, messages, wire }: Taking,
): Promise<Response> {
  const understood = understoodOf(messages, (one) => understand(served.extraction, one))
  const { outcomes, resolved } = await served.intake.take(understood)
  const answered = inPlace(messages, understood, outcomes)
  const rejects = answered.filter((one) => 'reason' in one)
  await keepRefused(served, origin, rejects)
  for (const one of answered) {
    metrics.messages.inc({ outcome: 'reason' in one ? 'rejected' : one.status })
  }
  if (!wantsProfiles(c)) return wire.taken(null)
  await resolved
  return wire.taken(await answersTo(served.resolver, answered))
}

/** `?resolve=sync`, or the header `Prefer: wait`. */
function wantsProfiles(c: Context<Env>): boolean {
  return c.req.query('resolve') === 'sync' || /(^|,)\s*wait\b/i.test(c.req.header('prefer') ?? '')
}
