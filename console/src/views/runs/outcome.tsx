// What a run came to, or would: how much it confirmed, merged, split and moved, and whom that concerned most.

import type { RunAnswer } from 'selfsame/client'

import { ProfileName } from '../../parts/names.tsx'
import { count, counted, percent } from '../../parts/words.ts'

export type RunOutcome = NonNullable<RunAnswer['outcome']>

const PROFILES_SHOWN = 3

export function Outcome({ of, isDry }: { readonly of: RunOutcome; readonly isDry: boolean }) {
  const would = isDry ? 'would ' : ''
  return (
    <>
      <dl class="figures outcome">
        <Told
          name="Profiles"
          n={of.profiles}
          more={`of ${counted(of.identifiers, 'identifier')}`}
        />
        {!isDry && <Told name="Newly confirmed" n={of.confirmed} />}
        <Told name="Merges" n={of.merges} more={`profiles that ${would}give way`} />
        <Told name="Splits" n={of.splits} more={`parts that ${isDry ? 'would leave' : 'left'}`} />
        <Told name="Moves" n={of.moves} more={`identifiers ${isDry ? 'to move' : 'that moved'}`} />
        <Told name="Waiting" n={of.awaiting} more="neighbourhoods decided" />
      </dl>
      <Largest of={of} isDry={isDry} />
      {of.notices.length > 0 && (
        <>
          <h3>To know of it</h3>
          <ul>
            {of.notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Told({
  name,
  n,
  more = '',
}: {
  readonly name: string
  readonly n: number
  readonly more?: string
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {count(n)} {more !== '' && <span class="figure-more">{more}</span>}
      </dd>
    </div>
  )
}

function Largest({ of, isDry }: { readonly of: RunOutcome; readonly isDry: boolean }) {
  if (of.largest.length === 0) {
    return (
      <p class="quiet">
        {isDry ? 'It would change no profile.' : 'It found every profile as it was.'}
      </p>
    )
  }
  return (
    <>
      <h3>{isDry ? 'Most affected' : 'The largest differences'}</h3>
      <table class="cards">
        <thead>
          <tr>
            <th>What</th>
            <th>Profiles</th>
            <th class="number">Identifiers</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {of.largest.map(({ what, profiles, members, reason }) => (
            <tr key={`${what} ${profiles.join(' ')}`}>
              <td>
                <span class={`badge what-${what}`}>{what}</span>
              </td>
              <td data-label="Profiles">
                <Profiles ids={profiles} />
              </td>
              <td class="number" data-label="Identifiers">
                {count(members)}
              </td>
              <td class="wide">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Profiles({ ids }: { readonly ids: readonly string[] }) {
  const more = ids.length - PROFILES_SHOWN
  return (
    <>
      {ids.slice(0, PROFILES_SHOWN).map((id) => (
        <span key={id}>
          <ProfileName id={id} />{' '}
        </span>
      ))}
      {more > 0 && <span class="quiet">and {count(more)} more</span>}
    </>
  )
}

export function Learned({ of }: { readonly of: NonNullable<RunAnswer['training']> }) {
  const { threshold, refused, same_pairs: same, different_pairs: different } = of
  return (
    <>
      <h3>What it learned</h3>
      <p>
        Logins and stewards answer for {counted(same, 'pair')} of cookies that they are one person’s
        and for {count(different)} that they are not; {counted(of.candidate_pairs, 'pair')} were
        weighed.
      </p>
      {threshold !== null && (
        <p>
          Two are joined from {percent(threshold.probability)} on: of the pairs held out of training
          that would be {counted(threshold.right, 'right join')} and{' '}
          {counted(threshold.wrong, 'wrong one')}, and at least{' '}
          {percent(threshold.profile_precision_at_least)} of all pairs in profiles stay one
          person’s.
        </p>
      )}
      {refused !== null && <p class="refusal">The model is not used: {refused}</p>}
    </>
  )
}
