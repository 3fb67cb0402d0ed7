// Where a timeline goes on, as a text that says nothing to who gets it.
// Invariant: only what was given out here is taken back.

import type { Place } from '../../ports/event-log.ts'

export function cursorOf({ at, position }: Place): string {
  return Buffer.from(`${at}.${position}`).toString('base64url')
}

/** Null for a text that is no cursor. */
export function placeOfCursor(cursor: string): Place | null {
  const [, at, position] =
    /^(-?\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const place = { at: Number(at), position: Number(position) }
  return cursorOf(place) === cursor && Number.isSafeInteger(place.at) ? place : null
}
