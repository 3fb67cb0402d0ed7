// A commit while it is written: the numbers of what it names.
// Invariant: a number is only ever that of a node that is stored or new in this commit.

import type { Key } from '../../core/identifier/identifier.ts'
import type { Commit } from '../../ports/identity-store.ts'
import { type ReviewChanges, reviewChanges } from '../../ports/review-changes.ts'
import type { Numbers } from './numbers.ts'
import type { Tally } from './tally.ts'

/** One commit under way: the numbers of what it names, those it has just given out included. */
export interface Writing {
  readonly commit: Commit
  readonly tally: Tally
  /** Of questions and verdicts, as far as it is written. */
  readonly reviews: ReviewChanges
  /** Nodes with a number above it are new in this commit. */
  readonly lastNodeBefore: number
  readonly nodeIds: Map<Key, number>
  readonly profileIds: Map<string, number>
  /** Number of a node that is stored or in this commit; any other is a bug of the caller. */
  nodeId(key: Key): number
  profileId(name: string): number
}

export function begin(commit: Commit, tally: Tally, numbers: Numbers): Writing {
  const nodeIds = new Map<Key, number>()
  const profileIds = new Map<string, number>()
  return {
    commit,
    tally,
    reviews: reviewChanges(),
    lastNodeBefore: tally.lastNode,
    nodeIds,
    profileIds,
    nodeId: (key) => numberOf(nodeIds, key, (k) => numbers.nodeId(k)),
    profileId: (name) => numberOf(profileIds, name, (n) => numbers.profileId(n)),
  }
}

function numberOf(
  known: Map<string, number>,
  name: string,
  stored: (name: string) => number | undefined,
): number {
  let id = known.get(name)
  if (id === undefined) {
    id = stored(name)
    if (id === undefined)
      throw new Error(`a commit names what is neither stored nor in it: ${name}`)
    known.set(name, id)
  }
  return id
}
