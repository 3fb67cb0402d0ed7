// Conversions of a timeline and the sessions that led to them, over all devices.
// Invariant: an event with a cookie is in exactly one session, as in the tables of a run by their usual settings.

import type { Happened } from './pages.ts'

/** As `session.gapMinutes` and `attribution.lookbackDays` are if nobody has set them. */
export const GAP_MINUTES = 30
export const LOOKBACK_DAYS = 30
/** Sessions that one path shows. */
const PATH_SESSIONS_MAX = 12
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Conversions that are built in, as names are compared. */
const CONVERSIONS: ReadonlySet<string> = new Set([
  'order completed',
  'checkout completed',
  'form submitted',
  'signed up',
  'sign up',
  'lead',
  'account created',
])

export interface Session {
  readonly cookie: string
  readonly device: string | null
  readonly site: string
  readonly from: string
  readonly to: string
  readonly events: number
  /** The page it began on. */
  readonly entry: string | null
  readonly conversions: number
  /** Campaign or host it came from; null: by itself. */
  readonly cameBy: string | null
}

export interface Conversion {
  readonly event: Happened
  /** Those that began before it, within the look-back; the latest last. */
  readonly path: readonly Session[]
  /** Sessions before these that are left out. */
  readonly earlier: number
  /** All events of the look-back are loaded. */
  readonly isWhole: boolean
}

export function isConversion({ type, name }: Pick<Happened, 'type' | 'name'>): boolean {
  return (
    type === 'track' &&
    CONVERSIONS.has(
      name
        .toLowerCase()
        .replaceAll(/[_\-\s]+/g, ' ')
        .trim(),
    )
  )
}

function cookieOf({ identifiers }: Pick<Happened, 'identifiers'>): string | null {
  return identifiers.find((one) => one.startsWith('cookie:')) ?? null
}

/** Of events, oldest first; by when they began. */
export function sessionsOf(events: readonly Happened[]): readonly Session[] {
  const open = new Map<string, Session>()
  const done: Session[] = []
  for (const event of events) {
    const cookie = cookieOf(event)
    if (cookie === null) continue
    const running = open.get(cookie)
    const goesOn =
      running !== undefined &&
      Date.parse(event.at) - Date.parse(running.to) <= GAP_MINUTES * MINUTE_MS
    if (running !== undefined && !goesOn) done.push(running)
    open.set(cookie, goesOn ? continued(running, event) : begun(cookie, event))
  }
  return [...done, ...open.values()].toSorted((x, y) => (x.from < y.from ? -1 : 1))
}

function begun(cookie: string, event: Happened): Session {
  const { device, site, at, page } = event
  const conversions = isConversion(event) ? 1 : 0
  const cameBy = event.came_by
  return { cookie, device, site, from: at, to: at, events: 1, entry: page, cameBy, conversions }
}

function continued(session: Session, event: Happened): Session {
  return {
    ...session,
    to: event.at,
    events: session.events + 1,
    entry: session.entry ?? event.page,
    device: session.device ?? event.device,
    conversions: session.conversions + (isConversion(event) ? 1 : 0),
  }
}

/** The latest first. `isAll`: no older events are left to load. */
export function conversionsOf(events: readonly Happened[], isAll: boolean): readonly Conversion[] {
  const sessions = sessionsOf(events)
  const beganAt = sessions.map(({ from }) => Date.parse(from))
  const first = Date.parse(events[0]?.at ?? '')
  let begin = 0
  let end = 0
  const found: Conversion[] = []
  for (const event of events) {
    if (!isConversion(event)) continue
    const at = Date.parse(event.at)
    const since = at - LOOKBACK_DAYS * DAY_MS
    while ((beganAt[begin] ?? Infinity) < since) begin++
    while ((beganAt[end] ?? Infinity) <= at) end++
    const shown = Math.max(begin, end - PATH_SESSIONS_MAX)
    const path = sessions.slice(shown, end)
    found.push({ event, path, earlier: shown - begin, isWhole: isAll || first <= since })
  }
  return found.toReversed()
}
