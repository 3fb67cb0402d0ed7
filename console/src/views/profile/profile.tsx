// One profile: who it is, how sure that is and why, what it did, what was done to it; and what a steward may do.

import { useEffect, useState } from 'preact/hooks'

import type { ProfileAnswer } from 'selfsame/client'

import { Problem, Waiting } from '../../parts/shown.tsx'
import { hashOf } from '../../state/place.ts'
import { may, useSession, useStateOf } from '../../state/state.ts'
import { Activity } from './activity.tsx'
import { type Act, Acting } from './acting.tsx'
import { useProfile } from './asked.ts'
import { Conversions } from './conversions.tsx'
import { Head } from './head.tsx'
import { History } from './history.tsx'
import { Identifiers } from './identifiers.tsx'
import { Neighbourhood } from './neighbourhood.tsx'
import type { Part } from './part.ts'
import { Overview } from './overview.tsx'

const PARTS = [
  ['overview', 'Overview', Overview],
  ['identifiers', 'Identifiers', Identifiers],
  ['activity', 'Activity', Activity],
  ['conversions', 'Conversions', Conversions],
  ['graph', 'Graph', Neighbourhood],
  ['history', 'History', History],
] as const

const NOBODY: ReadonlySet<string> = new Set()

export function Profile() {
  const asked = useStateOf((now) => now.place.id)
  if (asked === null)
    return (
      <section class="empty">
        <h1>Profile</h1>
        <p>
          Search for an identifier, a name or a profile id above, or pick somebody of the visitors.
        </p>
      </section>
    )
  return <Found key={asked} asked={asked} />
}

function Found({ asked }: { readonly asked: string }) {
  const { value, error } = useProfile(asked)
  if (value !== null) return <Whole asked={asked} profile={value} problem={error} />
  return (
    <section>
      <h1>Profile</h1>
      <p class="quiet">
        <code>{asked}</code>
      </p>
      {error === null ? <Waiting /> : <Problem text={error} />}
    </section>
  )
}

interface Answered {
  readonly asked: string
  readonly profile: ProfileAnswer
  readonly problem: string | null
}

function Whole({ asked, profile, problem }: Answered) {
  const session = useSession()
  const shown = useStateOf((now) => now.place.query['part'] ?? 'overview')
  const [picked, pick] = useState(NOBODY)
  const [act, setAct] = useState<Act | null>(null)
  // Who has left the profile meanwhile is picked no more.
  useEffect(() => {
    const held = new Set(profile.identifiers.map(({ identifier }) => identifier))
    pick((before) => {
      const left = [...before].filter((one) => held.has(one))
      return left.length === before.size ? before : new Set(left)
    })
  }, [profile])
  const [name, , Content] = PARTS.find(([one]) => one === shown) ?? PARTS[0]
  const maySay = may(session.role, 'steward')
  const part: Part = { profile, picked, pick, act: maySay ? setAct : null }
  return (
    <article class="profile" aria-label="Profile">
      {problem !== null && <Problem text={`${problem} What you see may be old.`} />}
      <Head asked={asked} {...part} />
      <nav class="parts" aria-label="Parts of the profile">
        {PARTS.map(([one, title]) => (
          <a
            key={one}
            href={hashOf('profile', asked, one === 'overview' ? {} : { part: one })}
            aria-current={one === name ? 'page' : undefined}
          >
            {title}
            {one === 'identifiers' && <span class="parts-count">{profile.identifiers.length}</span>}
          </a>
        ))}
      </nav>
      <Content key={profile.id} {...part} />
      {act !== null && (
        <Acting act={act} profile={profile} close={() => setAct(null)} done={() => pick(NOBODY)} />
      )}
    </article>
  )
}
