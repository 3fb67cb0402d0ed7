// Identifiers as people write them: `email:ana@example.com`, `external_id:crm:123`, `cookie@shop:…`.
// Invariant: the text of an identifier, parsed, gives that identifier.

import { declaredOf } from './declared.ts'
import { cookieOf } from './cookie.ts'
import { emailOf } from './email.ts'
import { idInNamespace, namespaceOf } from './external-id.ts'
import { siteRule, type Extraction, type Scope } from './extraction.ts'
import type { Identifier } from './identifier.ts'
import { ipOf } from './ip.ts'
import {
  isRefused,
  makeIdentifier,
  refuse,
  type Contact,
  type Made,
  type RefusalReason,
} from './made.ts'
import { phoneOf } from './phone.ts'

export type ParsedIdentifier =
  | { readonly ok: true; readonly identifier: Identifier }
  | {
      readonly ok: false
      /** A sentence about what is wrong with the text. */
      readonly message: string
      /** What may stand there. */
      readonly allowed: string
    }

const HASH = /^[0-9a-f]{64}$/i

const REASONS: Readonly<Record<RefusalReason, readonly [fact: string, allowed: string]>> = {
  junk: ['is a placeholder that names nobody', 'a value of one person'],
  too_plain: ['has too few different characters to name anybody', 'an id as the sites make them'],
  too_long: ['is too long', 'at most 256 characters'],
  malformed: ['has not the form of its type', 'an address, or its SHA-256 as 64 hex digits'],
  not_a_number: [
    'is no valid phone number',
    'a number with "+" and country, or its SHA-256 as 64 hex digits',
  ],
  not_public: ['is no address of the open internet', 'a public IPv4 or IPv6 address'],
  anonymised: ['was anonymised', 'a whole address'],
  wrong_type: ['is no text', 'text'],
  rounded_number: ['was rounded', 'text'],
  too_many: ['is one of too many', 'one identifier'],
}

/** The identifier that a text names; an e-mail or phone may be given as its SHA-256 in hex. */
export function parseIdentifierText(extraction: Extraction, text: string): ParsedIdentifier {
  const colon = text.indexOf(':')
  const [type = '', site] = text.slice(0, Math.max(colon, 0)).trim().split('@')
  const value = text.slice(colon + 1).trim()
  const types = typesOf(extraction)
  if (!types.includes(type)) {
    return wrong(
      `"${text}" does not begin with a type`,
      types.map((name) => `${name}:…`).join(', '),
    )
  }
  if (value === '') return wrong(`"${text}" has no value`, `${type}:VALUE`)
  const scope = scopeOf(extraction, site)
  if (scope === null) return noSuchScope(extraction, text)
  const made = readValue(extraction, scope, type, value)
  if (made === null) return wrong(`"${text}" has no namespace`, `${type}:NAMESPACE:VALUE`)
  if (!isRefused(made)) return { ok: true, identifier: made }
  const [fact, allowed] = REASONS[made.reason]
  return wrong(`"${text}" ${fact}`, allowed)
}

/** An identifier as text, e-mails and phones by their digest. */
export function identifierText({ type, namespace, value }: Identifier): string {
  if (namespace === '') return `${type}:${value}`
  return namespace.startsWith('@')
    ? `${type}${namespace}:${value}`
    : `${type}:${namespace}:${value}`
}

function wrong(message: string, allowed: string): ParsedIdentifier {
  return { ok: false, message, allowed }
}

function typesOf(extraction: Extraction): readonly string[] {
  const declared = extraction.declaredTypes.map((type) => type.name)
  return ['email', 'phone', 'external_id', 'cookie', 'device_signature', 'ip', ...declared]
}

/** The scope behind `@site`; null when the site is none that keeps to itself. */
function scopeOf(extraction: Extraction, site: string | undefined): Scope | null {
  if (site === undefined) return extraction.open
  const scope = siteRule(extraction, site).scope
  return scope.suffix === '' ? null : scope
}

function noSuchScope(extraction: Extraction, text: string): ParsedIdentifier {
  const own = [...extraction.sites].filter(([, rule]) => rule.scope.suffix !== '')
  const allowed = own.map(([site]) => `@${site}`).join(', ')
  return wrong(
    `"${text}" names a site that does not keep its identifiers to itself`,
    allowed === '' ? 'no "@" in front of the value' : `no "@", or ${allowed}`,
  )
}

function readValue(extraction: Extraction, scope: Scope, type: string, value: string): Made | null {
  switch (type) {
    case 'email':
      return HASH.test(value)
        ? hashed(extraction, scope, type, value)
        : madeOf(emailOf(extraction, scope, value))
    case 'phone':
      return HASH.test(value)
        ? hashed(extraction, scope, type, value)
        : madeOf(phoneOf(extraction, scope, value))
    case 'cookie':
      return cookieOf(extraction, scope, value)
    case 'ip':
      return ipOf(extraction, scope, value)
    case 'external_id':
    case 'device_signature':
      return readNamespaced(extraction, type, value)
    default: {
      const declared = extraction.declaredTypes.find((one) => one.name === type)
      return declared === undefined ? null : declaredOf(extraction, scope, declared, value)
    }
  }
}

function hashed(extraction: Extraction, scope: Scope, type: string, hash: string): Made {
  return makeIdentifier(extraction, type, scope.suffix, hash.toLowerCase())
}

function madeOf(contact: Contact): Made {
  return contact.identifier === undefined ? contact : contact.identifier
}

/** `NAMESPACE:VALUE`, the namespace perhaps with `@` and a user base or a site that keeps to itself. */
function readNamespaced(extraction: Extraction, type: string, text: string): Made | null {
  const colon = text.indexOf(':')
  const value = text.slice(colon + 1).trim()
  const [name = '', site] = text.slice(0, Math.max(colon, 0)).split('@')
  const base = namespaceOf(name)
  if (base === null || value === '') return null
  const scope = site === undefined ? extraction.open : siteRule(extraction, site).scope
  const namespace = site === undefined ? base : `${base}@${site.trim().toLowerCase()}`
  if (type === 'external_id') return idInNamespace(extraction, scope, namespace, value)
  return HASH.test(value)
    ? makeIdentifier(extraction, type, namespace, value.toLowerCase())
    : refuse(type, 'malformed')
}
