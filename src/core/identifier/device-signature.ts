// Device signatures: screen, time zone, language, system and GPU of a device. A witness: many devices are alike.
// Invariants: which parts were known is the namespace, so only signatures of equal parts ever compare; a contact in a
// part counts as its mark, so a redacted message has the signature of the plain one.

import { fieldsAt, type Fields } from '../event/event.ts'
import type { Extraction, Scope } from './extraction.ts'
import { hideContacts } from './id-text.ts'
import { makeIdentifier, type Made } from './made.ts'
import { systemOf } from './system.ts'

/** With fewer known parts nearly everybody is alike. */
const KNOWN_PARTS_MIN = 3
const PART_CHARACTERS_MAX = 256
const PARTS = ['screen', 'tz', 'lang', 'os', 'gpu'] as const

/** The signature a message's context gives; null when too little is known. */
export function signatureOf(extraction: Extraction, scope: Scope, context: Fields): Made | null {
  const parts = [
    screenOf(fieldsAt(context, 'screen')),
    part(extraction, context['timezone']),
    part(extraction, context['locale']).toLowerCase(),
    systemOf(extraction, context),
    part(extraction, context['gpu']),
  ]
  const joined = parts.join('\u001f')
  let made = scope.signatures.get(joined)
  if (made === undefined) {
    const known = PARTS.filter((_, i) => parts[i] !== '')
    if (known.length < KNOWN_PARTS_MIN) return null
    const namespace = known.join('+') + scope.suffix
    const value = extraction.digest(joined)
    made = makeIdentifier(extraction, 'device_signature', namespace, value)
    scope.signatures.set(joined, made)
  }
  return made
}

function part(extraction: Extraction, value: unknown): string {
  if (typeof value !== 'string') return ''
  const text = hideContacts(extraction, value)
  return text.length <= PART_CHARACTERS_MAX ? text.trim() : ''
}

/** `390x844@3`, the shorter side first: a turned phone is the same phone. */
function screenOf(screen: Fields): string {
  const { width, height, density } = screen
  if (!isSize(width) || !isSize(height)) return ''
  const sides = width < height ? `${width}x${height}` : `${height}x${width}`
  return isSize(density) ? `${sides}@${density}` : sides
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 100_000
}
