// Who it is, at a glance: name, kind, standing, how sure, since when; and whether that may change.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

import { Confidence, Kind, Standing } from '../../parts/badges.tsx'
import { When } from '../../parts/when.tsx'
import { counted, linkWords } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import { useGolden, useHistory } from './asked.ts'
import { MergeWith } from './merge-with.tsx'
import type { Part } from './part.ts'
import { sinceRun, whoOf } from './who.ts'

export function Head({ asked, profile, act }: Part & { readonly asked: string }) {
  const golden = useGolden(profile.id).value?.golden ?? null
  const [isMerging, setMerging] = useState(false)
  const gaveWay = asked.startsWith('prf_') && asked !== profile.id
  return (
    <header class="profile-head card">
      <div class="head">
        <h1>{whoOf({ identifiers: profile.identifiers, golden })}</h1>
        <Kind kind={profile.kind} />
        <Standing state={profile.state} />
        {act !== null && (
          <span class="end buttons">
            <button type="button" aria-expanded={isMerging} onClick={() => setMerging(!isMerging)}>
              Merge with …
            </button>
          </span>
        )}
      </div>
      <p class="profile-id">
        <code>{profile.id}</code>
        <span class="quiet"> revision {profile.revision}</span>
        {profile.asked !== null && (
          <span class="quiet">
            {' '}
            · holds <code>{profile.asked}</code>
          </span>
        )}
      </p>
      {gaveWay && (
        <p class="flag">
          <b>This id gave way.</b> <code>{asked}</code> was merged into <code>{profile.id}</code>,
          which is shown here.
        </p>
      )}
      <Since profile={profile} />
      {profile.shared_because !== null && (
        <p class="flag">
          <b>Shared:</b> {profile.shared_because}. It joins nobody.
        </p>
      )}
      <Facts profile={profile} />
      {isMerging && act !== null && (
        <MergeWith profile={profile} act={act} close={() => setMerging(false)} />
      )}
    </header>
  )
}

function Since({ profile }: Pick<Part, 'profile'>) {
  const { value, error } = useHistory(profile.id)
  // Until the history is there nothing is said of it; who may not see it is told the standing alone.
  if (value === null && error === null) return null
  const words = sinceRun(profile.state, value?.changes ?? [])
  if (words === null) return null
  return (
    <p class="flag">
      <b>Not confirmed.</b> {words}
    </p>
  )
}

function Facts({ profile }: Pick<Part, 'profile'>) {
  const { first_seen: first, last_seen: last, sites, weakest_link: weakest } = profile
  return (
    <dl class="facts">
      <Fact name="How sure">
        <Confidence of={profile.confidence} />
      </Fact>
      <Fact name="Weakest link" isWide>
        {weakest === null ? (
          <span class="quiet">nothing has to hold it together</span>
        ) : (
          <>
            {linkWords(weakest)}{' '}
            <a href={hashOf('profile', profile.id, { part: 'graph' })}>in the graph</a>
          </>
        )}
      </Fact>
      <Fact name="Holds">{counted(profile.identifiers.length, 'identifier')}</Fact>
      <Fact name="First seen">
        <When at={first} />
      </Fact>
      <Fact name="Last seen">
        <When at={last} />
      </Fact>
      <Fact name={sites.length === 1 ? 'Site' : 'Sites'}>{sites.join(', ')}</Fact>
    </dl>
  )
}

function Fact({
  name,
  isWide = false,
  children,
}: {
  readonly name: string
  readonly isWide?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <div class={isWide ? 'fact is-wide' : 'fact'}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
