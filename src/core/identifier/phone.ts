// Phones: E.164, with the extension behind it if there is one. Numbers without "+" need the default region.
// Invariant: the normal form of a normal form is itself; an identifier carries only its digest.

import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

import { readMark } from './contact-mark.ts'
import type { Extraction, Scope } from './extraction.ts'
import { isJunkPhone, isPlaceholder } from './junk.ts'
import { makeIdentifier, refuse, type Contact } from './made.ts'

const TEXT_CHARACTERS_MAX = 64

/** The normal form of a phone number; null when it is none, or has no country and no region is given. */
export function normalPhone(text: string, region: string | null): string | null {
  if (text.length > TEXT_CHARACTERS_MAX) return null
  const trimmed = text.normalize('NFKC').trim().replace(/^tel:/i, '')
  const defaultCountry = region !== null && isSupportedCountry(region) ? region : undefined
  if (defaultCountry === undefined && !/^[+(]/.test(trimmed)) return null
  const options = { extract: false, ...(defaultCountry !== undefined && { defaultCountry }) }
  const number = parsePhoneNumberFromString(trimmed, options)
  if (number === undefined || !number.isValid()) return null
  // A desk in an office is not its neighbour's: the extension stays part of the number.
  return number.ext === undefined ? number.number : `${number.number};ext=${number.ext}`
}

/** The phone a field of a message holds: a number, or the mark of one that was hashed. */
export function phoneOf(extraction: Extraction, scope: Scope, raw: string): Contact {
  let contact = scope.phones.get(raw)
  if (contact === undefined) scope.phones.set(raw, (contact = makePhone(extraction, scope, raw)))
  return contact
}

function makePhone(extraction: Extraction, scope: Scope, raw: string): Contact {
  if (isPlaceholder(extraction, raw)) return refuse('phone', 'junk')
  const mark = readMark(raw)
  if (mark !== null) {
    if (mark.kind === 'role') return refuse('phone', 'malformed')
    return hashedPhone(extraction, scope, mark.hash)
  }
  const normal = normalPhone(raw, extraction.settings.phone.defaultRegion)
  if (normal === null) return refuse('phone', 'not_a_number')
  if (isJunkPhone(extraction, normal)) return refuse('phone', 'junk')
  return hashedPhone(extraction, scope, extraction.digest(normal))
}

function hashedPhone(extraction: Extraction, scope: Scope, hash: string): Contact {
  return { identifier: makeIdentifier(extraction, 'phone', scope.suffix, hash), several: false }
}
