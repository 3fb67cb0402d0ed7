// Questions to the live graph: whose profile, what happened to it, its timeline, why two are one.
// Invariant: answers from the view in memory, so a message that was resolved is seen at once, stored or not.

import type { Fact } from '../core/edge/fact.ts'
import type { Identifier, Key } from '../core/identifier/identifier.ts'
import { type DescribedProfile, describeProfile } from '../core/profile/explain/describe.ts'
import { type DescribedGraph, describeGraph } from '../core/profile/explain/describe-graph.ts'
import { type Explanation, explain } from '../core/profile/explain/explain.ts'
import { ownersOf } from '../core/profile/ownership.ts'
import {
  comparePlaces,
  type EventLog,
  type Place,
  placeOf,
  type StoredMessage,
} from '../ports/event-log.ts'
import type { IdentityStore, StoredChange } from '../ports/identity-store.ts'
import type { Resolver } from './resolver.ts'

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
  const member = await memberById(parts, id)
  if (typeof member !== 'object') return { found: member }
  const profile = await profileOf(parts, member.key)
  return profile === null ? { found: 'erased' } : { found: 'profile', profile }
}

/** A member of the profile that answers to an id. */
export async function memberById(
  parts: LookUpParts,
  id: string,
): Promise<{ readonly key: Key } | 'erased' | 'nothing'> {
  let at = id
  for (let hop = 0; hop < HOPS_MAX; hop++) {
    const here = await inView(parts, at)
    if (here !== null && here.redirect !== null) {
      at = here.redirect
      continue
    }
    const key = here?.founder ?? (await inStore(parts, at))
    if (key === null) return here === null ? 'nothing' : 'erased'
    return { key }
  }
  return 'nothing'
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
interface TimelineEvent {
  readonly fact: Fact
  readonly raw: string
}

export interface Timeline {
  /** Oldest first. */
  readonly events: readonly TimelineEvent[]
  /** Where older ones go on; null when there are none. */
  readonly next: Place | null
}

/**
 * On a shared cookie an event is judged by its session: so many messages before a page, and of so long after it, are
 * looked at with it, so that a session that goes on over its edge is judged as a whole.
 */
const SESSION_MESSAGES_MAX = 500
const SESSION_MS_MAX = 4 * 3_600_000

/**
 * The latest events that are the profile's over all its devices, before a place if one is given. Of at most `limit`
 * messages: those on shared cookies that are others' are left out, so there may be fewer, even none, and yet a `next`.
 */
export async function timelineOf(
  parts: LookUpParts,
  profile: DescribedProfile,
  limit: number,
  before?: Place,
): Promise<Timeline> {
  const asked: Identifier[] = [...profile.identifiers, ...profile.sharedCookies]
  // One more than a page tells whether there is another one.
  const more = profile.sharedCookies.length > 0 ? SESSION_MESSAGES_MAX : 1
  const messages = await parts.log.messagesOf(asked, limit + more, before)
  const later = before === undefined ? [] : await sessionsAfter(parts, profile, before)
  const owners = await ownersFor(parts, profile, [...messages, ...later])
  const start = Math.max(0, messages.length - limit)
  const page = messages.slice(start)
  const [oldest] = page
  return {
    events: page
      .filter((_, i) => owners[start + i] === profile.id)
      .map(({ fact, raw }) => ({ fact, raw })),
    next: start > 0 && oldest !== undefined ? placeOf(oldest) : null,
  }
}

/** What was done on the profile's shared cookies from a place on, for as long as a session may go on. */
async function sessionsAfter(
  { log }: LookUpParts,
  { sharedCookies }: DescribedProfile,
  place: Place,
): Promise<readonly StoredMessage[]> {
  if (sharedCookies.length === 0) return []
  const end = { at: place.at + SESSION_MS_MAX, position: 0 }
  const messages = await log.messagesOf(sharedCookies, SESSION_MESSAGES_MAX, end)
  return messages.filter((message) => comparePlaces(placeOf(message), place) >= 0)
}

async function ownersFor(
  { resolver }: LookUpParts,
  { id, identifiers, sharedCookies }: DescribedProfile,
  messages: readonly StoredMessage[],
): Promise<readonly (string | null)[]> {
  const shared = new Set(sharedCookies.map((cookie) => cookie.key))
  const own = new Set<Key>(identifiers.map((identifier) => identifier.key))
  const policy = await resolver.look([], (_, active) => active)
  const facts = messages.map((message) => message.fact)
  return ownersOf(facts, policy, {
    profileOf: (key) => (own.has(key) ? id : `not ${id}`),
    isShared: (cookie) => shared.has(cookie),
  })
}

/** The profile that holds the identifier, with what is around it, at most `nodesMax` nodes; null as for `profileOf`. */
export async function graphOf(
  { resolver }: LookUpParts,
  key: Key,
  nodesMax?: number,
): Promise<DescribedGraph | null> {
  return resolver.look([key], (view, policy) => describeGraph(view, policy, key, nodesMax))
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
