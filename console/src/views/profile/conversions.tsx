// What came of it: orders and other conversions, each with the sessions that led there, on whatever device they were.

import { useMemo } from 'preact/hooks'

import { More } from '../../parts/more.tsx'
import { Empty, Shown } from '../../parts/shown.tsx'
import { counted, exactly } from '../../parts/words.ts'
import {
  type Conversion,
  conversionsOf,
  GAP_MINUTES,
  LOOKBACK_DAYS,
  type Session,
} from './journeys.ts'
import { Older } from './older.tsx'
import type { Part } from './part.ts'
import { usePages } from './use-pages.ts'

export function Conversions({ profile }: Part) {
  const pages = usePages(profile.id)
  const { known } = pages
  const found = useMemo(
    () => (known === null ? [] : conversionsOf(known.events, known.next === null)),
    [known],
  )
  return (
    <section class="card" aria-labelledby="conversions-title">
      <h2 id="conversions-title">Conversion paths</h2>
      <Shown of={pages.latest}>
        {() => (
          <>
            {found.length === 0 && (
              <Empty>
                No order, sign-up or form among the events that are loaded
                {(known?.next ?? null) === null ? '.' : '; older events may have one.'}
              </Empty>
            )}
            <More of={found} what="conversions">
              {(some) => (
                <ol class="conversions">
                  {some.map((one) => (
                    <Path key={`${one.event.site} ${one.event.event_id}`} of={one} />
                  ))}
                </ol>
              )}
            </More>
            <Older {...pages} />
            <p class="quiet">
              Sessions end after {GAP_MINUTES} minutes of silence; those of {LOOKBACK_DAYS} days
              before count. What each touchpoint is credited with, by four models and your own
              settings, stands in the tables <code>touchpoints</code>, <code>conversions</code> and{' '}
              <code>credits</code> of a run.
            </p>
          </>
        )}
      </Shown>
    </section>
  )
}

function Path({ of: { event, path, earlier, isWhole } }: { readonly of: Conversion }) {
  const devices = new Set(path.map(({ device }) => device)).size
  return (
    <li class="conversion">
      <h3>
        {event.name} <span class="quiet">{exactly(event.at)}</span>
      </h3>
      <p class="quiet">
        {path.length === 0
          ? 'No session led there: it was told by a server, or without a cookie.'
          : `${counted(path.length + earlier, 'session')} on ${counted(devices, 'kind of device', 'kinds of device')} led there`}
        {!isWhole && '; earlier ones may not be loaded'}
      </p>
      {path.length > 0 && (
        <ol class="journey">
          {earlier > 0 && <li class="journey-step quiet">{earlier} earlier …</li>}
          {path.map((session, at) => (
            <Step
              key={`${session.cookie} ${session.from}`}
              of={session}
              isLast={at === path.length - 1}
            />
          ))}
        </ol>
      )}
    </li>
  )
}

function Step({ of, isLast }: { readonly of: Session; readonly isLast: boolean }) {
  return (
    <li class={isLast ? 'journey-step is-last' : 'journey-step'}>
      <b>{of.device ?? 'unknown device'}</b>
      <span>{of.cameBy ?? 'direct'}</span>
      <span class="quiet">
        {exactly(of.from).slice(5, 16)}, {of.site}
        {of.entry === null ? '' : ` ${of.entry}`}
      </span>
      <span class="quiet">{counted(of.events, 'event')}</span>
    </li>
  )
}
