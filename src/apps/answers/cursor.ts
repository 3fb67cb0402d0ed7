// Where a timeline or a list of visitors goes on, as a text that says nothing to who gets it.
// Invariant: only what was given out here is taken back.

import type { VisitorPlace } from '../../flows/list-visitors.ts'
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

export function visitorCursorOf({ position, identifier }: VisitorPlace): string {
  return Buffer.from(`${position}.${identifier}`).toString('base64url')
}

/** Null for a text that is no cursor. */
export function visitorPlaceOf(cursor: string): VisitorPlace | null {
  const [, position, identifier] =
    /^(\d{1,16})\.(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const place = { position: Number(position), identifier: Number(identifier) }
  return visitorCursorOf(place) === cursor && Number.isSafeInteger(place.position) ? place : null
}
