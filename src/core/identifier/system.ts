// The operating system of a device, as far as a message tells it.
// Invariant: a contact in what tells it counts as its mark, so a redacted message tells what the plain one does.

import { fieldsAt, type Fields } from '../event/event.ts'
import type { Extraction } from './extraction.ts'
import { hideContacts } from './id-text.ts'

export type System = 'ios' | 'android' | 'chromeos' | 'windows' | 'macos' | 'linux'

/** In this order: an iPhone's user agent says "like Mac OS X", an Android's says "Linux". */
const SYSTEMS: readonly (readonly [family: System, pattern: RegExp])[] = [
  ['ios', /\bios\b|iphone|ipad|ipod/],
  ['android', /android/],
  ['chromeos', /\bcros\b|chrome ?os|chromium os/],
  ['windows', /windows|\bwin(32|64)\b/],
  ['macos', /mac ?os|macintosh|os x|darwin/],
  ['linux', /linux|ubuntu|x11/],
]

/** The family of the operating system: told by the SDK, by the browser's hints, or by the user agent; empty when unknown. */
export function systemOf(extraction: Extraction, context: Fields): System | '' {
  const told = fieldsAt(context, 'os')['name'] ?? fieldsAt(context, 'userAgentData')['platform']
  const text = typeof told === 'string' && told !== '' ? told : context['userAgent']
  if (typeof text !== 'string') return ''
  let family = extraction.systems.get(text)
  if (family === undefined) {
    const lower = hideContacts(extraction, text).toLowerCase()
    family = SYSTEMS.find(([, pattern]) => pattern.test(lower))?.[0] ?? ''
    extraction.systems.set(text, family)
  }
  return family
}
