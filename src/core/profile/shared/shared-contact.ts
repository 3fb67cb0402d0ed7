// Whether an e-mail or phone is used by several people: it was named with several values of an id that a person has once.
// Invariant: reads its own edges, and of the ids at their ends quarantine and crowded days; never a profile.

import { eraStarts } from '../../evidence/era-starts.ts'
import type { Key } from '../../identifier/identifier.ts'
import { hasCalmDay } from '../view/crowded-days.ts'
import { completeNode, edgesBetween, memberNeighbours, type Pass } from '../view/neighbours.ts'
import { isMemberKind, type ViewNode } from '../view/view.ts'

/** Values shown of the namespace that tells; the rest is counted. */
const VALUES_SHOWN = 2

/** Why a contact is shared, for people to read; null when it is one person's, or no contact at all. */
export function whyContactShared(pass: Pass, contact: ViewNode): string | null {
  if (contact.over || !mayBeShared(pass, contact)) return null
  const { policy, view } = pass
  const byNamespace = new Map<string, ViewNode[]>()
  for (const key of externalIdsOf(pass, contact)) {
    const id = view.node(key)
    if (id === undefined || policy.namespaces.get(id.namespace)?.unique !== true) continue
    byNamespace.set(id.namespace, [...(byNamespace.get(id.namespace) ?? []), id])
  }
  for (const [namespace, ids] of byNamespace) {
    if (ids.length <= policy.idsPerContactMax) continue
    const values = mostAtOnce(pass, contact, ids)
      .map(({ value }) => value)
      .toSorted()
    if (values.length > policy.idsPerContactMax)
      return `it was named with ${values.length} values of ${namespace}, such as ${values.slice(0, VALUES_SHOWN).join(' and ')} (at most ${policy.idsPerContactMax})`
  }
  return null
}

export function isSharedContact(pass: Pass, contact: ViewNode): boolean {
  if (contact.type === 'cookie' || contact.type === 'external_id') return false
  let shared = pass.shared.get(contact.key)
  if (shared === undefined) {
    shared = whyContactShared(pass, contact) !== null
    pass.shared.set(contact.key, shared)
  }
  return shared
}

/** Whether it is a contact with more external ids around it than it may have; nearly always answered by a count. */
export function mayBeShared({ policy, view }: Pass, node: ViewNode): boolean {
  const max = policy.idsPerContactMax
  if (node.type === 'cookie' || node.type === 'external_id') return false
  if (node.out.size + node.inbound.size <= max) return false
  let ids = 0
  for (const key of memberNeighbours(node)) {
    if (view.node(key)?.type === 'external_id' && ++ids > max) return true
  }
  return false
}

/** Of a contact that changes hands, the ids of the era that has most of them: its owners had it one after the other. */
function mostAtOnce(pass: Pass, contact: ViewNode, ids: readonly ViewNode[]): readonly ViewNode[] {
  const gap = pass.policy.types.get(contact.type)?.reassignedAfterDays ?? 0
  if (gap === 0) return ids
  const starts = eraStarts(daysNamed(pass, contact), gap)
  const eras = starts.map((start, era) => {
    const end = starts[era + 1] ?? Infinity
    const within = (day: number): boolean => day >= start && day < end
    return ids.filter((id) => daysBetween(contact, id).some(within))
  })
  return eras.reduce((most, one) => (one.length > most.length ? one : most), [])
}

function daysNamed({ view }: Pass, contact: ViewNode): number[] {
  return memberNeighbours(contact).flatMap((key) => {
    const node = view.node(key)
    return node === undefined ? [] : daysBetween(contact, node)
  })
}

function daysBetween(a: ViewNode, b: ViewNode): number[] {
  return edgesBetween(a, b).flatMap(({ kind, days }) =>
    isMemberKind(kind) ? [...days.keys()] : [],
  )
}

/** External ids named together with the identifier on a day that counts, those in quarantine left out. */
export function externalIdsOf(pass: Pass, named: ViewNode): ReadonlySet<Key> {
  let ids = pass.externalIds.get(named.key)
  if (ids === undefined) pass.externalIds.set(named.key, (ids = findExternalIds(pass, named)))
  return ids
}

function findExternalIds(pass: Pass, named: ViewNode): ReadonlySet<Key> {
  const ids = new Set<Key>()
  const node = completeNode(pass, named.key)
  if (node === undefined) return ids
  for (const key of memberNeighbours(node)) {
    if (pass.view.node(key)?.type !== 'external_id') continue
    const id = completeNode(pass, key)
    if (id === undefined || id.quarantined || id.over) continue
    if (edgesBetween(node, id).some((edge) => hasCalmDay(pass, edge, node, id))) ids.add(key)
  }
  return ids
}
