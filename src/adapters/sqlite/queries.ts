// The small questions to a store: a profile by id, the feed, what waits, all nodes page by page.
// Invariant: an id that gave way answers with the profile that answers now.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type {
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type { FeedRow, QuestionPlace, StoredChange } from '../../ports/identity-store.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'
import {
  CHANGE_COLUMNS,
  type ChangeRow,
  FEED_COLUMNS,
  feedRow,
  NODE_COLUMNS,
  nodeRecord,
  type NodeRow,
  PROFILE_COLUMNS,
  profileRecord,
  type ProfileRow,
  QUESTION_COLUMNS,
  questionRecord,
  type QuestionRow,
  storedChange,
} from './rows.ts'

/** To be called in a transaction. */
export interface Queries {
  position(source: string): number
  profile(id: string): { profile: ProfileRecord; members: NodeRecord[] } | null
  changesOf(profile: string, limit: number): StoredChange[]
  changes(after: number, limit: number): StoredChange[]
  feed(after: number, limit: number): FeedRow[]
  feedEnd(): number
  epoch(): string
  questions(after: QuestionPlace | null, limit: number): QuestionRecord[]
  question(id: string): QuestionRecord | null
  verdicts(before: number | null, limit: number): VerdictRecord[]
  verdictOn(question: string): VerdictRecord | null
  waiting(limit: number): Key[]
  countWaiting(): number
  scanNodes(after: Key, limit: number): NodeRecord[]
}

export function prepareQueries(database: DatabaseSync, numbers: Numbers): Queries {
  const statements = prepareStatements(database)
  const keyOf = (id: number): Key | undefined => numbers.nodeKey(id)
  const questionOf = (row: QuestionRow): QuestionRecord =>
    questionRecord(row, knownKey(keyOf, row[1]), knownKey(keyOf, row[2]))
  return {
    position: (source) => statements.position.first(source)?.[0] ?? 0,
    profile: (id) => {
      const row = finalProfile(statements, numbers.profileId(id))
      if (row === undefined) return null
      const members = statements.members.all(row[0])
      return {
        profile: profileRecord(row, numbers),
        members: members.map((node) => nodeRecord(node, numbers, keyOf)),
      }
    },
    changesOf: (profile, limit) => {
      const id = numbers.profileId(profile)
      return id === undefined ? [] : statements.changesOf.all(id, limit).map(storedChange)
    },
    changes: (after, limit) => statements.changes.all(after, limit).map(storedChange),
    feed: (after, limit) => statements.feed.all(after, limit).map(feedRow),
    feedEnd: () => statements.feedEnd.first()?.[0] ?? 0,
    epoch: () => statements.epoch.first()?.[0] ?? '',
    question: (id) => {
      const row = statements.question.first(id)
      return row === undefined ? null : questionOf(row)
    },
    verdicts: (before, limit) =>
      statements.verdicts.all(before ?? Number.MAX_SAFE_INTEGER, limit).map(verdictRecord),
    verdictOn: (question) => {
      const row = statements.verdictOn.first(question)
      return row === undefined ? null : verdictRecord(row)
    },
    questions: (after, limit) => questionRows(statements, after, limit).map(questionOf),
    waiting: (limit) => statements.waiting.all(limit).map(([key]) => key),
    countWaiting: () => statements.countWaiting.first()?.[0] ?? 0,
    scanNodes: (after, limit) =>
      statements.scanNodes.all(after, limit).map((row) => nodeRecord(row, numbers, keyOf)),
  }
}

/** Each begins where the page before ended, however many are worth the same. */
export const QUESTIONS_OF_WORTH = `SELECT ${QUESTION_COLUMNS} FROM question
  WHERE worth = ? AND id > ? ORDER BY id LIMIT ?`
export const QUESTIONS_BELOW = `SELECT ${QUESTION_COLUMNS} FROM question
  WHERE worth < ? ORDER BY worth DESC, id LIMIT ?`

function questionRows(
  { firstQuestions, questionsOfWorth, questionsBelow }: Statements,
  after: QuestionPlace | null,
  limit: number,
): readonly QuestionRow[] {
  if (after === null) return firstQuestions.all(limit)
  const same = questionsOfWorth.all(after.worth, after.id, limit)
  return [...same, ...questionsBelow.all(after.worth, limit - same.length)]
}

type VerdictRow = [record: string]

function verdictRecord([record]: VerdictRow): VerdictRecord {
  return JSON.parse(record) as VerdictRecord
}

/** As the indices have them. */
const ORDER = "json_extract(record, '$.order')"
const QUESTION = "json_extract(record, '$.question.id')"

function knownKey(keyOf: (id: number) => Key | undefined, id: number): Key {
  const key = keyOf(id)
  if (key === undefined) throw new Error(`a question names a node that is not there: ${id}`)
  return key
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: DatabaseSync) {
  const prepare = <Row>(sql: string) => prepareQuery<Row>(database, sql)
  const change = `SELECT ${CHANGE_COLUMNS} FROM change c JOIN profile p ON p.id = c.profile WHERE`
  return {
    position: prepare<[number]>('SELECT position FROM position WHERE source = ?'),
    profileById: prepare<ProfileRow>(`SELECT ${PROFILE_COLUMNS} FROM profile WHERE id = ?`),
    members: prepare<NodeRow>(
      `SELECT ${NODE_COLUMNS} FROM node n WHERE n.profile = ? ORDER BY n.key`,
    ),
    changesOf: prepare<ChangeRow>(
      `${change} c.sequence IN (SELECT sequence FROM change WHERE profile = ? ORDER BY sequence DESC LIMIT ?)
       ORDER BY c.sequence`,
    ),
    changes: prepare<ChangeRow>(`${change} c.sequence > ? ORDER BY c.sequence LIMIT ?`),
    feed: prepare<ChangeRow>(
      `SELECT ${FEED_COLUMNS} FROM change c LEFT JOIN profile p ON p.id = c.profile
       WHERE c.sequence > ? ORDER BY c.sequence LIMIT ?`,
    ),
    feedEnd: prepare<[number]>('SELECT coalesce(max(sequence), 0) FROM change'),
    epoch: prepare<[string]>('SELECT name FROM epoch'),
    firstQuestions: prepare<QuestionRow>(
      `SELECT ${QUESTION_COLUMNS} FROM question ORDER BY worth DESC, id LIMIT ?`,
    ),
    questionsOfWorth: prepare<QuestionRow>(QUESTIONS_OF_WORTH),
    questionsBelow: prepare<QuestionRow>(QUESTIONS_BELOW),
    question: prepare<QuestionRow>(`SELECT ${QUESTION_COLUMNS} FROM question WHERE id = ?`),
    verdicts: prepare<VerdictRow>(
      `SELECT record FROM verdict WHERE ${ORDER} < ? ORDER BY ${ORDER} DESC LIMIT ?`,
    ),
    verdictOn: prepare<VerdictRow>(
      `SELECT record FROM verdict WHERE ${QUESTION} = ?1 OR id = ?1
       ORDER BY ${ORDER} DESC LIMIT 1`,
    ),
    waiting: prepare<[Key]>('SELECT lower(hex(component)) FROM waiting ORDER BY component LIMIT ?'),
    countWaiting: prepare<[number]>('SELECT count(*) FROM waiting'),
    scanNodes: prepare<NodeRow>(`
      SELECT ${NODE_COLUMNS} FROM node n
      WHERE substr(n.key, 1, 6) >= unhex(substr(?1, 1, 12)) AND n.key > unhex(?1)
      ORDER BY substr(n.key, 1, 6), n.key LIMIT ?2`),
  }
}

/** The profile at the end of the redirects that start here. */
function finalProfile(statements: Statements, start: number | undefined): ProfileRow | undefined {
  const passed = new Set<number>()
  let id = start ?? null
  let row: ProfileRow | undefined
  while (id !== null) {
    if (passed.has(id)) throw new Error(`profile redirects go in a circle: ${row?.[1] ?? id}`)
    passed.add(id)
    row = statements.profileById.first(id)
    id = row?.[9] ?? null
  }
  return row
}
