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
  const stored = (key: Key): NodeRecord | undefined => {
    const row = select.first(key)
    return row && nodeRecord(row, numbers, (id) => numbers.nodeKey(id))
  }
  /** As removals leave it; whom the commit erases is nobody's anchor any more. */
  const remaining = (key: Key, removed: ReadonlySet<Key>): NodeRecord | undefined => {
    const node = removed.has(key) ? undefined : stored(key)
    return node !== undefined && removed.has(node.anchor) ? { ...node, anchor: key } : node
  }
  return {
    readStands: ({ read = [] }) =>
      read.every(({ key, version }) => (stored(key)?.version ?? 0) === version),
    nodesOf: ({ nodes, widened: seen = [], nodesRemoved }) => {
      if (seen.length === 0) return nodes
      const removed = new Set(nodesRemoved)
      return [...nodes, ...seen.map((node) => widened(remaining(node.key, removed), node))]
    },
  }
}
