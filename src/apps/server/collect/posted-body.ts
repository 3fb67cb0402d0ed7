// The body of a tracking request: parsed, and told by which protocol its sender speaks.

import { isFields, type Fields } from '../../../core/event/event.ts'
import { isFromRudderstack } from '../../../core/event/request-context.ts'
import type { Settings } from '../../../core/index.ts'
import { jsonOf } from '../../json-text.ts'
import { WIRES, type RefusalReason, type Wire } from './wire.ts'

/** How a sender speaks, as far as the request tells before its body is looked at. */
export interface Speaking {
  readonly wire: Wire['name']
  /** Whether that is sure; where several protocols use a path, the body itself tells. */
  readonly isSure: boolean
  /** In small letters; empty when the body is said to be sent as it is. */
  readonly encoding: string
}

export interface PostedBody {
  readonly wire: Wire
  /** Null when there is no object to be read. */
  readonly fields: Fields | null
  readonly text: string | undefined
  /** Why it cannot be taken as a whole. */
  readonly refusal: RefusalReason | null
}

export type Bytes = Uint8Array<ArrayBuffer>

/** What was posted, whatever came of it; `fields` where a path reads them otherwise. */
export function bodyOf(
  posted: Bytes | Fields | RefusalReason,
  speaking: Speaking,
  limits: Settings['limits'],
): PostedBody {
  if (posted instanceof Uint8Array) return parsePosted(posted, speaking, limits)
  const none = { wire: WIRES[speaking.wire], text: undefined }
  if (typeof posted === 'string') return { ...none, fields: null, refusal: posted }
  return { ...none, fields: posted, refusal: null }
}

export function parsePosted(
  bytes: Uint8Array,
  { wire, isSure, encoding }: Speaking,
  limits: Settings['limits'],
): PostedBody {
  const first = WIRES[wire]
  const text = new TextDecoder().decode(bytes)
  const fields = jsonOf(text)
  if (!isFields(fields)) {
    const isLong = bytes.length > first.bodyBytesMax(limits)
    // Nobody can tell whose client it was; what is longer than any is not kept.
    if (isLong) return { wire: first, fields: null, text: undefined, refusal: 'too_large' }
    return { wire: first, fields: null, text, refusal: whyUnreadable(text, encoding) }
  }
  const told = !isSure && speaksRudderstack(fields) ? WIRES.rudderstack : first
  const isTooLarge = bytes.length > told.bodyBytesMax(limits)
  return { wire: told, fields, text, refusal: isTooLarge ? 'too_large' : null }
}

function whyUnreadable(text: string, encoding: string): RefusalReason {
  if (text === '') return 'empty'
  // What is gzip is unpacked whatever it is said to be.
  if (encoding === 'gzip') return 'bad_gzip'
  return encoding === '' || encoding === 'identity' ? 'not_json' : 'bad_encoding'
}

/** RudderStack's other clients are told by the name of their library only. */
function speaksRudderstack(fields: Fields): boolean {
  const batch: unknown = fields['batch']
  const first: unknown = Array.isArray(batch) ? batch[0] : fields
  return isFields(first) && isFromRudderstack(first)
}
