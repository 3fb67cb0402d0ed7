// Writes one commit: looks at what it rests on first, then puts everything into one batch.
// Invariant: nothing is awaited in between, so no other commit and no load can come into it.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord, ProfileRecord } from '../../core/profile/view/records.ts'
import type { Commit } from '../../ports/identity-store.ts'
import { edgeKindCode, MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import { type ReviewChanges, reviewChanges } from '../../ports/review-changes.ts'
import { widened } from '../../ports/widened.ts'
import type { Database } from './database.ts'
import { edgeRow, intoRow, seenWithRow, sightingRow } from './edge-rows.ts'
import { byKey, byText, byTextAnd, byBytes, sequenceBytes } from './keys.ts'
import { putNode, putProfile, storedNodes, storedProfiles } from './node-writes.ts'
import { removeNodes } from './removal.ts'
import { writeReviews } from './review-writes.ts'
import { edgeValue, feedValue, jsonValue, wholeValue } from './rows.ts'
import { Transaction } from './transaction.ts'

export function commitTo(database: Database, commit: Commit): 'committed' | 'conflict' {
  const transaction = new Transaction(database)
  const inPlace = commit.applied.every(({ source, from }) => positionOf(database, source) === from)
  if (!inPlace) return 'conflict'
  const before = whatStands(transaction, commit)
  if (before === null) return 'conflict'
  const reviews = reviewChanges()
  removeNodes(transaction, reviews, commit.nodesRemoved)
  writeNodes(transaction, commit, before)
  writeEdges(transaction, commit)
  writeReviews(transaction, reviews, commit)
  tell(transaction, commit, reviews)
  writeWaiting(transaction, commit)
  for (const { source, to } of commit.applied)
    transaction.put(byText('position', source), jsonValue(to))
  transaction.write()
  return 'committed'
}

export function positionOf(database: Database, source: string): number {
  const value = database.get(byText('position', source))
  return value === undefined ? 0 : Number(value.toString())
}

interface Before {
  readonly nodes: readonly (NodeRecord | undefined)[]
  readonly profiles: readonly (ProfileRecord | undefined)[]
}

/** The stored ones of what the commit writes over; null if a version is another than it says. */
function whatStands(transaction: Transaction, commit: Commit): Before | null {
  const removed = new Set<Key>(commit.nodesRemoved)
  const nodes = storedNodes(transaction, keysOf(commit.nodes))
  const read = storedNodes(transaction, keysOf(commit.read ?? []))
  const profiles = storedProfiles(
    transaction,
    commit.profiles.map(({ id }) => id),
  )
  const nodesHold = commit.nodes.every(
    ({ key, version }, at) => (removed.has(key) ? 0 : (nodes[at]?.version ?? 0)) === version,
  )
  const readHolds = (commit.read ?? []).every(
    ({ version }, at) => (read[at]?.version ?? 0) === version,
  )
  const profilesHold = commit.profiles.every(
    ({ version }, at) => (profiles[at]?.version ?? 0) === version,
  )
  return nodesHold && readHolds && profilesHold ? { nodes, profiles } : null
}

function keysOf(list: readonly { readonly key: Key }[]): readonly Key[] {
  return list.map(({ key }) => key)
}

function writeNodes(transaction: Transaction, commit: Commit, before: Before): void {
  const stored =
    commit.nodesRemoved.length === 0
      ? before.nodes
      : // A removal may have taken some away, or rewritten those that were anchored to it.
        storedNodes(transaction, keysOf(commit.nodes))
  commit.nodes.forEach((node, at) =>
    putNode(transaction, stored[at], { ...node, version: node.version + 1 }),
  )
  const wider = commit.widened ?? []
  const narrow = storedNodes(transaction, keysOf(wider))
  wider.forEach((seen, at) => {
    const node = widened(narrow[at], seen)
    putNode(transaction, narrow[at], { ...node, version: node.version + 1 })
  })
  commit.profiles.forEach((profile, at) =>
    putProfile(transaction, before.profiles[at], { ...profile, version: profile.version + 1 }),
  )
}

function writeEdges(transaction: Transaction, commit: Commit): void {
  const edges = commit.edges.map((edge) => {
    const kind = edgeKindCode(edge.kind)
    const ends = { from: edge.from, to: edge.to, kind }
    return { edge, ends, row: edgeRow(ends) }
  })
  const stored = transaction.getMany(edges.map(({ row }) => row))
  edges.forEach(({ edge, ends, row }, at) => {
    transaction.put(row, edgeValue(edge))
    if (stored[at] !== undefined) return
    transaction.tally.edges++
    if (ends.kind < MEMBER_KIND_CODES_END) transaction.put(intoRow(ends))
  })
  for (const seen of commit.sightings) {
    transaction.put(sightingRow(seen), wholeValue(seen.hours))
    transaction.put(seenWithRow(seen))
  }
}

function tell(transaction: Transaction, commit: Commit, reviews: ReviewChanges): void {
  const { tally } = transaction
  for (const { event, profile, ...rest } of commit.changes) {
    const sequence = sequenceBytes(++tally.sequence)
    const row = { ...rest, event: `profile.${event}`, subject: profile } as const
    transaction.put(byBytes('feed', sequence), feedValue(row))
    transaction.put(byTextAnd('changesOf', profile, sequence))
  }
  const announced = (commit.announced ?? []).map((one) => ({ ...one, revision: 0, from: [] }))
  for (const row of [...reviews.rows(Date.now()), ...announced])
    transaction.put(byBytes('feed', sequenceBytes(++tally.sequence)), feedValue(row))
}

function writeWaiting(transaction: Transaction, commit: Commit): void {
  const { tally } = transaction
  for (const component of commit.waitingRemoved) {
    const row = byKey('waiting', component)
    if (transaction.get(row) === undefined) continue
    tally.waiting--
    transaction.delete(row)
  }
  for (const component of commit.waiting) {
    const row = byKey('waiting', component)
    if (transaction.get(row) !== undefined) continue
    tally.waiting++
    transaction.put(row)
  }
}
