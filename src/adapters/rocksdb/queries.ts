// Reads what is listed: the feed, questions and verdicts in their order, profiles with their members.

import type { Key } from '../../core/identifier/identifier.ts'
import type {
  ChangeEvent,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type { FeedRow, QuestionPlace, StoredChange } from '../../ports/identity-store.ts'
import type { Database, RangeOptions, Row } from './database.ts'
import {
  byBytes,
  byKey,
  byText,
  byTextAnd,
  keyAt,
  numberBytes,
  prefixOf,
  sequenceBytes,
  sequenceIn,
} from './keys.ts'
import { membersIn, profilesIn } from './neighbourhood.ts'
import { questionOf, verdictOf, worthRow } from './review-writes.ts'
import { feedOf, nodeOf } from './rows.ts'

const FEED = prefixOf('feed')
/** Of the feed, read at once while changes are looked for. */
const FEED_PAGE = 1_000
const WORTH_BYTES = 8

export function profileIn(
  database: Database,
  id: string,
): { profile: ProfileRecord; members: readonly NodeRecord[] } | null {
  let [profile] = profilesIn(database, [id])
  while (profile !== undefined && profile.redirect !== null)
    [profile] = profilesIn(database, [profile.redirect])
  return profile === undefined ? null : { profile, members: membersIn(database, profile.id) }
}

export function feedAfter(database: Database, after: number, limit: number): readonly FeedRow[] {
  const from = byBytes('feed', sequenceBytes(Math.max(0, after) + 1))
  return database.range(FEED, { from, limit }).map(feedRow)
}

export function changesAfter(
  database: Database,
  after: number,
  limit: number,
): readonly StoredChange[] {
  const found: StoredChange[] = []
  let last = after
  while (found.length < limit) {
    const rows = feedAfter(database, last, FEED_PAGE)
    found.push(...rows.flatMap(changeOf))
    if (rows.length < FEED_PAGE) break
    last = rows.at(-1)?.sequence ?? last
  }
  return found.slice(0, limit)
}

export function changesOf(
  database: Database,
  profile: string,
  limit: number,
): readonly StoredChange[] {
  const latest = database.range(byTextAnd('changesOf', profile), {
    reverse: true,
    limit,
    keysOnly: true,
  })
  const rows = latest.toReversed().map(([row]) => byBytes('feed', sequenceBytes(sequenceIn(row))))
  const values = database.getMany(rows)
  return rows.flatMap((row, at) => {
    const value = values[at]
    return value === undefined ? [] : changeOf(feedRow([row, value]))
  })
}

function feedRow([row, value]: Row): FeedRow {
  return feedOf(sequenceIn(row), value)
}

const OF_PROFILES = 'profile.'

function changeOf({ event, subject, ...rest }: FeedRow): readonly StoredChange[] {
  if (!event.startsWith(OF_PROFILES)) return []
  return [{ ...rest, profile: subject, event: event.slice(OF_PROFILES.length) as ChangeEvent }]
}

export function questionsAfter(
  database: Database,
  after: QuestionPlace | null,
  limit: number,
): readonly QuestionRecord[] {
  const prefix = prefixOf('questionsByWorth')
  const from = after === null ? prefix : Buffer.concat([worthRow(after), Buffer.of(0)])
  const rows = database.range(prefix, { from, limit, keysOnly: true })
  const ids = rows.map(([row]) => row.toString('utf8', 1 + WORTH_BYTES))
  const values = database.getMany(ids.map((id) => byText('question', id)))
  return values.flatMap((value) => (value === undefined ? [] : [questionOf(value)]))
}

export function questionIn(database: Database, id: string): QuestionRecord | null {
  const value = database.get(byText('question', id))
  return value === undefined ? null : questionOf(value)
}

export function verdictsBefore(
  database: Database,
  before: number | null,
  limit: number,
): readonly VerdictRecord[] {
  const prefix = prefixOf('verdictsByOrder')
  const to = before === null ? {} : { to: byBytes('verdictsByOrder', numberBytes(before)) }
  return verdictsListed(database, prefix, { ...to, reverse: true, limit })
}

/** The latest on a question, by the question's id or its own. */
export function verdictOn(database: Database, id: string): VerdictRecord | null {
  const [onQuestion] = verdictsListed(database, byTextAnd('verdictsByQuestion', id), {
    reverse: true,
    limit: 1,
  })
  const value = database.get(byText('verdict', id))
  const own = value && verdictOf(value)
  if (own === undefined) return onQuestion ?? null
  return onQuestion !== undefined && onQuestion.order > own.order ? onQuestion : own
}

function verdictsListed(
  database: Database,
  prefix: Buffer,
  options: RangeOptions,
): readonly VerdictRecord[] {
  const ids = database.range(prefix, options).map(([, id]) => id)
  const values = database.getMany(ids.map((id) => byBytes('verdict', id)))
  return values.flatMap((value) => (value === undefined ? [] : [verdictOf(value)]))
}

export function waitingIn(database: Database, limit: number): readonly Key[] {
  return database
    .range(prefixOf('waiting'), { limit, keysOnly: true })
    .map(([row]) => keyAt(row, 1))
}

export function nodesAfter(database: Database, after: Key, limit: number): readonly NodeRecord[] {
  const prefix = prefixOf('node')
  const from = after === '' ? prefix : byKey('node', after, Buffer.of(0))
  return database.range(prefix, { from, limit }).map(([row, value]) => nodeOf(keyAt(row, 1), value))
}
