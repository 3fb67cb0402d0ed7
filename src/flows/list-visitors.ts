// Who was heard of last: the log read from its end, each message's identifiers, and the profiles that hold these now.
// Invariant: a profile comes with the latest message that names a member of it and with no other, whatever page that is on.

import type { Fact } from '../core/edge/fact.ts'
import type { Key } from '../core/identifier/identifier.ts'
import { outlineProfile, type ProfileOutline } from '../core/profile/explain/outline.ts'
import type { View } from '../core/profile/view/view.ts'
import type { Position, StoredMessage } from '../ports/event-log.ts'
import type { LookUpParts } from './look-up.ts'

/** Messages looked at for one page. */
export const VISITORS_LOOKED_AT_MAX = 20_000
/** Read together: few at first, since that is mostly enough; then more, since of a sealed segment much is read anyway. */
const CHUNK_MESSAGES_FIRST = 250
const CHUNK_MESSAGES_MAX = 2_000
/** Looked up together, for which the resolver decides nothing else: a matter of milliseconds. */
const LOOKED_UP_MESSAGES_MAX = 500
/** Messages behind a page among which one of the very same moment is looked for. */
export const SAME_MOMENT_MESSAGES_MAX = 1_000

/** Where a listing goes on: at a message, with its identifiers from this one on. */
export interface VisitorPlace {
  readonly position: Position
  readonly identifier: number
}

export interface VisitorsAsked {
  readonly limit: number
  /** Null for the first page. */
  readonly from: VisitorPlace | null
  readonly isWanted: (profile: ProfileOutline) => boolean
}

export interface Visitor {
  readonly profile: ProfileOutline
  /** The latest message that names one of its members, by event time. */
  readonly fact: Fact
  readonly raw: string
}

export interface VisitorsPage {
  readonly visitors: readonly Visitor[]
  /** Null where the log has no more. */
  readonly next: VisitorPlace | null
}

/**
 * Profiles by their latest messages, in the order in which these came, the last one first. A page looks at
 * `VISITORS_LOOKED_AT_MAX` messages at most, so it may have few profiles, even none, and yet a `next`.
 */
export async function listVisitors(
  parts: LookUpParts,
  asked: VisitorsAsked,
): Promise<VisitorsPage> {
  const end = Math.min(asked.from?.position ?? Infinity, parts.resolver.applied)
  const floor = Math.max(1, end - VISITORS_LOOKED_AT_MAX + 1)
  const page = new Page(asked)
  let last = end
  for (let chunk = CHUNK_MESSAGES_FIRST; last >= floor && page.next === null;) {
    const first = Math.max(floor, last - chunk + 1)
    const messages = await messagesIn(parts, first, last)
    await takeInto(page, parts, messages)
    last = first - 1
    chunk = Math.min(CHUNK_MESSAGES_MAX, 2 * chunk)
  }
  const next = page.next ?? (last > 0 ? { position: last, identifier: 0 } : null)
  if (asked.from === null) return { visitors: page.visitors, next }
  const behind = await messagesIn(parts, end + 1, end + SAME_MOMENT_MESSAGES_MAX)
  return { visitors: page.visitors.filter((one) => !isNamedIn(behind, one)), next }
}

async function takeInto(
  page: Page,
  parts: LookUpParts,
  messages: readonly StoredMessage[],
): Promise<void> {
  for (let left = messages.length; left > 0 && page.next === null;) {
    const some = messages.slice(Math.max(0, left - LOOKED_UP_MESSAGES_MAX), left)
    page.take(some.toReversed(), await outlinesOf(parts, some))
    left -= some.length
  }
}

class Page {
  readonly visitors: Visitor[] = []
  #next: VisitorPlace | null = null
  readonly #asked: VisitorsAsked
  readonly #met = new Set<string>()

  constructor(asked: VisitorsAsked) {
    this.#asked = asked
  }

  /** Where the next page begins; null while there is room on this one. */
  get next(): VisitorPlace | null {
    return this.#next
  }

  /** Messages with the last one first. */
  take(messages: readonly StoredMessage[], outlines: ReadonlyMap<Key, ProfileOutline>): void {
    for (const message of messages) {
      if (this.#next === null) this.#takeOne(message, outlines)
    }
  }

  #takeOne(
    { fact, raw, position }: StoredMessage,
    outlines: ReadonlyMap<Key, ProfileOutline>,
  ): void {
    const { from, limit, isWanted } = this.#asked
    const given = position === from?.position ? from.identifier : 0
    for (const [identifier, { key }] of fact.identifiers.entries()) {
      const profile = outlines.get(key)
      if (profile === undefined || this.#met.has(profile.id)) continue
      // Of every other message of the profile there is a later one, here or on an earlier page.
      if (profile.lastSeen !== fact.at) continue
      this.#met.add(profile.id)
      if (identifier < given || !isWanted(profile)) continue
      if (this.visitors.length === limit) {
        this.#next = { position, identifier }
        return
      }
      this.visitors.push({ profile, fact, raw })
    }
  }
}

/** Positions are both inclusive; what the resolver has not applied is left out. */
async function messagesIn(
  { log, resolver }: LookUpParts,
  first: Position,
  last: Position,
): Promise<readonly StoredMessage[]> {
  const count = Math.min(last, resolver.applied) - first + 1
  const records = count < 1 ? [] : await log.read(first, count)
  return records.flatMap((record) => (record.kind === 'message' ? [record] : []))
}

/** The profile of each member that a message names. */
async function outlinesOf(
  { resolver }: LookUpParts,
  messages: readonly StoredMessage[],
): Promise<ReadonlyMap<Key, ProfileOutline>> {
  const types = await resolver.look([], (_, policy) => policy.types)
  const named = messages.flatMap(({ fact }) => fact.identifiers)
  const members = named.filter(({ type }) => types.get(type)?.role === 'member')
  const keys = [...new Set(members.map(({ key }) => key))]
  return resolver.look(keys, (view) => outlinesIn(view, keys))
}

/** The profiles that hold loaded members. */
export function outlinesIn(view: View, keys: readonly Key[]): ReadonlyMap<Key, ProfileOutline> {
  const byProfile = new Map<string, ProfileOutline | null>()
  const found = new Map<Key, ProfileOutline>()
  for (const key of keys) {
    const id = view.node(key)?.profile ?? ''
    const outline = byProfile.get(id) ?? outlineProfile(view, key)
    byProfile.set(id, outline)
    if (outline !== null) found.set(key, outline)
  }
  return found
}

/** Two messages of one moment are both the latest: the one that came last counts, and may be behind the page. */
function isNamedIn(messages: readonly StoredMessage[], { profile, fact }: Visitor): boolean {
  const sameMoment = messages.filter((message) => message.fact.at === fact.at)
  if (sameMoment.length === 0) return false
  const members = new Set(profile.members)
  return sameMoment.some((message) => message.fact.identifiers.some(({ key }) => members.has(key)))
}
