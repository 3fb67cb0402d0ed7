// Writes nodes and profiles with the orders they are found by.
// Invariant: a node stands under its component, its profile and (where it is another) its anchor, and nowhere else.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord, ProfileRecord } from '../../core/profile/view/records.ts'
import { bytesOf, byKey, byText, byTextAnd } from './keys.ts'
import { nodeOf, nodeValue, profileOf, profileValue, wholeValue } from './rows.ts'
import type { Transaction } from './transaction.ts'

type Stored<T> = readonly (T | undefined)[]

/** What is stored under these keys, in their order. */
export function storedNodes(transaction: Transaction, keys: readonly Key[]): Stored<NodeRecord> {
  const values = transaction.getMany(keys.map((key) => byKey('node', key)))
  return values.map((value, at) => value && nodeOf(keys[at] ?? '', value))
}

export function storedProfiles(
  transaction: Transaction,
  ids: readonly string[],
): Stored<ProfileRecord> {
  const values = transaction.getMany(ids.map((id) => byText('profile', id)))
  return values.map((value, at) => value && profileOf(ids[at] ?? '', value))
}

/** As it is given, its version included. */
export function putNode(
  transaction: Transaction,
  stored: NodeRecord | undefined,
  node: NodeRecord,
): void {
  const { key, component, profile, anchor, firstSeen } = node
  if (stored === undefined) transaction.tally.identifiers++
  if (stored?.component !== component) {
    if (stored !== undefined) deleteLabel(transaction, stored)
    if (component !== '') transaction.put(labelRow(key, component))
  }
  if (stored?.profile !== profile || stored.firstSeen !== firstSeen) {
    if (stored !== undefined && stored.profile !== profile) deleteMember(transaction, stored)
    if (profile !== '') transaction.put(memberRow(key, profile), wholeValue(firstSeen))
  }
  if (stored?.anchor !== anchor) {
    if (stored !== undefined) deleteAnchor(transaction, stored)
    if (anchor !== key) transaction.put(anchorRow(key, anchor))
  }
  transaction.put(byKey('node', key), nodeValue(node))
}

export function deleteNode(transaction: Transaction, node: NodeRecord): void {
  transaction.tally.identifiers--
  deleteLabel(transaction, node)
  deleteMember(transaction, node)
  deleteAnchor(transaction, node)
  transaction.delete(byKey('node', node.key))
}

export function putProfile(
  transaction: Transaction,
  stored: ProfileRecord | undefined,
  profile: ProfileRecord,
): void {
  const liveBefore = stored !== undefined && stored.size > 0 ? 1 : 0
  transaction.tally.profiles += (profile.size > 0 ? 1 : 0) - liveBefore
  transaction.put(byText('profile', profile.id), profileValue(profile))
}

function deleteLabel(transaction: Transaction, { key, component }: NodeRecord): void {
  if (component !== '') transaction.delete(labelRow(key, component))
}

function deleteMember(transaction: Transaction, { key, profile }: NodeRecord): void {
  if (profile !== '') transaction.delete(memberRow(key, profile))
}

function deleteAnchor(transaction: Transaction, { key, anchor }: NodeRecord): void {
  if (anchor !== key) transaction.delete(anchorRow(key, anchor))
}

/** A node of its own component, as most are, is not named twice. */
function labelRow(key: Key, component: Key): Buffer {
  return key === component ? byKey('nodesOf', component) : byKey('nodesOf', component, bytesOf(key))
}

function memberRow(key: Key, profile: string): Buffer {
  return byTextAnd('membersOf', profile, bytesOf(key))
}

function anchorRow(key: Key, anchor: Key): Buffer {
  return byKey('anchoredTo', anchor, bytesOf(key))
}
