// What was done, the latest first by days in UTC, over the devices of one profile or of two beside each other.

import { Fragment } from 'preact'

import type { TimelineAnswer } from 'selfsame/client'

import { IdentifierName } from './names.tsx'
import { dayWords, exactly } from './words.ts'

export type TimelineEvent = TimelineAnswer['events'][number] & {
  /** Of which of two sides; null where there is one. */
  readonly side: 'a' | 'b' | null
}

/** Latest first, each with its side. */
export function merged(
  a: TimelineAnswer | null,
  b: TimelineAnswer | null = null,
): readonly TimelineEvent[] {
  const isOne = b === null || a === null || a.profile === b.profile
  const of = (timeline: TimelineAnswer | null, side: 'a' | 'b'): TimelineEvent[] =>
    (timeline?.events ?? []).map((event) => ({ ...event, side: isOne ? null : side }))
  const events = isOne ? of(a ?? b, 'a') : [...of(a, 'a'), ...of(b, 'b')]
  return events.toSorted((x, y) => (x.at < y.at ? 1 : -1))
}

export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  return (
    <ol class="timeline">
      {events.map((event, at) => (
        <Fragment key={`${event.site} ${event.event_id}`}>
          {dayOf(event) !== dayOf(events[at - 1]) && (
            <li class="timeline-day">{dayWords(event.at)}</li>
          )}
          <Happened event={event} />
        </Fragment>
      ))}
    </ol>
  )
}

function Happened({ event }: { readonly event: TimelineEvent }) {
  const { side, device, came_by: cameBy } = event
  return (
    <li class={side === null ? '' : `side-${side}`}>
      <time dateTime={event.at} title={exactly(event.at)} class="timeline-at">
        {event.at.slice(11, 19)}
      </time>
      <span class="timeline-what">
        {side !== null && <span class="side-mark">{side.toUpperCase()}</span>}
        <b>{event.name === '' ? event.type : event.name}</b>
        {event.page !== null && <span class="quiet"> {event.page}</span>}
        {cameBy !== null && <span class="came-by">by {cameBy}</span>}
      </span>
      <span class="timeline-where quiet">
        {event.site}
        {device === null ? '' : `, ${device}`}
      </span>
      <span class="timeline-who">
        {event.identifiers
          .filter((one) => !/^(ip|device)/.test(one))
          .map((one) => (
            <IdentifierName key={one} text={one} />
          ))}
      </span>
    </li>
  )
}

function dayOf(event: TimelineEvent | undefined): string | null {
  return event?.at.slice(0, 'YYYY-MM-DD'.length) ?? null
}
