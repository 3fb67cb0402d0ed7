// What the wire protocols of the field differ in: limits, and how each says yes and no.

import type { Settings } from '../../../core/index.ts'
import { problem } from '../problem.ts'

/** Why a request was not taken. */
export const REFUSALS = {
  no_write_key: [401, 'send the write key as the user of Basic authorization, or as writeKey'],
  wrong_write_key: [401, 'there is no such write key, or it was revoked'],
  wrong_origin: [403, 'pages of this origin may not send for this site'],
  too_large: [400, 'the body is larger than a request may be'],
  empty: [400, 'the request has no body'],
  bad_encoding: [400, 'a body is sent as it is, or as gzip'],
  bad_gzip: [400, 'the body says it is gzip, and is not, or not to its end'],
  cut_off: [400, 'the connection ended before the body did'],
  not_json: [400, 'the body is no JSON object'],
  no_batch: [400, 'a batch has its messages in a list named "batch"'],
  too_many: [400, 'the batch has more messages than a batch may have'],
  overloaded: [429, 'more arrives than can be written; send it again'],
  too_fast: [429, 'more than this write key may send; send it again'],
} as const satisfies Record<string, readonly [status: number, detail: string]>

export type RefusalReason = keyof typeof REFUSALS

/** What became of one message, where the request asked for it. */
export type MessageAnswer =
  | {
      readonly status: 'accepted' | 'duplicate'
      readonly message_id: string
      readonly profile: string | null
    }
  | { readonly status: 'rejected'; readonly reason: string; readonly detail: string }

interface Limits {
  readonly messageBytesMax: number
  readonly batchMessagesMax: number
}

export interface Wire {
  readonly name: 'segment' | 'rudderstack'
  readonly bodyBytesMax: (limits: Settings['limits']) => number
  readonly limits: (limits: Settings['limits']) => Limits
  /** `answers` where the request asked for the profiles. */
  readonly taken: (answers: readonly MessageAnswer[] | null) => Response
  readonly refused: (reason: RefusalReason, retryAfterSeconds: number | null) => Response
}

const segmentWire: Wire = {
  name: 'segment',
  bodyBytesMax: ({ segment }) => segment.bodyBytesMax,
  limits: ({ segment }) => segment,
  taken: (messages) => Response.json({ success: true, ...(messages !== null && { messages }) }),
  refused: (reason, retryAfterSeconds) => {
    const [status, detail] = REFUSALS[reason]
    const headers = {
      ...retryAfter(retryAfterSeconds),
      ...(status === 401 && { 'www-authenticate': 'Basic realm="write key"' }),
    }
    return problem({ status, title: 'not taken', detail, reason, headers })
  },
}

/** The words of RudderStack's gateway (rudder-server, gateway/response). */
const RUDDERSTACK: Readonly<Record<RefusalReason, readonly [status: number, text: string]>> = {
  no_write_key: [401, 'failed to read writekey from header'],
  wrong_write_key: [401, 'invalid write key'],
  wrong_origin: [403, 'origin is not allowed'],
  too_large: [413, 'request size exceeds max limit'],
  empty: [400, 'invalid json'],
  bad_encoding: [400, 'invalid json'],
  bad_gzip: [400, 'invalid json'],
  cut_off: [400, 'invalid json'],
  not_json: [400, 'invalid json'],
  no_batch: [400, 'empty batch payload'],
  too_many: [413, 'request size exceeds max limit'],
  overloaded: [429, 'max requests limit reached'],
  too_fast: [429, 'max requests limit reached'],
}

const rudderstackWire: Wire = {
  name: 'rudderstack',
  bodyBytesMax: ({ rudderstack }) => rudderstack.bodyBytesMax,
  limits: ({ rudderstack, segment }) => ({
    messageBytesMax: rudderstack.messageBytesMax,
    batchMessagesMax: segment.batchMessagesMax,
  }),
  taken: (messages) => (messages === null ? text('ok') : Response.json({ messages })),
  refused: (reason, retryAfterSeconds) => {
    const [status, words] = RUDDERSTACK[reason]
    return text(words, status, retryAfter(retryAfterSeconds))
  },
}

export const WIRES: Readonly<Record<Wire['name'], Wire>> = {
  segment: segmentWire,
  rudderstack: rudderstackWire,
}

function text(words: string, status = 200, headers: Record<string, string> = {}): Response {
  const type = { 'content-type': 'text/plain; charset=utf-8' }
  return new Response(words, { status, headers: { ...type, ...headers } })
}

function retryAfter(seconds: number | null): Record<string, string> {
  return seconds === null ? {} : { 'retry-after': String(seconds) }
}
