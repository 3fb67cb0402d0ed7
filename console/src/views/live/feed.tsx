// What happens, as it happens, the latest first. It stands still while somebody reads it, and says how much came meanwhile.

import { useState } from 'preact/hooks'

import { ProfileName } from '../../parts/names.tsx'
import { eventWords, isOfSort, SORTS } from '../../parts/feed-words.ts'
import { Empty } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { count, counted } from '../../parts/words.ts'
import { hashOf, stay } from '../../state/place.ts'
import { type FeedEvent, may, useSession, useStateOf } from '../../state/state.ts'

const SHOWN_MAX = 100

export function Feed() {
  const feed = useStateOf((now) => now.feed)
  const sort = useStateOf((now) => now.place.query['type'] ?? '')
  const [isPaused, setPaused] = useState(false)
  const [isRead, setRead] = useState(false)
  const [held, setHeld] = useState<readonly FeedEvent[] | null>(null)
  const stands = isPaused || isRead
  if (stands && held === null) setHeld(feed)
  if (!stands && held !== null) setHeld(null)
  const events = (held ?? feed).filter((event) => isOfSort(event, sort))
  const since = held?.[0]
  const missed = held === null ? 0 : feed.findIndex((event) => event.id === since?.id)
  const came = missed === -1 ? feed.length : missed
  return (
    <section class="card live-feed" aria-labelledby="feed-title">
      <div class="live-feed-head">
        <h2 id="feed-title">As it happens</h2>
        {stands && (
          <span class="badge" role="status">
            standing still{came > 0 && `, ${counted(came, 'newer event')}`}
          </span>
        )}
        <label class="end">
          <span class="unseen">Show</span>
          <select
            value={Object.hasOwn(SORTS, sort) ? sort : ''}
            onChange={({ currentTarget }) =>
              stay(hashOf('live', null, { type: currentTarget.value }))
            }
          >
            {Object.entries(SORTS).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Go on' : 'Pause'}
        </button>
      </div>
      <Events events={events} whole={(held ?? feed).length} read={setRead} />
    </section>
  )
}

function Events({
  events,
  whole,
  read,
}: {
  readonly events: readonly FeedEvent[]
  readonly whole: number
  readonly read: (is: boolean) => void
}) {
  if (events.length === 0) {
    return (
      <Empty>
        {whole === 0
          ? 'Nothing has happened since this page was opened. Changes of profiles, questions and runs appear here by themselves.'
          : `None of the latest ${count(whole)} events is of this sort.`}
      </Empty>
    )
  }
  return (
    <ol
      class="events"
      onMouseEnter={() => read(true)}
      onMouseLeave={({ currentTarget }) => read(currentTarget.contains(document.activeElement))}
      onFocusIn={() => read(true)}
      onFocusOut={({ currentTarget, relatedTarget }) =>
        read(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
      }
    >
      {events.slice(0, SHOWN_MAX).map((event) => (
        <Event key={event.id} event={event} />
      ))}
    </ol>
  )
}

function Event({ event }: { readonly event: FeedEvent }) {
  const { type, at, reason } = event
  return (
    <li class={`event event-${type.replace('.', '-')}`}>
      <When at={at} />
      <span class="badge event-type">{eventWords(type)}</span>
      <span class="event-what">
        <Subject event={event} /> <span class="event-reason">{reason}</span>
      </span>
    </li>
  )
}

function Subject({ event: { profile, review, run, from } }: { readonly event: FeedEvent }) {
  const { role } = useSession()
  if (profile !== null) {
    return (
      <>
        <ProfileName id={profile} />
        {from.length > 0 && <span class="quiet"> of {counted(from.length, 'profile')}</span>}
      </>
    )
  }
  if (run !== null) return <a href={hashOf('runs')}>run {run}</a>
  if (review === null) return null
  return may(role, 'steward') ? (
    <a href={hashOf('review', review)}>the question</a>
  ) : (
    <span>a question</span>
  )
}
