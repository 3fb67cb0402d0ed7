// Contacts mode `hash`: e-mails and phones of a message are replaced by marks before anything is written.
// Invariant: the redacted message gives the fact the plain one would give, but for a name that held an address.

import { isFields, type Fields } from '../event/event.ts'
import { NESTING_MAX } from '../policy/canonical-json.ts'
import { foldName } from '../policy/defaults.ts'
import { readMark, REDACTED } from './contact-mark.ts'
import type { Extraction } from './extraction.ts'
import { emailMark, hideContacts, holdsAt, phoneMark } from './id-text.ts'

/** Fields in which a number without "+" is somebody's phone. */
const PHONE_FIELD = /phone|mobile|msisdn|whatsapp|^(?:tel|cell|fax)(?:[_-]?(?:no|nr|number))?$/i
const PHONE_LIKE = /^[+\d\s()./-]{7,}$/

/** What a field's name says of what it holds; `phone_like` fields are not read, but may hold one. */
type FieldKind = 'email' | 'phone' | 'phone_like' | 'other'

/**
 * The message without plain contacts: every e-mail in any text or key (also within a text or a URL), every text that
 * is a phone with "+", and what phone fields hold. What is nested deeper than 64 is left out. The message itself is
 * not changed; the answer shares with it what needed no change.
 */
export function redactContacts(extraction: Extraction, raw: unknown): unknown {
  return redacted(extraction, raw, 'other', NESTING_MAX)
}

function redacted(
  extraction: Extraction,
  value: unknown,
  kind: FieldKind,
  depthMax: number,
): unknown {
  if (typeof value === 'string') return redactedText(extraction, value, kind)
  if (typeof value === 'number') return redactedNumber(extraction, value, kind)
  if (typeof value !== 'object' || value === null) return value
  if (depthMax === 0) return null
  if (Array.isArray(value)) {
    return value.map((item) => redacted(extraction, item, kind, depthMax - 1))
  }
  return isFields(value) ? redactedFields(extraction, value, depthMax) : null
}

function redactedFields(extraction: Extraction, fields: Fields, depthMax: number): Fields {
  const changed = new Map<string, readonly [key: string, value: unknown]>()
  for (const key of Object.keys(fields)) {
    const kind = key === 'id' ? kindOfId(fields) : kindOfField(extraction, key)
    const value = redacted(extraction, fields[key], kind, depthMax - 1)
    const name = hideContacts(extraction, key)
    if (value !== fields[key] || name !== key) changed.set(key, [name, value])
  }
  if (changed.size === 0) return fields
  // fromEntries defines properties, so a key `__proto__` stays a key
  return Object.fromEntries(Object.entries(fields).map((entry) => changed.get(entry[0]) ?? entry))
}

function kindOfField(extraction: Extraction, name: string): FieldKind {
  const { email, phone } = extraction.settings.contactFields
  if (email.includes(name)) return 'email'
  if (phone.includes(name)) return 'phone'
  return PHONE_FIELD.test(name) ? 'phone_like' : 'other'
}

/** Of an external id `{type: "phone", id}` the id is read as a phone field would be. */
function kindOfId(entry: Fields): FieldKind {
  const type = typeof entry['type'] === 'string' ? foldName(entry['type']) : ''
  return type === 'email' || type === 'phone' ? type : 'other'
}

function redactedText(extraction: Extraction, text: string, kind: FieldKind): string {
  if (readMark(text) !== null) return text
  if (kind === 'other') return hideContacts(extraction, text)
  const mark =
    kind === 'email'
      ? emailMark(extraction, text)
      : phoneMark(extraction, text, extraction.settings.phone.defaultRegion)
  if (mark !== null) return mark
  if (kind !== 'email' && PHONE_LIKE.test(text)) return REDACTED
  if (kind === 'phone_like') return hideContacts(extraction, text)
  // A mistyped address is as personal as a right one, and none in the wrong field may be taken for a right one.
  return holdsAt(text) || hideContacts(extraction, text) !== text ? REDACTED : text
}

function redactedNumber(extraction: Extraction, value: number, kind: FieldKind): number | string {
  if (kind !== 'phone' && kind !== 'phone_like') return value
  const text = redactedText(extraction, String(value), kind)
  return text === String(value) ? value : text
}
