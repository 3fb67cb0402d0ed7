// Crowded identifiers as a table: how many were seen with each beside the level that warns, and what each holds together.

import type { PromiscuousAnswer } from 'selfsame/client'

import { IdentifierName, ProfileName } from '../../parts/names.tsx'
import { When } from '../../parts/when.tsx'
import { count } from '../../parts/words.ts'
import type { Deed } from './quarantine.tsx'

type Crowded = PromiscuousAnswer['identifiers'][number]

export function Table({
  of,
  ask,
}: {
  readonly of: readonly Crowded[]
  readonly ask: (deed: Deed) => void
}) {
  return (
    <table class="cards crowded">
      <thead>
        <tr>
          <th>Identifier</th>
          <th>Crowd on one day</th>
          <th class="number">Around it</th>
          <th>Profile</th>
          <th>Why it joins nobody</th>
          <th>Last seen</th>
          <th>
            <span class="unseen">Quarantine</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <Row key={one.identifier} of={one} ask={ask} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ of: one, ask }: { readonly of: Crowded; readonly ask: (deed: Deed) => void }) {
  return (
    <tr>
      <td class="wide">
        {one.profile === null ? (
          <Witness text={one.identifier} />
        ) : (
          <IdentifierName text={one.identifier} />
        )}
      </td>
      <td data-label="Crowd">
        <Crowd of={one} />
      </td>
      <td class="number" data-label="Around it">
        {count(one.holds)}
      </td>
      <td data-label="Profile">
        {one.profile === null ? (
          <span class="quiet">witness, nobody’s</span>
        ) : (
          <ProfileName id={one.profile} />
        )}
      </td>
      <td class="wide">
        {one.quarantined && <span class="badge in-quarantine">in quarantine</span>}{' '}
        {one.shared_because}
      </td>
      <td data-label="Last seen">
        <When at={one.last_seen} />
      </td>
      <td class="deed">
        <Button of={one} ask={ask} />
      </td>
    </tr>
  )
}

/** The beginning is enough to tell them apart. */
const LONG_DIGEST = /([0-9a-f]{10})[0-9a-f]{22,}$/

/** It leads to no profile: none holds it. */
function Witness({ text }: { readonly text: string }) {
  const colon = text.indexOf(':')
  return (
    <span class="identifier" title={text}>
      <span class="identifier-type">{text.slice(0, colon)}</span>
      {text.slice(colon + 1).replace(LONG_DIGEST, '$1…')}
    </span>
  )
}

function Button({
  of: { identifier, quarantined },
  ask,
}: {
  readonly of: Crowded
  readonly ask: (deed: Deed) => void
}) {
  const does = quarantined ? 'release' : 'quarantine'
  return (
    <button type="button" onClick={() => ask({ identifier, does })}>
      {quarantined ? 'Release' : 'Quarantine'} …<span class="unseen"> {identifier}</span>
    </button>
  )
}

/** A bar to twice the level that warns, which is its middle. */
function Crowd({ of: { promiscuity, warn_from: warn, type } }: { readonly of: Crowded }) {
  const isCrowd = warn !== null && promiscuity >= warn
  return (
    <span class="crowd">
      {warn !== null && (
        <span class="crowd-track" aria-hidden="true">
          <span
            class={isCrowd ? 'is-crowd' : ''}
            style={{ width: `${Math.min(100, (promiscuity / (2 * warn)) * 100)}%` }}
          />
          <span class="crowd-line" />
        </span>
      )}
      <b>{count(promiscuity)}</b>{' '}
      <span class="quiet">
        {type === 'ip' || type === 'device_signature' ? 'people' : 'cookies'}
        {warn !== null && `; ${isCrowd ? 'warns' : 'would warn'} from ${count(warn)}`}
      </span>
    </span>
  )
}
