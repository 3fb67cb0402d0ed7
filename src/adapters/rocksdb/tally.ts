// What is counted along with every commit, in a row of its own, so that nothing is counted by reading it.

import type { Database } from './database.ts'
import { byText } from './keys.ts'

export interface Tally {
  identifiers: number
  edges: number
  /** Those that have members. */
  profiles: number
  questions: number
  verdicts: number
  waiting: number
  /** Sequence of the latest row of the feed. */
  sequence: number
}

export const TALLY = byText('meta', 'tally')

export function readTally(database: Database): Tally {
  const value = database.get(TALLY)
  return value === undefined ? NOTHING() : (JSON.parse(value.toString()) as Tally)
}

const NOTHING = (): Tally => ({
  identifiers: 0,
  edges: 0,
  profiles: 0,
  questions: 0,
  verdicts: 0,
  waiting: 0,
  sequence: 0,
})
