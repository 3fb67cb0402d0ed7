// The timeline as far as it was loaded: pages of older events, and newer ones as they come.
// Invariant: no event twice, none left out between the first known and the last.

import type { TimelineAnswer } from 'selfsame/client'

export type Happened = TimelineAnswer['events'][number]

export interface Known {
  readonly profile: string
  /** Oldest first. */
  readonly events: readonly Happened[]
  /** What leads to older ones; null when there are none. */
  readonly next: string | null
}

/** An event has its id within a site. */
function eventKey({ event_id: id, site, at }: Happened): string {
  return `${site} ${at} ${id}`
}

/** The latest page, asked again. Where it no longer touches what is known, the older part is forgotten. */
export function withLatest(known: Known | null, latest: TimelineAnswer): Known {
  const { profile, events, next } = latest
  if (known === null || known.profile !== profile) return { profile, events, next }
  const have = new Set(known.events.map(eventKey))
  const touches = next === null || events.some((event) => have.has(eventKey(event)))
  if (!touches) return { profile, events, next }
  const now = new Set(events.map(eventKey))
  const oldest = events[0]?.at ?? ''
  // What the new page could have shown and did not has gone to another profile.
  const older = known.events.filter((event) => event.at <= oldest && !now.has(eventKey(event)))
  const all = next === null ? events : [...older, ...events]
  return { profile, events: all, next: older.length === 0 ? next : known.next }
}

export function withOlder(known: Known, older: TimelineAnswer): Known {
  if (older.profile !== known.profile) return known
  const have = new Set(known.events.map(eventKey))
  const added = older.events.filter((event) => !have.has(eventKey(event)))
  return { ...known, events: [...added, ...known.events], next: older.next }
}
