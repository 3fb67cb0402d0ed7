// The tracking paths: a request's messages into the log. 200 means durable.
// Invariant: a bad message costs neither its batch nor a retry: it is kept with its reason, and the answer is the same.

import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'

import { EVENT_TYPES, isFields, type EventType } from '../../core/event/event.ts'
import { understand, type Incoming } from '../../flows/ingest.ts'
import { importLines, isLines } from './import-lines.ts'
import { answersTo, inPlace } from './message-answers.ts'
import type { Connection, ServerParts } from './parts.ts'
import { problem } from './problem.ts'
import { keepRefused, refuseBody } from './refusals.ts'
import { readBody } from './request-body.ts'
import { batchedMessages, singleMessage, type Tracked, type Tracking } from './tracked-messages.ts'
import { siteOfWriteKey, writeKeyOf } from './write-key.ts'

type Env = { Bindings: Connection }

/** Path below /v1 -> the type of its message; null for a batch. The browser's paths are the first letters. */
const PATHS = new Map<string, EventType | null>([
  ...EVENT_TYPES.flatMap((type) => [[type, type] as const, [type.slice(0, 1), type] as const]),
  ['batch', null],
  ['b', null],
  ['import', null],
])

/** What clients of the field send, beside what any request may. */
const HEADERS = ['authorization', 'content-type', 'content-encoding', 'prefer', 'x-retry-count']
const PREFLIGHT_SECONDS = 86_400

export function collectRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  const allow = { allowHeaders: HEADERS, allowMethods: ['POST', 'GET'], maxAge: PREFLIGHT_SECONDS }
  const open = cors({ origin: '*', ...allow })
  for (const [path, type] of PATHS) {
    routes.use(`/${path}`, open)
    routes.post(`/${path}`, (c) => collect(parts, c, path, type))
  }
  routes.use('/projects/:writeKey/settings', open)
  routes.get('/projects/:writeKey/settings', (c) => {
    c.header('cache-control', `public, max-age=${PREFLIGHT_SECONDS}`)
    return c.json(settingsDocument(c.req.param('writeKey')))
  })
  return routes
}

/** What a browser client must read before it starts. */
function settingsDocument(apiKey: string) {
  const versionSettings = { version: '4.4.7', componentTypes: ['browser'] }
  const enabled = { __default: { enabled: true } }
  return {
    integrations: { 'Segment.io': { apiKey, versionSettings } },
    plan: { track: enabled, identify: enabled, group: enabled },
    analyticsNextEnabled: true,
  }
}

async function collect(
  parts: ServerParts,
  c: Context<Env>,
  path: string,
  type: EventType | null,
): Promise<Response> {
  if (path === 'import' && isLines(c.req.header('content-type'))) {
    return importLines(parts, c.req.raw)
  }
  const { settings } = parts.account.extraction
  const { bodyBytesMax, batchMessagesMax, messageBytesMax } = settings.limits.segment
  const read = await readBody(c.req.raw, bodyBytesMax)
  if (!read.ok) return refuseBody(parts, path, read.reason)
  const text = new TextDecoder().decode(read.bytes)
  const body = jsonOf(text)
  if (!isFields(body)) return refuseBody(parts, path, 'not_json', text)
  const writeKey = writeKeyOf(c.req.header('authorization'), body['writeKey'])
  if (writeKey === null) return noWriteKey()
  const envelope = {
    receivedAt: parts.now(),
    historical: path === 'import',
    site: siteOfWriteKey(settings, writeKey),
  }
  const tracking: Tracking = { type, envelope, request: requestContext(c), messageBytesMax }
  const messages = type === null ? batchedMessages(body, tracking) : [singleMessage(body, tracking)]
  if (messages === null) return refuseBody(parts, path, 'no_batch', text)
  if (messages.length > batchMessagesMax) return refuseBody(parts, path, 'too_many', text)
  return take(parts, c, path, messages)
}

function noWriteKey(): Response {
  const detail =
    'Send the write key as the user of Basic authorization, or as writeKey in the body.'
  const headers = { 'www-authenticate': 'Basic realm="write key"' }
  return problem({ status: 401, title: 'no write key', detail, headers })
}

function requestContext(c: Context<Env>): Tracking['request'] {
  const ip = c.env.remoteAddress
  const userAgent = c.req.header('user-agent')
  return { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) }
}

async function take(
  parts: ServerParts,
  c: Context<Env>,
  path: string,
  tracked: readonly Tracked[],
): Promise<Response> {
  const messages = tracked.filter((one): one is Incoming => !('reason' in one))
  const { outcomes, resolved } = await parts.intake.take(
    messages.map((one) => understand(parts.account.extraction, one)),
  )
  const answered = inPlace(tracked, outcomes)
  const refused = answered.filter((one) => 'reason' in one)
  if (refused.length > 0) await keepRefused(parts, path, refused)
  if (!wantsProfiles(c)) return c.json({ success: true })
  await resolved
  return c.json({ success: true, messages: await answersTo(parts.account, answered) })
}

/** `?resolve=sync`, or the header `Prefer: wait`. */
function wantsProfiles(c: Context<Env>): boolean {
  return c.req.query('resolve') === 'sync' || /(^|,)\s*wait\b/i.test(c.req.header('prefer') ?? '')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
