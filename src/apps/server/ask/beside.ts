// What the OpenAPI document says of the paths that are not of the route table: collecting, sessions, operation.
// Bodies of clients are described as loosely as they are taken: what is not understood is kept, not refused.

import { z } from 'zod'

import { EVENT_TYPES } from '../../../core/event/event.ts'
import { ROLES } from '../../../ports/key-store.ts'
import { importAnswer, LINES_TYPE } from '../collect/import-lines.ts'

/** Media type -> what comes in it. */
type Content = Readonly<Record<string, z.ZodType>>

export interface Beside {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly operation: string
  readonly summary: string
  readonly tag: 'collect' | 'ask' | 'operate'
  /** Any of these will do; empty: none is needed. */
  readonly security: readonly ('token' | 'session' | 'writeKey' | 'writeKeyInQuery')[]
  readonly params?: z.ZodObject
  readonly body?: Content
  /** Status of a success and what comes with it. */
  readonly answers: Readonly<Record<string, Content>>
  /** Statuses of failures. */
  readonly problems: readonly string[]
}

const text = z.string()
const anything = z.unknown()
const JSON_TYPE = 'application/json'

const message = z.looseObject({
  messageId: anything.optional(),
  userId: anything.optional(),
  anonymousId: anything.optional(),
  timestamp: anything.optional(),
  traits: anything.optional(),
  properties: anything.optional(),
  context: anything.optional(),
  writeKey: anything.optional().describe('where it is not in Basic authorization'),
})
const batch = z.looseObject({
  batch: z.array(anything),
  sentAt: anything.optional(),
  context: anything.optional().describe('under that of each message'),
  writeKey: anything.optional(),
})

/** `messages` where the request asked for the profiles. */
const collected = z.object({
  success: z.literal(true).optional(),
  messages: z
    .array(
      z.discriminatedUnion('status', [
        z.object({
          status: z.enum(['accepted', 'duplicate']),
          message_id: z.string(),
          profile: z.string().nullable(),
        }),
        z.object({ status: z.literal('rejected'), reason: z.string(), detail: z.string() }),
      ]),
    )
    .optional(),
})

const resolve = z.object({
  resolve: z.enum(['sync']).optional().describe('answer with the profile of each message'),
})

/** RudderStack's clients are answered in words. */
const COLLECTED: Content = { [JSON_TYPE]: collected, 'text/plain': text }
const NOT_COLLECTED = ['400', '401', '403', '413', '429', '503']

type Sent = Pick<Beside, 'path' | 'operation' | 'summary' | 'body'> & Partial<Beside>

const collecting = (sent: Sent): Beside => ({
  method: 'post',
  tag: 'collect',
  security: ['writeKey', 'writeKeyInQuery'],
  params: resolve,
  answers: { '200': COLLECTED },
  problems: NOT_COLLECTED,
  ...sent,
})

const MESSAGE: Content = { [JSON_TYPE]: message, 'text/plain': text }
const BATCH: Content = { [JSON_TYPE]: batch, 'text/plain': text }

const messages: readonly Beside[] = [
  ...EVENT_TYPES.map((type) =>
    collecting({
      path: `/v1/${type}`,
      operation: type,
      summary: `One ${type} message; also at \`/v1/${type.slice(0, 1)}\``,
      body: MESSAGE,
    }),
  ),
  collecting({
    path: '/v1/batch',
    operation: 'batch',
    summary: 'Messages of any type; also at `/v1/b`',
    body: BATCH,
  }),
  collecting({
    path: '/v1/import',
    operation: 'import',
    summary: 'Messages of the past; with a token of role admin also lines of JSON',
    security: ['writeKey', 'writeKeyInQuery', 'token'],
    params: resolve.extend({ site: z.string().optional().describe('of lines that name none') }),
    body: { ...BATCH, [LINES_TYPE]: text },
    answers: { '200': { [JSON_TYPE]: z.union([importAnswer, collected]), 'text/plain': text } },
  }),
  collecting({
    path: '/beacon/v1/batch',
    operation: 'beaconBatch',
    summary: 'Messages of a page that is being left (RudderStack)',
    body: BATCH,
  }),
  collecting({
    path: '/collect',
    operation: 'collect',
    summary: "Messages of a site's own pages; sets the visitor's cookie",
    body: BATCH,
  }),
]

const pixels: readonly Beside[] = (['track', 'page'] as const).map((type) =>
  collecting({
    method: 'get',
    path: `/pixel/v1/${type}`,
    operation: `pixel_${type}`,
    summary: `One ${type} message by an image; \`context.page.url=…\` is a place in it (RudderStack)`,
    params: z.object({ anonymousId: z.string().optional(), event: z.string().optional() }),
    body: {},
    answers: { '200': { 'image/gif': text } },
  }),
)

const starts: readonly Beside[] = [
  {
    method: 'get',
    path: '/v1/projects/{writeKey}/settings',
    operation: 'getSettings',
    summary: "What Segment's browser client starts from",
    tag: 'collect',
    security: [],
    params: z.object({ writeKey: z.string().min(1).max(200) }),
    answers: { '200': { [JSON_TYPE]: z.looseObject({ integrations: z.looseObject({}) }) } },
    problems: ['404', '429', '503'],
  },
  {
    method: 'get',
    path: '/sourceConfig',
    operation: 'getSourceConfig',
    summary: "What RudderStack's browser client starts from",
    tag: 'collect',
    security: ['writeKey', 'writeKeyInQuery'],
    answers: { '200': { [JSON_TYPE]: z.looseObject({ source: z.looseObject({}) }) } },
    problems: ['401', '429', '503'],
  },
  {
    method: 'get',
    path: '/selfsame.js',
    operation: 'getTag',
    summary: 'The tag for pages',
    tag: 'collect',
    security: [],
    answers: { '200': { 'text/javascript': text } },
    problems: ['429'],
  },
]

const session = z.object({
  name: z.string().describe('what the token was made for, by which decisions are signed'),
  account: z.string(),
  role: z.enum(ROLES),
  sites: z.array(z.string()).nullable(),
})

const sessions: readonly Beside[] = [
  {
    method: 'get',
    path: '/v1/session',
    operation: 'getSession',
    summary: 'Who asks',
    tag: 'ask',
    security: ['token', 'session'],
    answers: { '200': { [JSON_TYPE]: session } },
    problems: ['401', '403', '429', '503'],
  },
  {
    method: 'post',
    path: '/v1/session',
    operation: 'openSession',
    summary: 'A cookie for a browser, in exchange for a token',
    tag: 'ask',
    security: [],
    body: { [JSON_TYPE]: z.object({ token: z.string().min(1) }) },
    answers: { '200': { [JSON_TYPE]: session.extend({ expires_at: z.iso.datetime() }) } },
    problems: ['400', '401', '403', '429', '503'],
  },
  {
    method: 'delete',
    path: '/v1/session',
    operation: 'endSession',
    summary: 'Makes the cookie void',
    tag: 'ask',
    security: [],
    answers: { '204': {} },
    problems: ['403', '429', '503'],
  },
]

const streams: readonly Beside[] = [
  {
    method: 'get',
    path: '/v1/stream',
    operation: 'stream',
    summary: 'What happens from now on, or from a place of the feed on, as Server-Sent Events',
    tag: 'ask',
    security: ['token', 'session'],
    params: z.object({
      after: z.string().optional().describe('an id of the stream; "start" for the first event'),
    }),
    answers: { '200': { 'text/event-stream': text } },
    problems: ['400', '401', '403', '429', '503'],
  },
]

const operating: readonly Beside[] = [
  {
    method: 'get',
    path: '/healthz',
    operation: 'isAlive',
    summary: 'Whether the process lives',
    tag: 'operate',
    security: [],
    answers: { '200': { [JSON_TYPE]: z.object({ status: z.literal('ok') }) } },
    problems: [],
  },
  {
    method: 'get',
    path: '/readyz',
    operation: 'isReady',
    summary: 'Whether requests may come',
    tag: 'operate',
    security: [],
    answers: { '200': { [JSON_TYPE]: z.object({ status: z.literal('ready') }) } },
    problems: ['503'],
  },
  {
    method: 'get',
    path: '/metrics',
    operation: 'getMetrics',
    summary: 'What the server counts about itself, for Prometheus',
    tag: 'operate',
    security: ['token', 'session'],
    answers: { '200': { 'text/plain': text } },
    problems: ['401', '403', '429', '503'],
  },
]

export const BESIDE: readonly Beside[] = [
  ...messages,
  ...pixels,
  ...starts,
  ...sessions,
  ...streams,
  ...operating,
]
