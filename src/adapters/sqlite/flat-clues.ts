// The clues of many nodes as two arrays: a small array of its own for each takes longer to cross to a thread than its node.
// Invariant: nodes that crossed without clues and got them back are the nodes that were sent.

import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { NodeRecord } from '../../core/profile/records.ts'

export interface FlatClues {
  /** Of all nodes, one after the other. */
  readonly clues: Clues
  /** Of each node, how many. */
  readonly counts: Clues
}

export function withoutClues(nodes: readonly NodeRecord[]): {
  readonly nodes: readonly NodeRecord[]
  readonly clues: FlatClues
} {
  const counts = new Uint32Array(nodes.length)
  const clues = new Uint32Array(nodes.reduce((sum, node) => sum + node.clues.length, 0))
  let at = 0
  const bare = nodes.map((node, i) => {
    const own = node.clues
    if (own.length === 0) return node
    counts[i] = own.length
    clues.set(own, at)
    at += own.length
    return { ...node, clues: NO_CLUES }
  })
  return { nodes: bare, clues: { clues, counts } }
}

export function withClues(
  nodes: readonly NodeRecord[],
  { clues, counts }: FlatClues,
): readonly NodeRecord[] {
  let at = 0
  return nodes.map((node, i) => {
    const from = at
    at += counts[i] ?? 0
    return at === from ? node : { ...node, clues: clues.subarray(from, at) }
  })
}
