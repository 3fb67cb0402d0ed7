// Writes what a commit says about profiles and to people: the feed, questions, verdicts, what waits, and the position.
// Invariant: the position of the source is written with everything it stands for.

import type { DatabaseSync } from 'node:sqlite'
import { CHANGE_EVENTS, codeOf, FEED_EVENTS } from '../../ports/record-codes.ts'
import { reviewWriter } from './review-writes.ts'
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
  const writeReviews = reviewWriter(database)
  const deleteWaiting = database.prepare('DELETE FROM waiting WHERE component = unhex(?)')
  const insertWaiting = database.prepare('INSERT OR IGNORE INTO waiting VALUES (unhex(?))')

  return {
    position: (source) => selectPosition.first(source)?.[0] ?? 0,
    write: (writing) => {
      const { commit } = writing
      writeChanges(writing)
      writeReviews(writing)
      writeOthers(writing)
      for (const component of commit.waitingRemoved) deleteWaiting.run(component)
      for (const component of commit.waiting) insertWaiting.run(component)
      for (const { source, to } of commit.applied) replacePosition.run(source, to)
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
}
