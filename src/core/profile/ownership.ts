// Whose an event is: the profile of its strongest identifier; on a shared cookie, that session's person, or nobody.
// Invariant: a cookie's events are given out by sessions in event time, not by order of arrival.

import type { Fact } from '../edge/fact.ts'
import type { Identifier, Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'

/** What is known of the identifiers of the events: their profile, and whether a cookie is shared. */
export interface Owners {
  profileOf(key: Key): string | null
  isShared(cookie: Key): boolean
}

/** The identifier that says most about whose the event is; undefined when it names no member. */
export function strongestIdentifier(fact: Fact, policy: Policy): Identifier | undefined {
  let best: { identifier: Identifier; rank: number } | undefined
  for (const identifier of fact.identifiers) {
    const rule = policy.types.get(identifier.type)
    if (rule?.role !== 'member') continue
    const better =
      best === undefined ||
      rule.rank > best.rank ||
      (rule.rank === best.rank && identifier.key < best.identifier.key)
    if (better) best = { identifier, rank: rule.rank }
  }
  return best?.identifier
}

/**
 * The profile of each event, in the order given; null for nobody. Events on a shared cookie without a name of their own
 * need that cookie's other events among `facts` to be given to the person of their session.
 */
export function ownersOf(
  facts: readonly Fact[],
  policy: Policy,
  owners: Owners,
): readonly (string | null)[] {
  const sessions = new Map<Key, Fact[]>()
  for (const fact of facts) {
    const cookie = fact.identifiers.find((i) => i.type === 'cookie')
    if (cookie === undefined || !owners.isShared(cookie.key)) continue
    sessions.set(cookie.key, [...(sessions.get(cookie.key) ?? []), fact])
  }
  const bySession = new Map<Fact, string | null>()
  for (const events of sessions.values()) giveSessions(events, policy, owners, bySession)
  return facts.map((fact) => {
    const strongest = strongestIdentifier(fact, policy)
    if (strongest === undefined) return null
    return bySession.has(fact) ? (bySession.get(fact) ?? null) : owners.profileOf(strongest.key)
  })
}

/** One person named: the whole session is theirs. Several: each event is the last one's named before it, else nobody's. */
function giveSessions(
  events: readonly Fact[],
  policy: Policy,
  owners: Owners,
  given: Map<Fact, string | null>,
): void {
  const gapMs = policy.sessionGapMinutes * 60_000
  const sorted = events.toSorted((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1))
  let start = 0
  for (let i = 1; i <= sorted.length; i++) {
    const [before, next] = [sorted[i - 1], sorted[i]]
    if (next !== undefined && before !== undefined && next.at - before.at <= gapMs) continue
    giveSession(sorted.slice(start, i), policy, owners, given)
    start = i
  }
}

function giveSession(
  session: readonly Fact[],
  policy: Policy,
  owners: Owners,
  given: Map<Fact, string | null>,
): void {
  const named = session.map((fact) => {
    const strongest = strongestIdentifier(fact, policy)
    return strongest === undefined || strongest.type === 'cookie'
      ? null
      : owners.profileOf(strongest.key)
  })
  const people = new Set(named.filter((profile) => profile !== null))
  let current = people.size === 1 ? (named.find((profile) => profile !== null) ?? null) : null
  session.forEach((fact, i) => {
    current = named[i] ?? current
    given.set(fact, current)
  })
}
