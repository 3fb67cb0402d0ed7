// Cookies: the first-party visitor id (`anonymousId`), unique to a browser on a device.

import { junkId } from './junk.ts'
import type { Extraction, Scope } from './extraction.ts'
import { idText } from './id-text.ts'
import { makeIdentifier, refuse, type Made } from './made.ts'

export function cookieOf(extraction: Extraction, scope: Scope, raw: string): Made {
  let made = scope.cookies.get(raw)
  if (made === undefined) scope.cookies.set(raw, (made = makeCookie(extraction, scope, raw)))
  return made
}

function makeCookie(extraction: Extraction, scope: Scope, raw: string): Made {
  const id = idText(extraction, raw)
  const junk = junkId(extraction, id, false)
  if (junk !== null) return refuse('cookie', junk)
  return makeIdentifier(extraction, 'cookie', scope.suffix, id)
}
