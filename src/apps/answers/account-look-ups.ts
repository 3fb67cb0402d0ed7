// Look-ups in an account opened by this process.

import { attributesOf } from '../../core/index.ts'
import { goldenOf, type LiveGolden } from '../../flows/golden-of.ts'
import { explainPair, graphOf, historyOf, timelineOf } from '../../flows/look-up.ts'
import { statsOf } from '../../flows/take-census.ts'
import type { Account } from '../account/account.ts'
import type { MembershipAnswer, ProfileAnswer } from './answer.ts'
import type { ExplanationAnswer } from './explanation-answer.ts'
import {
  answerOfExplanation,
  answerOfGraph,
  answerOfHistory,
  answerOfProfile,
  answerOfStats,
  answerOfTimeline,
} from './answer-of.ts'
import { placeOfCursor } from './cursor.ts'
import {
  answerOfChanges,
  type ChangesAnswer,
  FEED_START,
  placeOfText,
  whyNoPlace,
} from './feed-answer.ts'
import { type Found, findProfile } from './find-profile.ts'
import { answerOfKnowledge, answerOfModel } from './knowledge-answer.ts'
import { noAnswer, type Answered, type LookUps } from './look-ups.ts'

/** Members one identifier is explained with at most. */
const EXPLAINED_MAX = 20
/** Messages of a profile that are read for its golden record, and those on cookies it shares that are looked through. */
const GOLDEN_LIMITS = { messagesMax: 5_000, lookedAtMax: 50_000 }
/** Days of cookies and people that the stats have. */
const STATS_DAYS = 30

const NO_PLACE = `"after" is the "next" of an earlier page, or "${FEED_START}"`
const READ_ANEW = `read anew what you keep, and go on with "after=${FEED_START}"`

export function accountLookUps(account: Account): LookUps {
  const find = (asked: string): Promise<Answered<Found>> => findProfile(account, asked)
  return {
    profile: async (asked, golden) => {
      const found = await find(asked)
      if (!found.ok || golden === undefined) return mapped(found, answerOfFound)
      const attributes = attributesOf(account.active.settings)
      const question = { ...golden, ...GOLDEN_LIMITS, attributes }
      const known = await goldenOf(account, found.value.profile, question)
      return mapped(found, (one) => answerOfFound(one, known))
    },
    timeline: async (asked, limit, before) => {
      const place = before === undefined ? undefined : placeOfCursor(before)
      if (place === null) return noAnswer(400, 'before is the "next" of an earlier page')
      const found = await find(asked)
      if (!found.ok) return found
      const { profile } = found.value
      const timeline = await timelineOf(account, profile, limit, place)
      return { ok: true, value: answerOfTimeline(profile.id, timeline) }
    },
    history: async (asked, limit) => {
      const found = await find(asked)
      if (!found.ok) return found
      const { id } = found.value.profile
      return { ok: true, value: answerOfHistory(id, await historyOf(account, id, limit)) }
    },
    changes: (after, limit) => changesAfter(account, after, limit),
    graph: async (asked, limit) => {
      const found = await find(asked)
      if (!found.ok) return found
      const graph = await graphOf(account, found.value.key, limit)
      if (graph === null) return noAnswer(404, `nothing is known of ${asked} any more`)
      return { ok: true, value: answerOfGraph(graph) }
    },
    explain: async (a, b) => {
      const [from, to] = [await find(a), await find(b)]
      if (!from.ok) return from
      if (!to.ok) return to
      const ends = endsOf(from.value, to.value)
      return ends.ok ? explainKeys(account, ...ends.value) : ends
    },
    explainMembership: async (asked) => {
      const found = await find(asked)
      return found.ok ? explainMembership(account, found.value) : found
    },
    stats: async () => {
      const stats = await statsOf(account, STATS_DAYS)
      return { ok: true, value: answerOfStats(stats, answerOfKnowledge(account)) }
    },
    model: () => Promise.resolve({ ok: true, value: answerOfModel(account) }),
  }
}

async function changesAfter(
  { store }: Account,
  after: string,
  limit: number,
): Promise<Answered<ChangesAnswer>> {
  const asked = placeOfText(after)
  if (asked === null) return noAnswer(400, NO_PLACE)
  const epoch = await store.epoch()
  const place = asked === FEED_START ? { epoch, sequence: 0 } : asked
  const why = whyNoPlace(place, epoch, await store.feedEnd())
  if (why !== null) return noAnswer(409, `${why}; ${READ_ANEW}`)
  return { ok: true, value: answerOfChanges(place, await store.feed(place.sequence, limit)) }
}

function answerOfFound({ profile, key, byId }: Found, golden?: LiveGolden): ProfileAnswer {
  return answerOfProfile(profile, byId ? null : key, golden ?? null)
}

/** The two identifiers that are meant. An identifier and its own profile: it and another that the profile holds. */
function endsOf(from: Found, to: Found): Answered<readonly [string, string]> {
  const ends = [from.key, to.key] as const
  const { id, identifiers } = from.profile
  if (id !== to.profile.id || (!from.byId && !to.byId)) return { ok: true, value: ends }
  if (from.byId && to.byId) {
    return noAnswer(400, `both are the profile ${id}; ask about an identifier, or its history`)
  }
  const key = from.byId ? to.key : from.key
  const other = identifiers.find((member) => member.key !== key)
  if (other === undefined) return noAnswer(400, `the profile ${id} holds no other identifier`)
  return { ok: true, value: from.byId ? [other.key, key] : [key, other.key] }
}

async function explainKeys(
  account: Account,
  a: string,
  b: string,
): Promise<Answered<ExplanationAnswer>> {
  if (a === b) return noAnswer(400, 'these are one and the same identifier')
  const explanation = await explainPair(account, a, b)
  if (explanation === null) return noAnswer(404, 'one of them belongs to no profile')
  return { ok: true, value: answerOfExplanation(explanation) }
}

async function explainMembership(
  account: Account,
  found: Found,
): Promise<Answered<MembershipAnswer>> {
  const { profile, key } = found
  const explanations: ExplanationAnswer[] = []
  const others = profile.identifiers.filter((member) => member.key !== key)
  for (const other of others.slice(0, EXPLAINED_MAX)) {
    const explained = await explainKeys(account, key, other.key)
    if (explained.ok) explanations.push(explained.value)
  }
  return { ok: true, value: { profile: answerOfFound(found), explanations } }
}

function mapped<T, U>(answered: Answered<T>, map: (value: T) => U): Answered<U> {
  return answered.ok ? { ok: true, value: map(answered.value) } : answered
}
