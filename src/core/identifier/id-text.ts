// The normal text of an id. Addresses in it are replaced by their marks, so the graph holds no plain contact.
// Invariant: an id and the same id with its contacts redacted have one normal text.

import { readMark, REDACTED, writeMark } from './contact-mark.ts'
import { isRoleMailbox, normalEmail } from './email.ts'
import type { Extraction } from './extraction.ts'
import { isJunkEmail, isJunkPhone } from './junk.ts'
import { normalPhone } from './phone.ts'

/** Trimmed, without the quotes and encoded quotes some SDKs leave around a stored id, contacts as marks. */
export function idText(extraction: Extraction, raw: string): string {
  const text = hideContacts(extraction, unquoted(raw))
  const mark = readMark(text)
  return mark === null ? text : writeMark({ hash: mark.hash, kind: 'contact' })
}

/** A text without the quotes around it. */
export function unquoted(raw: string): string {
  const text = raw.trim()
  const first = text.charCodeAt(0)
  if (first !== 34 && first !== 39 && first !== 37) return text
  return text.replace(/^(?:%22(.*)%22|"(.*)"|'(.*)')$/s, '$1$2$3').trim()
}

const AT = /@|%40|\uFF20/
const MAY_HOLD_CONTACT = /@|%40|\uFF20|^\s*(?:%22|["'])?\s*[+\uFF0B]/

/** A text with every e-mail in it, and a whole text that is a phone with "+", replaced by marks. */
export function hideContacts(extraction: Extraction, text: string): string {
  if (!MAY_HOLD_CONTACT.test(text)) return text
  return holdsAt(text)
    ? (emailMark(extraction, text) ?? hideEmails(extraction, text))
    : (phoneMark(extraction, unquoted(text), null) ?? text)
}

/** Whether there is an "@" in the text, plain or as URLs and wide scripts write it. */
export function holdsAt(text: string): boolean {
  return AT.test(text)
}

/** The mark of a text that is an e-mail address; `REDACTED` for a placeholder; null for any other text. */
export function emailMark(extraction: Extraction, text: string): string | null {
  const normal = normalEmail(text)
  if (normal === null) return null
  if (isJunkEmail(extraction, normal)) return REDACTED
  const kind = isRoleMailbox(extraction, normal) ? 'role' : 'contact'
  return writeMark({ hash: extraction.digest(normal), kind })
}

/** The mark of a text that is a phone number; `REDACTED` for a placeholder; null for any other text. */
export function phoneMark(
  extraction: Extraction,
  text: string,
  region: string | null,
): string | null {
  const normal = normalPhone(text, region)
  if (normal === null) return null
  if (isJunkPhone(extraction, normal)) return REDACTED
  return writeMark({ hash: extraction.digest(normal), kind: 'phone' })
}

const EMAIL_START = /[\p{L}\p{N}._+'-]{1,64}$/u
const EMAIL_REST = /^[\p{L}\p{N}.-]{1,255}/u

const DOMAIN_ATTEMPTS_MAX = 4

// From each "@" outwards rather than by one pattern from every start, so that hostile text costs no more than its length.
function hideEmails(extraction: Extraction, text: string): string {
  let hidden = ''
  let done = 0
  for (const match of text.matchAll(/@|%40|\uFF20/g)) {
    if (match.index < done) continue
    const [start = ''] =
      EMAIL_START.exec(text.slice(Math.max(done, match.index - 64), match.index)) ?? []
    const after = match.index + match[0].length
    const [rest = ''] = EMAIL_REST.exec(text.slice(after, after + 255)) ?? []
    const found = start === '' ? null : longestEmail(extraction, start, rest)
    if (found === null) continue
    hidden += text.slice(done, match.index - start.length) + found.mark
    done = after + found.domain.length
  }
  return hidden + text.slice(done)
}

/** The longest domain at the start of `rest` that makes an address: a sentence may go on right behind it. */
function longestEmail(
  extraction: Extraction,
  local: string,
  rest: string,
): { readonly domain: string; readonly mark: string } | null {
  let domain = rest.replace(/[.-]+$/, '')
  for (let attempt = 0; attempt < DOMAIN_ATTEMPTS_MAX && domain !== ''; attempt++) {
    const mark = emailMark(extraction, `${local}@${domain}`)
    if (mark !== null) return { domain, mark }
    domain = domain.replace(/[.-]*[^.-]*$/, '')
  }
  return null
}
