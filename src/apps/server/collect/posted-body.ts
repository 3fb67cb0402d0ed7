// The body of a tracking request: read within its limit, parsed, and told by which protocol its sender speaks.

import type { Context } from 'hono'

import { isFields, type Fields } from '../../../core/event/event.ts'
import { isFromRudderstack } from '../../../core/event/request-context.ts'
import type { Env, ServerParts } from '../parts.ts'
import { readBody } from './request-body.ts'
import { rudderstackWire, type RefusalReason, segmentWire, type Wire } from './wire.ts'
import { jsonOf } from '../../json-text.ts'

export interface PostedBody {
  readonly wire: Wire
  /** Null when there is no object to be read. */
  readonly fields: Fields | null
  readonly text: string | undefined
  /** Why it cannot be taken as a whole. */
  readonly refusal: RefusalReason | null
}

/**
 * @param wire null: the path is used by several protocols, and the request itself tells which
 * @param isFull whether too much waits by now: to read what was sent would only make those wait longer who were taken
 */
export async function readPosted(
  parts: ServerParts,
  c: Context<Env>,
  wire: Wire | null,
  isFull: () => boolean,
): Promise<PostedBody> {
  const { limits } = parts.settings
  const first = wire ?? wireOfHeaders(c)
  const bytesMax = Math.max(
    ...[first, wire === null ? rudderstackWire : first].map((one) => one.bodyBytesMax(limits)),
  )
  const read = await readBody(parts, c, bytesMax)
  if (!read.ok) return { wire: first, fields: null, text: undefined, refusal: read.reason }
  await parts.turns.next()
  if (isFull()) return { wire: first, fields: null, text: undefined, refusal: 'overloaded' }
  const text = new TextDecoder().decode(read.bytes)
  const fields = jsonOf(text)
  if (!isFields(fields)) return { wire: first, fields: null, text, refusal: 'not_json' }
  const told = wire === null && speaksRudderstack(fields) ? rudderstackWire : first
  const tooLarge = read.bytes.length > told.bodyBytesMax(limits)
  return { wire: told, fields, text, refusal: tooLarge ? 'too_large' : null }
}

/** RudderStack's browser client names the visitor in a header, for sticky routing. */
export function wireOfHeaders(c: Context<Env>): Wire {
  return c.req.header('anonymousid') === undefined ? segmentWire : rudderstackWire
}

/** RudderStack's other clients are told by the name of their library only. */
function speaksRudderstack(fields: Fields): boolean {
  const batch: unknown = fields['batch']
  const first: unknown = Array.isArray(batch) ? batch[0] : fields
  return isFields(first) && isFromRudderstack(first)
}
