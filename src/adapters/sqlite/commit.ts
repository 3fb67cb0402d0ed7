// Writes one commit, table by table, each in the order of its numbers; versions are checked by the writes themselves.
// Invariant: all of it happens in the caller's transaction, which is undone when a version conflicts.

import type { DatabaseSync } from 'node:sqlite'
import type { Commit, IdentityStore } from '../../ports/identity-store.ts'
import { edgeWriter } from './edge-writes.ts'
import { ledgerWriter } from './ledger-writes.ts'
import { nodeWriter } from './node-writes.ts'
import type { Numbers } from './numbers.ts'
import { profileWriter } from './profile-writes.ts'
import { removalWriter } from './removal.ts'
import { prepareQuery } from './query.ts'
import type { Tally } from './tally.ts'
import { prepareWidening } from './widening.ts'
import { begin } from './writing.ts'

/** To be called in a transaction, with its tally, which it changes. On `conflict` the transaction is to be undone. */
export type WriteCommit = (
  commit: Commit,
  tally: Tally,
) => Awaited<ReturnType<IdentityStore['commit']>>

export function prepareCommit(database: DatabaseSync, numbers: Numbers): WriteCommit {
  const nodes = nodeWriter(database, numbers)
  const profiles = profileWriter(database)
  const edges = edgeWriter(database)
  const ledger = ledgerWriter(database)
  const remove = removalWriter(database, numbers)
  const epoch = prepareQuery<[string]>(database, 'SELECT name FROM epoch')
  const widening = prepareWidening(database, numbers)
  return (given, tally) => {
    if (given.epoch !== undefined && given.epoch !== epoch.first()?.[0]) return 'conflict'
    const isInPlace = given.applied.every(({ source, from }) => ledger.position(source) === from)
    if (!isInPlace || !widening.readStands(given)) return 'conflict'
    const commit = { ...given, nodes: widening.nodesOf(given) }
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
