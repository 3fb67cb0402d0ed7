// Contacts mode `hash`: e-mails and phones of a message are replaced by marks before anything is written.
// Invariant: the redacted message gives the fact the plain one would give, but for a name that held an address.

import { isFields, type Fields } from '../event/event.ts'
import { NESTING_MAX } from '../policy/canonical-json.ts'
import { foldName } from '../policy/defaults.ts'
import { readMark, REDACTED } from './contact-mark.ts'
import type { Extraction } from './extraction.ts'
import { emailMark, hideContacts, phoneMark } from './id-text.ts'

/** Fields in which a number without "+" is somebody's phone. */
const PHONE_FIELD = /phone|mobile|msisdn|whatsapp|^(?:tel|cell|fax)(?:[_-]?(?:no|nr|number))?$/i
const PHONE_LIKE = /^[+\d\s()./-]{7,}$/

/**
 * The message without plain contacts, as a new value: every e-mail in any text or key (also within a text or a URL),
 * every text that is a phone with "+", and what phone fields hold. What is nested deeper than 64 is left out.
 */
export function redactContacts(extraction: Extraction, raw: unknown): unknown {
  return redacted(extraction, raw, '', NESTING_MAX)
}

function redacted(extraction: Extraction, value: unknown, name: string, depthMax: number): unknown {
  if (typeof value === 'string') return redactedText(extraction, value, name)
  if (typeof value === 'number') return redactedNumber(extraction, value, name)
  if (typeof value !== 'object' || value === null) return value
  if (depthMax === 0) return null
  if (!isFields(value)) {
    return Array.isArray(value)
      ? value.map((item) => redacted(extraction, item, name, depthMax - 1))
      : null
  }
  // fromEntries defines properties, so a key `__proto__` stays a key
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      hideContacts(extraction, key),
      redacted(extraction, item, key === 'id' ? idName(extraction, value) : key, depthMax - 1),
    ]),
  )
}

/** Of an external id `{type: "phone", id}` the id is read as a phone field would be. */
function idName(extraction: Extraction, entry: Fields): string {
  const { contactFields } = extraction.settings
  const type = typeof entry['type'] === 'string' ? foldName(entry['type']) : ''
  if (type !== 'email' && type !== 'phone') return 'id'
  return contactFields[type][0] ?? 'id'
}

function redactedText(extraction: Extraction, text: string, name: string): string {
  const { contactFields, phone } = extraction.settings
  if (readMark(text) !== null) return text
  if (contactFields.email.includes(name)) {
    return (
      emailMark(extraction, text) ?? (hideContacts(extraction, text) === text ? text : REDACTED)
    )
  }
  if (contactFields.phone.includes(name) || PHONE_FIELD.test(name)) {
    const mark = phoneMark(extraction, text, phone.defaultRegion)
    if (mark !== null) return mark
    if (PHONE_LIKE.test(text)) return REDACTED
    if (contactFields.phone.includes(name)) {
      return hideContacts(extraction, text) === text ? text : REDACTED
    }
  }
  return hideContacts(extraction, text)
}

function redactedNumber(extraction: Extraction, value: number, name: string): number | string {
  if (!extraction.settings.contactFields.phone.includes(name) && !PHONE_FIELD.test(name))
    return value
  const text = redactedText(extraction, String(value), name)
  return text === String(value) ? value : text
}
