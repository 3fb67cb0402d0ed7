// Takes erased identifiers out of the graph, with every edge, sighting and question that names them.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import type { ReviewChanges } from '../../ports/review-changes.ts'
import { MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import {
  edgeRow,
  endsOf,
  type Ends,
  intoRow,
  type Seen,
  seenIn,
  seenWithRow,
  sightingRow,
  startOfSeenWith,
  startsHere,
} from './edge-rows.ts'
import { byBytes, byKey, keyAt, KEY_BYTES, prefixOf } from './keys.ts'
import { deleteNode, putNode, storedNodes } from './node-writes.ts'
import { removeQuestion } from './review-writes.ts'
import type { Transaction } from './transaction.ts'

const KEYS_ONLY = { keysOnly: true } as const

export function removeNodes(
  transaction: Transaction,
  reviews: ReviewChanges,
  keys: readonly Key[],
): void {
  for (const key of keys) {
    const [node] = storedNodes(transaction, [key])
    if (node === undefined) continue
    removeEdges(transaction, node)
    removeSightings(transaction, key)
    for (const id of transaction.ids(byKey('questionsOf', key)))
      removeQuestion(transaction, reviews, id)
    releaseAnchored(transaction, key)
    deleteNode(transaction, node)
  }
}

function removeEdges(transaction: Transaction, { key, component }: NodeRecord): void {
  for (const [row] of transaction.range(byKey('edge', key), KEYS_ONLY)) {
    const ends = endsOf(row)
    // One from a node to itself is here twice.
    if (startsHere(row) || ends.from !== key) removeEdge(transaction, ends)
  }
  if (component !== '') return
  // Where cookies meet a witness stands in no order, and witnesses are hardly ever erased: all edges are passed.
  for (const [row] of transaction.range(prefixOf('edge'), KEYS_ONLY))
    if (startsHere(row) && endsOf(row).to === key) removeEdge(transaction, endsOf(row))
}

function removeEdge(transaction: Transaction, ends: Ends): void {
  transaction.tally.edges--
  transaction.delete(edgeRow(ends))
  if (ends.kind < MEMBER_KIND_CODES_END) transaction.delete(intoRow(ends))
}

function removeSightings(transaction: Transaction, key: Key): void {
  for (const [row] of transaction.range(byKey('sighting', key), KEYS_ONLY))
    removeSighting(transaction, seenIn(row))
  for (const [row] of transaction.range(byKey('seenWith', key), KEYS_ONLY)) {
    const { start, day } = startOfSeenWith(row)
    for (const [found] of transaction.range(byBytes('sighting', start), KEYS_ONLY)) {
      const seen = seenIn(found)
      if (seen.from === key && seen.day === day) removeSighting(transaction, seen)
    }
  }
}

function removeSighting(transaction: Transaction, seen: Seen): void {
  transaction.delete(sightingRow(seen))
  transaction.delete(seenWithRow(seen))
}

/** Who had it for an anchor is its own from now on. */
function releaseAnchored(transaction: Transaction, key: Key): void {
  const keys = transaction
    .range(byKey('anchoredTo', key), KEYS_ONLY)
    .map(([row]) => keyAt(row, 1 + KEY_BYTES))
  for (const node of storedNodes(transaction, keys))
    if (node !== undefined) putNode(transaction, node, { ...node, anchor: node.key })
}
