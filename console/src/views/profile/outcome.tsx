// What would come of a merge, a split or a quarantine: the profiles there would be, what moves, what is said otherwise.

import type { DecreeAnswer, ProfileAnswer } from 'selfsame/client'

import { count, counted, shortened } from '../../parts/words.ts'

/** Identifiers that are named of one profile, and profiles that are told of one deed. */
const NAMED_MAX = 6
const PROFILES_MAX = 20

type Preview = NonNullable<DecreeAnswer['preview']>
type Grouped = DecreeAnswer['profiles'][number]

export function Outcome({
  of: { profiles, preview, awaits_second: awaitsSecond },
  profile,
}: {
  readonly of: DecreeAnswer
  readonly profile: ProfileAnswer
}) {
  const most = Math.max(profile.identifiers.length, ...profiles.map(({ size }) => size))
  return (
    <>
      {awaitsSecond && (
        <p class="flag">
          So large a merge takes two stewards. Yours is noted; it is done when a second one says the
          same.
        </p>
      )}
      <p>{numberWords(profiles.length)}</p>
      <ol class="outcome">
        {profiles.slice(0, PROFILES_MAX).map((one) => (
          <Would key={one.identifiers[0]} be={one} most={most} />
        ))}
      </ol>
      {profiles.length > PROFILES_MAX && (
        <p class="quiet">and {count(profiles.length - PROFILES_MAX)} more</p>
      )}
      {preview !== null && <Moved preview={preview} />}
      {preview !== null && preview.golden_changes.length > 0 && (
        <GoldenChanges of={preview.golden_changes} />
      )}
    </>
  )
}

function numberWords(profiles: number): string {
  if (profiles === 0) return 'No profile would change.'
  return profiles === 1
    ? 'There would be one profile:'
    : `There would be ${counted(profiles, 'profile')} of these identifiers:`
}

function Would({
  be: { id, size, identifiers },
  most,
}: {
  readonly be: Grouped
  readonly most: number
}) {
  const left = identifiers.length - NAMED_MAX
  return (
    <li>
      <span>
        <b>{id === null ? 'A new profile' : <code>{id}</code>}</b> {counted(size, 'identifier')}
      </span>
      <span class="outcome-share" aria-hidden="true">
        <span style={{ width: `${(size / Math.max(1, most)) * 100}%` }} />
      </span>
      <span class="outcome-names">
        {identifiers.slice(0, NAMED_MAX).map((name) => (
          <code key={name} title={name}>
            {shortened(name)}
          </code>
        ))}
        {left > 0 && <span class="quiet">and {count(left)} more</span>}
      </span>
    </li>
  )
}

function Moved({ preview }: { readonly preview: Preview }) {
  const { events_moved: events, events_moved_more: isMore, gives_way: givesWay, settles } = preview
  return (
    <ul class="moved">
      <li>
        <b>
          {isMore && 'more than '}
          {counted(events, 'event')}
        </b>{' '}
        and <b>{counted(preview.identifiers_moved.length, 'identifier')}</b> would be another
        profile’s
      </li>
      {givesWay.length > 0 && (
        <li>
          {givesWay.map((id) => (
            <code key={id}>{id} </code>
          ))}
          would give way: whoever asks by {givesWay.length === 1 ? 'that id' : 'those ids'} is led
          on
        </li>
      )}
      {settles.length > 0 && (
        <li>{counted(settles.length, 'other open question')} would not be asked any more</li>
      )}
    </ul>
  )
}

function GoldenChanges({ of }: { readonly of: Preview['golden_changes'] }) {
  return (
    <table class="cards">
      <caption>The golden record of the profile that goes on</caption>
      <thead>
        <tr>
          <th scope="col">Attribute</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ attribute, before, after }) => (
          <tr key={attribute}>
            <td data-label="Attribute">{attribute.replaceAll('_', ' ')}</td>
            <td data-label="Now">{saidOf(before)}</td>
            <td data-label="Then">{saidOf(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function saidOf(value: string | readonly string[] | null): string {
  if (value === null) return 'no value'
  return typeof value === 'string' ? value : value.join(', ')
}
