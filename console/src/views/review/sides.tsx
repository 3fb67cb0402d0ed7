// Both sides beside each other: what each is, what was said of it, what it holds; where they differ is marked.

import type { ProfileAnswer, ReviewDetailAnswer } from 'selfsame/client'

import { Confidence, Kind, Standing } from '../../parts/badges.tsx'
import { IdentifierName, ProfileName } from '../../parts/names.tsx'
import { When } from '../../parts/when.tsx'

const IDENTIFIERS_SHOWN = 6

export function Sides({ review }: { readonly review: ReviewDetailAnswer }) {
  const { a, b, profiles } = review
  const of = (id: string | null): ProfileAnswer | null =>
    profiles.find((one) => one.id === id) ?? null
  const [left, right] = [of(a.profile), of(b.profile)]
  return (
    <section class="card" aria-label="The two sides">
      <table class="sides">
        <caption class="unseen">Both profiles, attribute by attribute</caption>
        <thead>
          <tr>
            <td />
            <SideHead side="A" profile={left} identifier={a.identifier} />
            <SideHead side="B" profile={right} identifier={b.identifier} />
          </tr>
        </thead>
        <tbody>
          <Row name="standing" left={left} right={right} of={standing} />
          <Row name="seen" left={left} right={right} of={seen} />
          <Row name="sites" left={left} right={right} of={({ sites }) => sites.join(', ')} />
          <Golden left={left} right={right} />
          <Row name="identifiers" left={left} right={right} of={identifiers} />
        </tbody>
      </table>
    </section>
  )
}

function SideHead({
  side,
  profile,
  identifier,
}: {
  readonly side: 'A' | 'B'
  readonly profile: ProfileAnswer | null
  readonly identifier: string
}) {
  return (
    <th scope="col">
      <span class={`side-mark side-${side.toLowerCase()}`}>{side}</span>
      {profile === null ? (
        <IdentifierName text={identifier} />
      ) : (
        <ProfileName id={profile.id} name={nameOf(profile)} />
      )}
    </th>
  )
}

/** As the golden record has it; null where nobody said. */
function nameOf(profile: ProfileAnswer): string | null {
  const said = valuesOf(profile)
  const parts = [said.get('first_name'), said.get('last_name')].filter(Boolean)
  return said.get('name') ?? (parts.length === 0 ? null : parts.join(' '))
}

type Told = (profile: ProfileAnswer) => preact.ComponentChildren

function Row({
  name,
  left,
  right,
  of,
}: {
  readonly name: string
  readonly left: ProfileAnswer | null
  readonly right: ProfileAnswer | null
  readonly of: Told
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{left !== null && of(left)}</td>
      <td>{right !== null && of(right)}</td>
    </tr>
  )
}

const standing: Told = ({ kind, state, confidence }) => (
  <>
    <Kind kind={kind} /> <Standing state={state} /> <Confidence of={confidence} />
  </>
)

const seen: Told = ({ first_seen: first, last_seen: last }) => (
  <>
    <When at={first} /> to <When at={last} />
  </>
)

const identifiers: Told = ({ identifiers: all, shared_cookies: shared }) => (
  <ul class="plain">
    {all.slice(0, IDENTIFIERS_SHOWN).map((one) => (
      <li key={one.identifier}>
        <IdentifierName text={one.identifier} />
        {one.quarantined && <span class="badge">in quarantine</span>}
      </li>
    ))}
    {all.length > IDENTIFIERS_SHOWN && (
      <li class="quiet">and {all.length - IDENTIFIERS_SHOWN} more</li>
    )}
    {shared.map((one) => (
      <li key={one.identifier}>
        <IdentifierName text={one.identifier} /> <span class="badge kind-shared">shared</span>
      </li>
    ))}
  </ul>
)

/** What was said of both; a value that both have and that is another one on each side is marked. */
function Golden({
  left,
  right,
}: {
  readonly left: ProfileAnswer | null
  readonly right: ProfileAnswer | null
}) {
  const [of, to] = [valuesOf(left), valuesOf(right)]
  const attributes = [...new Set([...of.keys(), ...to.keys()])]
  return (
    <>
      {attributes.map((attribute) => {
        const [x, y] = [of.get(attribute), to.get(attribute)]
        const differs = x !== undefined && y !== undefined && plain(x) !== plain(y)
        const agrees = x !== undefined && y !== undefined && !differs
        return (
          <tr key={attribute} class={differs ? 'differs' : agrees ? 'agrees' : ''}>
            <th scope="row">
              {attribute.replaceAll('_', ' ')}
              {differs && <span class="badge is-different">≠ differs</span>}
              {agrees && <span class="badge is-same">= same</span>}
            </th>
            <td>{x ?? <span class="quiet">–</span>}</td>
            <td>{y ?? <span class="quiet">–</span>}</td>
          </tr>
        )
      })}
    </>
  )
}

/** By attribute. */
function valuesOf(profile: ProfileAnswer | null): ReadonlyMap<string, string> {
  return new Map(
    profile?.golden?.values.map(({ attribute, value }) => [
      attribute,
      typeof value === 'string' ? value : value.join(', '),
    ]),
  )
}

/** Case and accents make no other value. */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}
