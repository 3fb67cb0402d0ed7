// The golden record with where each value is from, beside how the profile is held and what it did last.

import type { ProfileAnswer } from 'selfsame/client'

import { Empty, Shown } from '../../parts/shown.tsx'
import { merged, Timeline } from '../../parts/timeline.tsx'
import { When } from '../../parts/when.tsx'
import { counted, countedType } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import { useGolden, useLatest } from './asked.ts'
import type { Part } from './part.ts'

const LATEST_EVENTS = 8

export function Overview({ profile }: Part) {
  return (
    <div class="profile-columns">
      <section class="card" aria-labelledby="golden-title">
        <h2 id="golden-title">Golden record</h2>
        <Shown of={useGolden(profile.id)}>
          {({ golden }) => (golden === null ? null : <Golden golden={golden} />)}
        </Shown>
      </section>
      <div class="profile-aside">
        <Held profile={profile} />
        <section class="card" aria-labelledby="latest-title">
          <h2 id="latest-title">Latest activity</h2>
          <Shown of={useLatest(profile.id)}>
            {({ events, ...rest }) =>
              events.length === 0 ? (
                <Empty>No event is kept of it.</Empty>
              ) : (
                <Timeline events={merged({ ...rest, events: events.slice(-LATEST_EVENTS) })} />
              )
            }
          </Shown>
          <p>
            <a href={hashOf('profile', profile.id, { part: 'activity' })}>All activity</a>
          </p>
        </section>
      </div>
    </div>
  )
}

type GoldenRecord = NonNullable<ProfileAnswer['golden']>
type Value = GoldenRecord['values'][number]

function Golden({ golden: { values, whole } }: { readonly golden: GoldenRecord }) {
  if (values.length === 0)
    return <Empty>No message said what this person is like: no name, no address, no e-mail.</Empty>
  return (
    <>
      <table class="cards golden">
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">Value</th>
            <th scope="col">By</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <GoldenRow key={value.attribute} value={value} />
          ))}
        </tbody>
      </table>
      {!whole && (
        <p class="quiet">
          There are more messages than are read for an answer; the table of a run reads all.
        </p>
      )}
    </>
  )
}

function GoldenRow({ value }: { readonly value: Value }) {
  const values = typeof value.value === 'string' ? [value.value] : value.value
  return (
    <tr>
      <td data-label="Attribute">{value.attribute.replaceAll('_', ' ')}</td>
      <td data-label="Value" class="golden-value">
        {values.map((one) => (
          <b key={one}>{one}</b>
        ))}
        <ChosenOver value={value} />
      </td>
      <td data-label="By">
        {RULES[value.rule] ?? value.rule.replaceAll('_', ' ')}
        {value.verified && (
          <span class="badge is-verified" title="It came with a login or an order">
            verified
          </span>
        )}
      </td>
      <td data-label="From">
        <span class="golden-from">
          {value.site}, <When at={value.at} />
        </span>
        <code class="golden-event quiet" title={value.event_id}>
          {value.event_id}
        </code>
      </td>
    </tr>
  )
}

function ChosenOver({ value: { different, others } }: { readonly value: Value }) {
  if (others.length === 0) return null
  const more = different - 1 - others.length
  return (
    <span class="quiet">
      chosen over {others.join(', ')}
      {more > 0 && ` and ${more} more`}
    </span>
  )
}

const RULES: Readonly<Record<string, string>> = {
  most_recent: 'the latest',
  first: 'the first',
  most_frequent: 'the most frequent',
  longest: 'the longest',
  verified_first: 'verified before others',
  source_priority: 'by the order of sites',
  union: 'all there are',
}

function Held({ profile }: Pick<Part, 'profile'>) {
  const byType = new Map<string, number>()
  for (const { type } of profile.identifiers) byType.set(type, (byType.get(type) ?? 0) + 1)
  return (
    <section class="card" aria-labelledby="held-title">
      <h2 id="held-title">What it holds</h2>
      <ul class="held">
        {[...byType].map(([type, n]) => (
          <li key={type}>{countedType(n, type)}</li>
        ))}
        {profile.shared_cookies.length > 0 && (
          <li class="quiet">
            and {counted(profile.shared_cookies.length, 'shared cookie')}, session by session
          </li>
        )}
      </ul>
    </section>
  )
}
