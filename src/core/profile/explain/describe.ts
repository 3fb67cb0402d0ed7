// A profile as people and programs ask for it: its members, how sure we are, and the link that holds it together.

import type { Key } from '../../identifier/identifier.ts'
import { confidenceOf, EVIDENCE_MAX } from '../../policy/evidence-unit.ts'
import type { Policy } from '../../policy/policy.ts'
import { componentsOf } from '../component.ts'
import { memberNeighbours, newPass, type Pass } from '../view/neighbours.ts'
import { alikeText, edgeText } from '../reasons.ts'
import type { ProfileKind, ProfileState } from '../view/records.ts'
import type { Needs } from '../settle.ts'
import { isShared, whyShared } from '../shared/shared.ts'
import { stageA } from '../stage-a.ts'
import type { View, ViewNode } from '../view/view.ts'

export interface DescribedIdentifier {
  readonly key: Key
  readonly type: string
  readonly namespace: string
  readonly value: string
  /** Event times, ms. */
  readonly firstSeen: number
  readonly lastSeen: number
  readonly sites: readonly string[]
  readonly quarantined: boolean
}

/** What is known of a profile as a whole. */
export interface ProfileStanding {
  readonly id: string
  readonly kind: ProfileKind
  readonly state: ProfileState
  /** Of the weakest link that holds it together, 0 to 0.9999; null for a single identifier, which nothing must hold. */
  readonly confidence: number | null
  readonly revision: number
}

export interface DescribedProfile extends ProfileStanding {
  /** Why the one identifier of a profile of kind `shared` joins nobody; else null. */
  readonly sharedBecause: string | null
  /** The weakest link in words; null when there is none. */
  readonly weakestLink: string | null
  readonly firstSeen: number
  readonly lastSeen: number
  readonly sites: readonly string[]
  readonly identifiers: readonly DescribedIdentifier[]
  /** Shared cookies its members used: theirs only session by session. */
  readonly sharedCookies: readonly DescribedIdentifier[]
}

/** The profile that holds a member; null for a witness or an unknown identifier. */
export function describeProfile(
  view: View,
  policy: Policy,
  key: Key,
): DescribedProfile | null | { readonly needs: Needs } {
  const node = view.node(key)
  if (node === undefined || node.profile === '') return null
  const members = membersOf(view, node)
  const pass = newPass(view, policy)
  const shared = sharedAround(view, members).filter((cookie) => isShared(pass, cookie))
  const record = view.profiles.get(node.profile)
  const weakest = record?.weakest ?? EVIDENCE_MAX
  const link = node.over ? null : linkOf(pass, node, weakest)
  const sharedBecause = members.length > 1 ? null : whyShared(pass, node)
  if (pass.missing.size > 0)
    return { needs: { nodes: [...pass.missing], crowds: [], profiles: [] } }
  return {
    ...standingOf(view, node, members.length),
    sharedBecause,
    weakestLink: link,
    ...lifeOf(members),
    identifiers: members.map(describeIdentifier),
    sharedCookies: shared.map(describeIdentifier),
  }
}

/** `members`: how many of them there are. */
export function standingOf(view: View, node: ViewNode, members: number): ProfileStanding {
  const record = view.profiles.get(node.profile)
  const waits = node.over || view.waiting.has(node.component)
  return {
    id: node.profile,
    kind: record?.kind ?? 'anonymous',
    state: waits ? 'awaiting_batch' : (record?.state ?? 'provisional'),
    confidence: members === 1 ? null : confidenceOf(record?.weakest ?? EVIDENCE_MAX),
    revision: record?.revision ?? 0,
  }
}

export function lifeOf(
  members: readonly ViewNode[],
): Pick<DescribedProfile, 'firstSeen' | 'lastSeen' | 'sites'> {
  return {
    firstSeen: Math.min(...members.map((n) => n.firstSeen)),
    lastSeen: Math.max(...members.map((n) => n.lastSeen)),
    sites: [...new Set(members.flatMap((n) => n.sites))].toSorted(),
  }
}

/** The members of a node's profile, as far as they are loaded, by first time seen. */
export function membersOf(view: View, node: ViewNode): ViewNode[] {
  const members = [...(view.components.get(node.component) ?? [node.key])]
    .map((key) => view.node(key))
    .filter((n) => n !== undefined)
    .filter((n) => n.profile === node.profile)
  return members.toSorted((x, y) => x.firstSeen - y.firstSeen || (x.key < y.key ? -1 : 1))
}

function sharedAround(view: View, members: readonly ViewNode[]): ViewNode[] {
  const own = new Set(members)
  const around = new Set<ViewNode>()
  for (const member of members) {
    for (const key of memberNeighbours(member)) {
      const other = view.node(key)
      if (other?.type === 'cookie' && !own.has(other)) around.add(other)
    }
  }
  return [...around]
}

/** Deciding again is most of a look-up, so its outcome is remembered until the profile is decided anew. */
function linkOf(pass: Pass, node: ViewNode, weakest: number): string | null {
  const { weakestLinks } = pass.view
  const known = weakestLinks.get(node.profile)
  if (known !== undefined) return known
  const link = weakestLink(pass, node, weakest)
  if (pass.missing.size === 0) weakestLinks.set(node.profile, link)
  return link
}

function weakestLink(pass: Pass, { key, profile }: ViewNode, weakest: number): string | null {
  const groups = componentsOf(pass, [key]).components.flatMap((component) =>
    stageA(pass, component).groups.filter(({ nodes }) => nodes[0]?.profile === profile),
  )
  for (const { tree } of groups) {
    const edge = tree.find(({ effective }) => effective.evidence === weakest)
    if (edge !== undefined) return edgeText(pass, edge)
  }
  return groups.length > 1 ? alikeText(pass.policy, weakest) : null
}

export function describeIdentifier(node: ViewNode): DescribedIdentifier {
  const { key, type, namespace, value, firstSeen, lastSeen, sites, quarantined } = node
  return { key, type, namespace, value, firstSeen, lastSeen, sites, quarantined }
}
