// What would come of a merge, a split or a quarantine: the profiles there would be, and who is in which.

import type { DecreeAnswer, ProfileAnswer } from 'selfsame/client'

import { counted, shortened } from '../../parts/words.ts'

/** Identifiers that are named of one profile. */
const NAMED_MAX = 6

export function Outcome({
  of: { profiles },
  profile,
}: {
  readonly of: DecreeAnswer
  readonly profile: ProfileAnswer
}) {
  const was = profile.identifiers.length
  return (
    <>
      <p>
        {profiles.length === 1
          ? 'There would be one profile:'
          : `There would be ${counted(profiles.length, 'profile')} of these identifiers:`}
      </p>
      <ol class="outcome">
        {profiles.map((one) => (
          <li key={one.identifiers[0]}>
            <Share of={one.size} most={Math.max(was, ...profiles.map(({ size }) => size))} />
            <span>
              <b>{counted(one.size, 'identifier')}</b>
              <span class="outcome-names">
                {one.identifiers.slice(0, NAMED_MAX).map((name) => (
                  <code key={name} title={name}>
                    {shortened(name)}
                  </code>
                ))}
                {one.identifiers.length > NAMED_MAX && (
                  <span class="quiet">and {one.identifiers.length - NAMED_MAX} more</span>
                )}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Share({ of, most }: { readonly of: number; readonly most: number }) {
  return (
    <span class="outcome-share" aria-hidden="true">
      <span style={{ width: `${(of / Math.max(1, most)) * 100}%` }} />
    </span>
  )
}
