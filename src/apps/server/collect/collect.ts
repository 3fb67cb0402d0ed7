// One way into the log for every tracking protocol: who sends, how much, what; then durable, then the answer.
// Invariant: a bad message costs neither its batch nor a retry: it is kept with its reason, and the answer is the same.

import type { Context } from 'hono'

import type { EventType, Fields } from '../../../core/event/event.ts'
import { siteRuleOf } from '../../../core/index.ts'
import type { Sender } from '../../access/access.ts'
import { mayPageSend } from '../who/cross-origin.ts'
import type { Env, ServedAccount, ServerParts } from '../parts.ts'
import type { ReadBody } from './body-reader.ts'
import { answersTo, inPlace } from './message-answers.ts'
import { bodyOf, type Bytes, type Speaking } from './posted-body.ts'
import { keepRefused, type Origin } from './refusals.ts'
import { receivePosted, speakingOf } from './request-body.ts'
import { readMessages, type ReadMessage, type Tracking } from './tracked-messages.ts'
import { REFUSALS, WIRES, type RefusalReason, type Wire } from './wire.ts'
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
  const speaking = speakingOf(c, path.wire)
  const refuse = (reason: RefusalReason): Response => refused(parts, WIRES[speaking.wire], reason)
  if (typeof early === 'string') return refuse(early)
  if (isFullFor(parts, early)) return refuse('overloaded')
  const posted = read.fields ?? (await receivePosted(parts, c, speaking))
  await parts.turns.next()
  // To read it would only make those wait longer who were taken.
  if (isFullFor(parts, early)) return refuse('overloaded')
  const posting: Posting = { parts, c, path, speaking, visitorOf: read.visitorOf }
  const isLarge = read.visitorOf === undefined && early?.served.reader.wants(posted) === true
  return isLarge ? readBeside(posting, early, posted) : readHere(posting, early, posted)
}

type Sending = Sender & { readonly served: ServedAccount }

interface Posting {
  readonly parts: ServerParts
  readonly c: Context<Env>
  readonly path: Path
  readonly speaking: Speaking
  readonly visitorOf: Read['visitorOf']
}

async function readBeside(posting: Posting, sending: Sending, bytes: Bytes): Promise<Response> {
  const tracking = trackingOf(posting, sending)
  const body = await sending.served.reader.read(bytes, posting.speaking, tracking)
  return takeBody(posting, { sending, origin: tracking.envelope, ...body })
}

async function readHere(
  posting: Posting,
  early: Sending | null,
  posted: Bytes | Fields | RefusalReason,
): Promise<Response> {
  const { parts, c, speaking, visitorOf } = posting
  const body = bodyOf(posted, speaking, parts.settings.limits)
  const { fields, refusal, wire } = body
  const sending = early ?? (await sendingOf(parts, c, writeKeyIn(fields?.['writeKey'])))
  // Where the key should have been in the body, a body that cannot be read is the first thing to say.
  if (typeof sending === 'string') return refused(parts, wire, refusal ?? sending)
  const tracking = trackingOf(posting, sending, visitorOf?.(fields ?? {}))
  const messages = readMessages(sending.served.extraction, body, tracking)
  return takeBody(posting, { sending, origin: tracking.envelope, ...body, messages })
}

/** Who says only in the body who they are is refused before it is read where nobody's messages are taken. */
function isFullFor({ accounts }: ServerParts, sending: Sending | null): boolean {
  const some = sending === null ? [...accounts.values()] : [sending.served]
  return some.length > 0 && some.every(({ intake, reader }) => intake.isFull || reader.isFull)
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

function trackingOf(
  { parts, c, path: { type, single, historical } }: Posting,
  { site }: Sender,
  visitor?: string,
): Tracking & { readonly envelope: Origin } {
  const ip = c.env.remoteAddress
  const userAgent = c.req.header('user-agent')
  return {
    type,
    single,
    envelope: { source: c.req.path, site, historical, receivedAt: parts.now() },
    request: { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) },
    ...(visitor !== undefined && { visitor }),
  }
}

interface Taking extends ReadBody {
  readonly sending: Sending
  readonly origin: Origin
}

async function takeBody(posting: Posting, taking: Taking): Promise<Response> {
  const { sending, origin, messages, text, wire } = taking
  const { parts } = posting
  // Who sends will send it again, or has left for good; there is nothing of it to be looked at.
  if (messages === 'cut_off' || messages === 'overloaded') return refused(parts, wire, messages)
  if (typeof messages === 'string') {
    const [, detail] = REFUSALS[messages]
    await keepRefused(sending.served, origin, [{ reason: messages, detail, raw: text }])
    return refused(parts, wire, messages)
  }
  const wait = parts.sendingRate.take(sending.keyId, messages.length, parts.now())
  if (wait > 0) return refused(parts, wire, 'too_fast', wait)
  if (sending.served.intake.isFull) return refused(parts, wire, 'overloaded')
  return takeMessages(posting, { ...taking, messages })
}

async function takeMessages(
  { parts: { metrics }, c }: Posting,
  { sending: { served }, origin, messages, wire }: Taking & { messages: readonly ReadMessage[] },
): Promise<Response> {
  const { outcomes, resolved } = await served.intake.take(messages.filter((one) => 'kind' in one))
  const answered = inPlace(messages, outcomes)
  const rejects = answered.filter((one) => 'reason' in one)
  await keepRefused(served, origin, rejects)
  for (const one of answered) {
    metrics.messages.inc({ outcome: 'reason' in one ? 'rejected' : one.status })
  }
  if (!wantsProfiles(c)) return wire.taken(null)
  await resolved
  return wire.taken(await answersTo(served, answered))
}

/** `?resolve=sync`, or the header `Prefer: wait`. */
function wantsProfiles(c: Context<Env>): boolean {
  return c.req.query('resolve') === 'sync' || /(^|,)\s*wait\b/i.test(c.req.header('prefer') ?? '')
}
