// The event stream into the state. The browser comes back by itself with the place of the last event it got; where the
// server refuses that, a new stream begins from there. Invariant: events are shown in order, none twice.

import type { StreamEvent } from 'selfsame/client'

import { outdateBy, retryFailed } from './loaded.ts'
import { queueAfter, queueAgain } from './questions.ts'
import { change, type FeedEvent, state } from './state.ts'

/** Events shown as they come. */
const FEED_MAX = 500
const AGAIN_AFTER_MS = 2_000

/** What the server names them; an EventSource must be told each. */
const TYPES = [
  'profile.created',
  'profile.merged',
  'profile.split',
  'profile.updated',
  'profile.confirmed',
  'review.opened',
  'review.closed',
  'review.decided',
  'review.undone',
  'run.finished',
] as const satisfies readonly StreamEvent['type'][]

let source: EventSource | null = null
let place: string | null = null
let retry = 0
/** Events that come together go into the state together. */
const TOGETHER_MS = 50
let arrived: FeedEvent[] = []

export function listen(): void {
  unlisten()
  const after = place === null ? '' : `?after=${encodeURIComponent(place)}`
  const opened = new EventSource(`/v1/stream${after}`)
  source = opened
  opened.addEventListener('hello', (event) => {
    place = event.lastEventId
    if (state.value.connection === 'lost') {
      retryFailed()
      queueAgain()
    }
    change({ connection: 'live' })
  })
  opened.addEventListener('reset', (event) => {
    place = event.lastEventId
    change({ feed: [] })
    outdateBy('reset')
    queueAfter('reset')
  })
  for (const type of TYPES) opened.addEventListener(type, take)
  opened.addEventListener('error', () => {
    change({ connection: 'lost' })
    if (opened.readyState !== EventSource.CLOSED) return
    retry = window.setTimeout(listen, AGAIN_AFTER_MS)
  })
}

export function unlisten(): void {
  clearTimeout(retry)
  source?.close()
  source = null
}

function take({ data, lastEventId }: MessageEvent<string>): void {
  place = lastEventId
  if (arrived.length === 0) setTimeout(show, TOGETHER_MS)
  arrived.push({ ...(JSON.parse(data) as FeedEvent), id: lastEventId })
}

function show(): void {
  const events = arrived
  arrived = []
  change({ feed: [...events.toReversed(), ...state.value.feed].slice(0, FEED_MAX) })
  for (const event of events) {
    outdateBy(event)
    queueAfter(event)
  }
}
