// Writes one commit, table by table, each in the order of its numbers; versions are checked by the writes themselves.
// Invariant: all of it happens in the caller's transaction, which is undone when a version conflicts.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Commit, IdentityStore } from '../../ports/identity-store.ts'
import { edgeWriter } from './edge-writes.ts'
import { ledgerWriter } from './ledger-writes.ts'
import { nodeWriter } from './node-writes.ts'
import type { Numbers } from './numbers.ts'
import { profileWriter } from './profile-writes.ts'
import { removalWriter } from './removal.ts'
import type { Tally } from './tally.ts'

/** One commit under way: the numbers of what it names, those it has just given out included. */
export interface Writing {
  readonly commit: Commit
  readonly tally: Tally
  /** Nodes with a number above it are new in this commit. */
  readonly lastNodeBefore: number
  readonly nodeIds: Map<Key, number>
  readonly profileIds: Map<string, number>
  /** Number of a node that is stored or in this commit; any other is a bug of the caller. */
  nodeId(key: Key): number
  profileId(name: string): number
}

/** To be called in a transaction, with its tally, which it changes. On `conflict` the transaction is to be undone. */
export type WriteCommit = (
  commit: Commit,
  expected: number,
  tally: Tally,
) => Awaited<ReturnType<IdentityStore['commit']>>

export function prepareCommit(database: DatabaseSync, numbers: Numbers): WriteCommit {
  const nodes = nodeWriter(database, numbers)
  const profiles = profileWriter(database)
  const edges = edgeWriter(database)
  const ledger = ledgerWriter(database)
  const remove = removalWriter(database, numbers)
  return (commit, expected, tally) => {
    if (ledger.position(commit.source) !== expected) return 'conflict'
    const writing = begin(commit, tally, numbers)
    const plannedNodes = nodes.plan(writing)
    const plannedProfiles = plannedNodes && profiles.plan(writing)
    if (plannedNodes === null || plannedProfiles === null) return 'conflict'
    remove(writing)
    if (!profiles.write(plannedProfiles, writing)) return 'conflict'
    if (!nodes.write(plannedNodes, writing)) return 'conflict'
    edges.write(writing)
    ledger.write(writing)
    return 'committed'
  }
}

function begin(commit: Commit, tally: Tally, numbers: Numbers): Writing {
  const nodeIds = new Map<Key, number>()
  const profileIds = new Map<string, number>()
  return {
    commit,
    tally,
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
