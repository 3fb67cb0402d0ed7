// The feed as Server-Sent Events: bytes that are the same for everybody who listens.
// Invariant: an id is the place behind the event that has it, so who comes back with it misses nothing and gets nothing twice.

import { answerOfChange, type FeedPlace, placeText } from '../../answers/feed-answer.ts'
import type { FeedRow } from '../../../ports/identity-store.ts'

const encoder = new TextEncoder()

/** After how long a browser comes back that was cut off, ms. */
const COME_BACK_MS = 1_000

/** A comment, which says nothing but that the connection lives. */
export const HEARTBEAT = encoder.encode(': \n\n')

/** Of consecutive rows. */
export function rowsBytes(epoch: string, rows: readonly FeedRow[]): Uint8Array {
  const texts = rows.map((row) => {
    const { type, ...rest } = answerOfChange(row)
    const id = placeText({ epoch, sequence: row.sequence })
    return eventText(type, { type, ...rest }, id)
  })
  return encoder.encode(texts.join(''))
}

/** What everybody gets first. With why it cannot go on from where it was, `reset` too, which alone has the id then. */
export function greetingBytes(place: FeedPlace, whyReset: string | null): Uint8Array {
  const id = placeText(place)
  const hello = `retry: ${COME_BACK_MS}\n${eventText('hello', { place: id }, whyReset === null ? id : null)}`
  const reset = whyReset === null ? '' : eventText('reset', { reason: whyReset }, id)
  return encoder.encode(hello + reset)
}

function eventText(event: string, data: object, id: string | null): string {
  const named = id === null ? '' : `id: ${id}\n`
  return `${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
