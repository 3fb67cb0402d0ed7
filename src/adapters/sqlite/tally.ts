// The one row of counts and of the last numbers given out: read at the start of a transaction, written at its end.
// Invariant: a number once given to a node or profile is never given to another, also after an erasure.

import type { DatabaseSync } from 'node:sqlite'

export interface Tally {
  nodes: number
  edges: number
  /** Profiles that have members; ids that only redirect are not counted. */
  profiles: number
  questions: number
  verdicts: number
  lastNode: number
  lastProfile: number
  /** Erasures so far: what was remembered of keys and numbers before the latest may be wrong. */
  removals: number
}

export interface TallyRow {
  read(): Tally
  write(tally: Tally): void
}

export function tallyRow(database: DatabaseSync): TallyRow {
  const select = database.prepare(`
    SELECT nodes, edges, profiles, questions, verdicts, last_node AS lastNode, last_profile AS lastProfile, removals
    FROM tally`)
  const update = database.prepare(`
    UPDATE tally SET nodes = ?, edges = ?, profiles = ?, questions = ?, verdicts = ?, last_node = ?, last_profile = ?,
      removals = ?`)
  return {
    read: () => select.get() as unknown as Tally,
    write: (t) => {
      update.run(
        t.nodes,
        t.edges,
        t.profiles,
        t.questions,
        t.verdicts,
        t.lastNode,
        t.lastProfile,
        t.removals,
      )
    },
  }
}
