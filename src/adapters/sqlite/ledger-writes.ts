// Writes what a commit says about profiles and to people: the feed, questions, verdicts, what waits, and the position.
// Invariant: the position of the source is written with everything it stands for.

import type { DatabaseSync } from 'node:sqlite'
import type { Guard, VerdictRecord } from '../../core/profile/view/records.ts'
import { CHANGE_EVENTS, codeOf, FEED_EVENTS } from './columns.ts'
import type { Writing } from './writing.ts'
import { prepareQuery } from './query.ts'

/** Numbers of profiles begin at 1. */
const NO_PROFILE = 0

export interface LedgerWriter {
  position(source: string): number
  write(writing: Writing): void
}

export function ledgerWriter(database: DatabaseSync): LedgerWriter {
  const selectPosition = prepareQuery<[number]>(
    database,
    'SELECT position FROM position WHERE source = ?',
  )
  const replacePosition = database.prepare('INSERT OR REPLACE INTO position VALUES (?, ?)')
  const insertChange = database.prepare('INSERT INTO change VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)')
  const deleteQuestion = prepareQuery<[guard: Guard]>(
    database,
    'DELETE FROM question WHERE id = ? RETURNING guard',
  )
  const insertQuestion = database.prepare('INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const deleteVerdict = prepareQuery<[record: string]>(
    database,
    'DELETE FROM verdict WHERE id = ? RETURNING record',
  )
  const insertVerdict = database.prepare('INSERT INTO verdict VALUES (?, ?)')
  const deleteMembers = database.prepare('DELETE FROM verdict_member WHERE verdict = ?')
  const insertMember = database.prepare('INSERT OR IGNORE INTO verdict_member VALUES (unhex(?), ?)')
  const deleteWaiting = database.prepare('DELETE FROM waiting WHERE component = unhex(?)')
  const insertWaiting = database.prepare('INSERT OR IGNORE INTO waiting VALUES (unhex(?))')

  return {
    position: (source) => selectPosition.first(source)?.[0] ?? 0,
    write: (writing) => {
      const { commit } = writing
      writeChanges(writing)
      writeQuestions(writing)
      writeVerdicts(writing)
      writeOthers(writing)
      for (const component of commit.waitingRemoved) deleteWaiting.run(component)
      for (const component of commit.waiting) insertWaiting.run(component)
      replacePosition.run(commit.source, commit.position)
    },
  }

  function writeChanges(writing: Writing): void {
    for (const { event, profile, revision, from, at, reason } of writing.commit.changes) {
      const fromNames = from.length === 0 ? null : JSON.stringify(from)
      const code = codeOf(CHANGE_EVENTS, event)
      insertChange.run(writing.profileId(profile), code, revision, fromNames, at, reason, null)
    }
  }

  /** What is about no profile. */
  function writeOthers({ commit, reviews }: Writing): void {
    for (const { event, subject, at, reason } of [
      ...reviews.rows(Date.now()),
      ...(commit.announced ?? []),
    ])
      insertChange.run(NO_PROFILE, codeOf(FEED_EVENTS, event), 0, null, at, reason, subject)
  }

  function writeQuestions(writing: Writing): void {
    const { commit, tally } = writing
    for (const id of commit.questionsRemoved) removeQuestion(id, writing)
    for (const question of commit.questions) {
      const { id, a, b, guard, reason, evidence, scoredBy, worth } = question
      removeQuestion(id, writing)
      const sides = [writing.nodeId(a), writing.nodeId(b)] as const
      insertQuestion.run(id, ...sides, guard, reason, evidence, scoredBy, worth)
      tally.questions++
      writing.reviews.questionPut(question)
    }
  }

  function removeQuestion(id: string, { tally, reviews }: Writing): void {
    const stored = deleteQuestion.first(id)
    if (stored === undefined) return
    tally.questions--
    reviews.questionGone({ id, guard: stored[0] })
  }

  function writeVerdicts(writing: Writing): void {
    const { commit, tally, reviews } = writing
    for (const id of commit.verdictsRemoved) removeVerdict(id, writing)
    for (const verdict of commit.verdicts) {
      removeVerdict(verdict.id, writing)
      insertVerdict.run(verdict.id, JSON.stringify(verdict))
      for (const key of [...verdict.a, ...verdict.b]) insertMember.run(key, verdict.id)
      tally.verdicts++
      reviews.verdictPut(verdict)
    }
  }

  function removeVerdict(id: string, { tally, reviews }: Writing): void {
    deleteMembers.run(id)
    const stored = deleteVerdict.first(id)
    if (stored === undefined) return
    tally.verdicts--
    reviews.verdictGone(JSON.parse(stored[0]) as VerdictRecord)
  }
}
