// What was done, the latest first, over the devices of one profile or of two beside each other.

import type { TimelineAnswer } from 'selfsame/client'

import { IdentifierName } from './names.tsx'
import { When } from './when.tsx'

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
      {events.map((event) => (
        <li key={event.event_id} class={event.side === null ? '' : `side-${event.side}`}>
          <When at={event.at} />
          <span class="timeline-what">
            {event.side !== null && <span class="side-mark">{event.side.toUpperCase()}</span>}
            <b>{event.name === '' ? event.type : event.name}</b>
            {event.page !== null && <span class="quiet"> {event.page}</span>}
          </span>
          <span class="timeline-where quiet">
            {event.site}
            {event.device === null ? '' : `, ${event.device}`}
          </span>
          <span class="timeline-who">
            {event.identifiers
              .filter((one) => !/^(ip|device)/.test(one))
              .map((one) => (
                <IdentifierName key={one} text={one} />
              ))}
          </span>
        </li>
      ))}
    </ol>
  )
}
