// Questions to the live graph: whose profile, what happened to it, its timeline, why two are one.
// Invariant: answers from the view in memory, so a message that was resolved is seen at once, stored or not.

import type { Fact } from '../core/edge/fact.ts'
import type { Identifier, Key } from '../core/identifier/identifier.ts'
import { type DescribedProfile, describeProfile } from '../core/profile/describe.ts'
import { type Explanation, explain } from '../core/profile/explain.ts'
import { ownersOf } from '../core/profile/ownership.ts'
import type { EventLog } from '../ports/event-log.ts'
import type { IdentityStore, StoredChange } from '../ports/identity-store.ts'
import type { Resolver } from './resolve-events.ts'

export interface LookUpParts {
  readonly log: EventLog
  readonly store: IdentityStore
  readonly resolver: Resolver
}

/** Redirects followed before an id is given up; every merge adds at most one. */
const HOPS_MAX = 1_000

/** The profile that holds the identifier; null when it was never seen, or is a witness. */
export async function profileOf(
  { resolver }: LookUpParts,
  key: Key,
): Promise<DescribedProfile | null> {
  return resolver.look([key], (view, policy) => describeProfile(view, policy, key))
}

export type ById =
  | { readonly found: 'profile'; readonly profile: DescribedProfile }
  /** The id was given out, and all that was behind it has been erased. */
  | { readonly found: 'erased' }
  | { readonly found: 'nothing' }

/** The profile that answers to an id, which may have given way to another. */
export async function profileById(parts: LookUpParts, id: string): Promise<ById> {
  let at = id
  for (let hop = 0; hop < HOPS_MAX; hop++) {
    const here = await inView(parts, at)
    if (here !== null && here.redirect !== null) {
      at = here.redirect
      continue
    }
    const key = here?.founder ?? (await inStore(parts, at))
    if (key === null) return { found: here === null ? 'nothing' : 'erased' }
    const profile = await profileOf(parts, key)
    if (profile === null) return { found: 'erased' }
    return { found: 'profile', profile }
  }
  return { found: 'nothing' }
}

async function inView(
  { resolver }: LookUpParts,
  id: string,
): Promise<{ founder: Key | null; redirect: string | null } | null> {
  return resolver.look([], (view) => {
    const record = view.profiles.get(id)
    if (record === undefined || record === null) return null
    return { founder: record.size === 0 ? null : record.founder, redirect: record.redirect }
  })
}

async function inStore({ store }: LookUpParts, id: string): Promise<Key | null> {
  const stored = await store.profile(id)
  return stored?.members[0]?.key ?? null
}

/** What happened to the profile, latest first. */
export async function historyOf(
  { store, resolver }: LookUpParts,
  id: string,
  limit: number,
): Promise<readonly StoredChange[]> {
  await resolver.flush()
  return store.changesOf(id, limit)
}

/** One event of a person's timeline. */
export interface TimelineEvent {
  readonly fact: Fact
  readonly raw: string
}

/** The latest events that are the profile's, oldest first, over all its devices; at most `limit` messages are looked at. */
export async function timelineOf(
  parts: LookUpParts,
  profile: DescribedProfile,
  limit: number,
): Promise<readonly TimelineEvent[]> {
  const asked: Identifier[] = [...profile.identifiers, ...profile.sharedCookies]
  const messages = await parts.log.messagesOf(asked, limit)
  const shared = new Set(profile.sharedCookies.map((cookie) => cookie.key))
  const own = new Map<Key, string>(
    profile.identifiers.map((identifier) => [identifier.key, profile.id]),
  )
  const policy = await parts.resolver.look([], (_, active) => active)
  const owners = ownersOf(
    messages.map((m) => m.fact),
    policy,
    {
      profileOf: (key) => own.get(key) ?? `not ${profile.id}`,
      isShared: (cookie) => shared.has(cookie),
    },
  )
  return messages.filter((_, i) => owners[i] === profile.id).map(({ fact, raw }) => ({ fact, raw }))
}

/** Why two members are one profile or not; null when one of them was never seen or is a witness. */
export async function explainPair(
  { resolver }: LookUpParts,
  a: Key,
  b: Key,
): Promise<Explanation | null> {
  return resolver.look([a, b], (view, policy) => {
    const [from, to] = [view.node(a), view.node(b)]
    if (from === undefined || to === undefined || from.profile === '' || to.profile === '')
      return null
    return explain(view, policy, a, b)
  })
}
