// Writes what a commit says about profiles and to people: lineage, questions, verdicts, what waits, and the position.
// Invariant: the position of the source is written with everything it stands for.

import type { DatabaseSync } from 'node:sqlite'
import { CHANGE_EVENTS, codeOf } from './columns.ts'
import type { Writing } from './writing.ts'
import { prepareQuery } from './query.ts'

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
  const insertChange = database.prepare('INSERT INTO change VALUES (NULL, ?, ?, ?, ?, ?, ?)')
  const deleteQuestion = database.prepare('DELETE FROM question WHERE id = ?')
  const insertQuestion = database.prepare('INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const deleteVerdict = database.prepare('DELETE FROM verdict WHERE id = ?')
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
      for (const component of commit.waitingRemoved) deleteWaiting.run(component)
      for (const component of commit.waiting) insertWaiting.run(component)
      replacePosition.run(commit.source, commit.position)
    },
  }

  function writeChanges(writing: Writing): void {
    for (const { event, profile, revision, from, at, reason } of writing.commit.changes) {
      const fromNames = from.length === 0 ? null : JSON.stringify(from)
      const code = codeOf(CHANGE_EVENTS, event)
      insertChange.run(writing.profileId(profile), code, revision, fromNames, at, reason)
    }
  }

  function writeQuestions(writing: Writing): void {
    const { commit, tally } = writing
    for (const id of commit.questionsRemoved)
      tally.questions -= Number(deleteQuestion.run(id).changes)
    for (const { id, a, b, guard, reason, evidence, scoredBy, worth } of commit.questions) {
      tally.questions += 1 - Number(deleteQuestion.run(id).changes)
      const sides = [writing.nodeId(a), writing.nodeId(b)] as const
      insertQuestion.run(id, ...sides, guard, reason, evidence, scoredBy, worth)
    }
  }

  function writeVerdicts({ commit, tally }: Writing): void {
    for (const id of commit.verdictsRemoved) tally.verdicts -= removeVerdict(id)
    for (const verdict of commit.verdicts) {
      tally.verdicts += 1 - removeVerdict(verdict.id)
      insertVerdict.run(verdict.id, JSON.stringify(verdict))
      for (const key of [...verdict.a, ...verdict.b]) insertMember.run(key, verdict.id)
    }
  }

  function removeVerdict(id: string): number {
    deleteMembers.run(id)
    return Number(deleteVerdict.run(id).changes)
  }
}
