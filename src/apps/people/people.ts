// Lists of people of an account: who was heard of last, and who is meant by a text.
// Invariant: whom a list names is a profile of the live graph; published tables only tell names and whom to look for.

import { type Fact, identifierText } from '../../core/index.ts'
import type { ProfileKind, ProfileState } from '../../core/profile/view/records.ts'
import type { ProfileOutline } from '../../core/profile/explain/outline.ts'
import { listVisitors, outlinesIn, type Visitor } from '../../flows/list-visitors.ts'
import { memberById } from '../../flows/look-up.ts'
import type { Account } from '../account/account.ts'
import { visitorCursorOf, visitorPlaceOf } from '../answers/cursor.ts'
import { senderOf } from '../answers/device.ts'
import { instant } from '../answers/instant.ts'
import { type Answered, noAnswer } from '../answers/look-ups.ts'
import type { SearchAnswer, VisitorsAnswer } from '../answers/people-answer.ts'
import { identifiersMeant } from './identifiers-meant.ts'
import type { PublishedPeople } from './published-people.ts'

/** People that a search finds at most. */
export const FOUND_MAX = 20

export interface VisitorsWanted {
  readonly kind: ProfileKind | null
  readonly state: ProfileState | null
  readonly site: string | null
  readonly limit: number
  readonly before: string | null
}

type Match = SearchAnswer['results'][number]['matched']

interface Candidate {
  readonly profile: ProfileOutline
  readonly matched: Match
  readonly exact: boolean
}

export class People {
  readonly #account: Account
  readonly #published: PublishedPeople

  constructor(account: Account, published: PublishedPeople) {
    this.#account = account
    this.#published = published
  }

  async visitors(wanted: VisitorsWanted): Promise<Answered<VisitorsAnswer>> {
    const { kind, state, site, limit, before } = wanted
    const from = before === null ? null : visitorPlaceOf(before)
    if (before !== null && from === null)
      return noAnswer(400, 'before is the "next" of an earlier page')
    const isWanted = (profile: ProfileOutline): boolean =>
      (kind === null || profile.kind === kind) &&
      (state === null || profile.state === state) &&
      (site === null || profile.sites.includes(site))
    const { visitors, next } = await listVisitors(this.#account, { limit, from, isWanted })
    const names = await this.#published.namesOf(visitors.map(({ profile }) => profile.id))
    return {
      ok: true,
      value: {
        visitors: visitors.map((one) => answerOfVisitor(one, names.get(one.profile.id) ?? null)),
        next: next && visitorCursorOf(next),
      },
    }
  }

  /** Exactly that id or identifier first, then who has the text in a name, a contact or an identifier. */
  async search(query: string): Promise<Answered<SearchAnswer>> {
    const exact = await this.#exactly(query)
    const { run, found } = await this.#published.find(query, FOUND_MAX)
    const lives = await this.#byIds(found.map(({ profile }) => profile))
    const published = found.flatMap(({ profile: id, what, text }): readonly Candidate[] => {
      const profile = lives.get(id)
      return profile === undefined ? [] : [{ profile, matched: { what, text }, exact: false }]
    })
    const candidates = firstOfEach([...exact, ...published]).slice(0, FOUND_MAX)
    const names = new Map(found.map(({ profile, name }) => [lives.get(profile)?.id, name]))
    const own = await this.#published.namesOf(candidates.map(({ profile }) => profile.id))
    return {
      ok: true,
      value: {
        query,
        results: candidates.map(
          ({ profile: { id, kind, state, size }, matched, exact: isExact }) => {
            const name = own.get(id) ?? names.get(id) ?? null
            return { profile: id, kind, state, name, identifiers: size, matched, exact: isExact }
          },
        ),
        run,
      },
    }
  }

  async close(): Promise<void> {
    await this.#published.close()
  }

  async #exactly(query: string): Promise<readonly Candidate[]> {
    const byId = query.startsWith('prf_') ? (await this.#byIds([query])).get(query) : undefined
    const matched: Match = { what: 'profile', text: query }
    const meant = identifiersMeant(this.#account.extraction, query)
    const keys = meant.map(({ key }) => key)
    const outlines = await this.#account.resolver.look(keys, (view) => outlinesIn(view, keys))
    return [
      ...(byId === undefined ? [] : [{ profile: byId, matched, exact: true }]),
      ...meant.flatMap((identifier): readonly Candidate[] => {
        const profile = outlines.get(identifier.key)
        const text = identifierText(identifier)
        return profile === undefined
          ? []
          : [{ profile, matched: { what: 'identifier', text }, exact: true }]
      }),
    ]
  }

  /** The profiles that answer to ids now, which may have given way to others. */
  async #byIds(ids: readonly string[]): Promise<ReadonlyMap<string, ProfileOutline>> {
    const keys = new Map<string, string>()
    for (const id of new Set(ids)) {
      const member = await memberById(this.#account, id)
      if (typeof member === 'object') keys.set(id, member.key)
    }
    const all = [...keys.values()]
    const outlines = await this.#account.resolver.look(all, (view) => outlinesIn(view, all))
    return new Map(
      [...keys].flatMap(([id, key]) => {
        const outline = outlines.get(key)
        return outline === undefined ? [] : [[id, outline] as const]
      }),
    )
  }
}

function firstOfEach(candidates: readonly Candidate[]): readonly Candidate[] {
  const met = new Set<string>()
  return candidates.filter(({ profile: { id } }) => !met.has(id) && met.add(id))
}

function answerOfVisitor(
  { profile, fact, raw }: Visitor,
  name: string | null,
): VisitorsAnswer['visitors'][number] {
  return {
    profile: profile.id,
    kind: profile.kind,
    state: profile.state,
    name,
    identifier: tellingOf(profile, fact),
    confidence: profile.confidence,
    revision: profile.revision,
    identifiers: profile.size,
    by_type: Object.fromEntries(profile.byType),
    sites: [...profile.sites],
    last: {
      at: instant(fact.at),
      type: fact.type,
      name: fact.name,
      site: fact.site,
      ...senderOf(raw),
    },
  }
}

/** Types from the one that tells most; cookies, which tell least, come after all others. */
const TELLING = ['external_id', 'email', 'phone']

function tellingOf({ members }: ProfileOutline, { identifiers }: Fact): string {
  const own = identifiers.filter(({ key }) => members.includes(key))
  const [first] = (own.length === 0 ? identifiers : own).toSorted(
    (a, b) => rankOf(a.type) - rankOf(b.type),
  )
  return first === undefined ? '' : identifierText(first)
}

function rankOf(type: string): number {
  const rank = TELLING.indexOf(type)
  return rank === -1 ? TELLING.length + Number(type === 'cookie') : rank
}
