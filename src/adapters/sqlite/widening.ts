// What a commit widens, as the nodes to write; and whether what it has read is as it was read.
// Invariant: nothing is written here.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import type { Commit } from '../../ports/identity-store.ts'
import { widened } from '../../ports/widened.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'
import { NODE_COLUMNS, nodeRecord, type NodeRow } from './rows.ts'

export interface Widening {
  /** Whether every node that was read is still of its version. */
  readStands(commit: Commit): boolean
  /** Every node that is to be written, with the version that is stored. */
  nodesOf(commit: Commit): readonly NodeRecord[]
}

export function prepareWidening(database: DatabaseSync, numbers: Numbers): Widening {
  const select = prepareQuery<NodeRow>(
    database,
    `SELECT ${NODE_COLUMNS} FROM node n WHERE substr(n.key, 1, 6) = unhex(substr(?1, 1, 12)) AND n.key = unhex(?1)`,
  )
  const stored = (key: Key, removed: ReadonlySet<Key>): NodeRecord | undefined => {
    const row = removed.has(key) ? undefined : select.first(key)
    const node = row && nodeRecord(row, numbers, (id) => numbers.nodeKey(id))
    // Whom the commit erases is nobody's anchor any more.
    return node !== undefined && removed.has(node.anchor) ? { ...node, anchor: key } : node
  }
  return {
    readStands: ({ read = [], nodesRemoved }) => {
      const removed = new Set(nodesRemoved)
      return read.every(({ key, version }) => (stored(key, removed)?.version ?? 0) === version)
    },
    nodesOf: ({ nodes, widened: seen = [], nodesRemoved }) => {
      if (seen.length === 0) return nodes
      const removed = new Set(nodesRemoved)
      return [...nodes, ...seen.map((node) => widened(stored(node.key, removed), node))]
    },
  }
}
