// A commit that changes nothing: for who commits a position, an announcement or a single record.

import type { Commit } from './identity-store.ts'

export const EMPTY_COMMIT: Commit = {
  applied: [],
  nodes: [],
  edges: [],
  sightings: [],
  profiles: [],
  verdicts: [],
  verdictsRemoved: [],
  questions: [],
  questionsRemoved: [],
  changes: [],
  nodesRemoved: [],
  waiting: [],
  waitingRemoved: [],
}
