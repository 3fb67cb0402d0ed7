// E-mails: one normal form for all spellings of a mailbox. Gmail ignores dots and what follows a plus; nobody else does.
// Invariant: the normal form of a normal form is itself; an identifier carries only its digest.

import type { Extraction, Scope } from './extraction.ts'
import { readMark } from './contact-mark.ts'
import { isJunkEmail, isPlaceholder } from './junk.ts'
import { makeIdentifier, refuse, type Contact } from './made.ts'

const ADDRESS_CHARACTERS_MAX = 254
const LOCAL_CHARACTERS_MAX = 64

const GMAIL: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com'])

const BEYOND_ASCII = /[\u0080-\uffff]/

// Letters of any script, digits, and the marks that mailboxes in use have; not all that RFC 5322 allows.
const LOCAL = /^[\p{L}\p{N}\p{M}._+\-'&=~]+$/u
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/** The normal form of an e-mail address; null when it is none. */
export function normalEmail(text: string): string | null {
  let address = text.trim()
  if (address.length > ADDRESS_CHARACTERS_MAX) return null
  if (BEYOND_ASCII.test(address)) address = address.normalize('NFKC').trim()
  address = address.toLowerCase()
  const at = address.lastIndexOf('@')
  const domain = asciiDomain(address.slice(at + 1))
  const local = mailbox(address.slice(0, Math.max(at, 0)).normalize('NFKC'), domain)
  if (local === '' || local.length > LOCAL_CHARACTERS_MAX || !LOCAL.test(local)) return null
  if (!DOMAIN.test(domain)) return null
  const normal = `${local}@${domain === 'googlemail.com' ? 'gmail.com' : domain}`
  return normal.length > ADDRESS_CHARACTERS_MAX ? null : normal
}

function asciiDomain(domain: string): string {
  if (!BEYOND_ASCII.test(domain)) return domain
  const url = `http://${domain}/`
  return /[/?#:@\\\s]/.test(domain) || !URL.canParse(url) ? '' : new URL(url).hostname
}

function mailbox(local: string, domain: string): string {
  if (!GMAIL.has(domain)) return local
  const plus = local.indexOf('+')
  return (plus < 0 ? local : local.slice(0, plus)).replaceAll('.', '')
}

/** Whether several people read the mailbox (`info@…`). */
export function isRoleMailbox(extraction: Extraction, normal: string): boolean {
  const local = normal.slice(0, normal.lastIndexOf('@'))
  const plus = local.indexOf('+')
  return extraction.roleMailboxes.has(plus < 0 ? local : local.slice(0, plus))
}

/** The e-mail a field of a message holds: an address, or the mark of one that was hashed. */
export function emailOf(extraction: Extraction, scope: Scope, raw: string): Contact {
  let contact = scope.emails.get(raw)
  if (contact === undefined) scope.emails.set(raw, (contact = makeEmail(extraction, scope, raw)))
  return contact
}

function makeEmail(extraction: Extraction, scope: Scope, raw: string): Contact {
  if (isPlaceholder(extraction, raw)) return refuse('email', 'junk')
  const mark = readMark(raw)
  if (mark !== null) {
    if (mark.kind === 'phone') return refuse('email', 'malformed')
    return hashedEmail(extraction, scope, mark.hash, mark.kind === 'role')
  }
  const normal = normalEmail(raw)
  if (normal === null) return refuse('email', 'malformed')
  if (isJunkEmail(extraction, normal)) return refuse('email', 'junk')
  const several = isRoleMailbox(extraction, normal)
  return hashedEmail(extraction, scope, extraction.digest(normal), several)
}

function hashedEmail(
  extraction: Extraction,
  scope: Scope,
  hash: string,
  several: boolean,
): Contact {
  return { identifier: makeIdentifier(extraction, 'email', scope.suffix, hash), several }
}
