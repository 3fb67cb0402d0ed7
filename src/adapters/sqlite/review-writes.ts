// Writes the questions and verdicts of a commit, and notes for the feed what goes and what is put.
// Invariant: the tally counts what is stored; what is replaced goes first.

import type { DatabaseSync } from 'node:sqlite'
import type { Guard, VerdictRecord } from '../../core/profile/view/records.ts'
import { prepareQuery } from './query.ts'
import type { Writing } from './writing.ts'

export function reviewWriter(database: DatabaseSync): (writing: Writing) => void {
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

  return (writing) => {
    writeQuestions(writing)
    writeVerdicts(writing)
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
