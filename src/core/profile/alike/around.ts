// Who is around a group of stage A: the groups and clusters it shares witnesses with, and what these say.
// Invariant: a group is looked at once a decision, however many are compared with it.

import { mergeSignals, noSignals, type PairSignals } from '../../evidence/pair.ts'
import type { Key } from '../../identifier/identifier.ts'
import { isOut, signalsIfIn, signalsOf } from './candidates.ts'
import { componentOf } from '../component.ts'
import type { Side } from '../guards.ts'
import { completeNode, type Pass } from '../view/neighbours.ts'
import { type Group, type Refusal, stageA } from '../stage-a.ts'
import type { CrowdAsk } from '../view/view.ts'

/** Groups that are one as far as the rounds have come. */
export interface Cluster {
  readonly groups: readonly Group[]
  readonly side: Side
  readonly key: Key
  /** Evidence of the weakest join between its groups; null when there was none. */
  readonly weakest: number | null
  /** How its groups came together, in order. */
  readonly joins: readonly Join[]
}

/** Two clusters that were made one. */
export interface Join {
  readonly a: readonly Group[]
  readonly b: readonly Group[]
  readonly evidence: number
}

/** What one decision has found out about groups so far. */
export interface Field {
  readonly pass: Pass
  /** What has to be decided again in any case. */
  readonly dirty: ReadonlySet<Group>
  readonly groupOf: Map<Key, Group>
  readonly pairs: Map<Group, Map<Group, PairSignals>>
  /** What stage A refused around the groups that came into scope. */
  readonly refusals: Refusal[]
  readonly asks: CrowdAsk[]
}

/** The member's group; undefined when it is not loaded, which is noted, or there is too much around it. */
export function groupOf(field: Field, key: Key): Group | undefined {
  const known = field.groupOf.get(key)
  if (known !== undefined) return known
  const node = completeNode(field.pass, key)
  if (node === undefined || node.over) return undefined
  const component = componentOf(field.pass, node)
  if (component === null) return undefined
  const { groups, refusals } = stageA(field.pass, component)
  for (const group of groups) for (const one of group.nodes) field.groupOf.set(one.key, group)
  field.refusals.push(...refusals)
  return field.groupOf.get(key)
}

/** The groups that share a witness with this one, and what the witnesses say. */
export function pairsOf(field: Field, group: Group): Map<Group, PairSignals> {
  const known = field.pairs.get(group)
  if (known !== undefined) return known
  const pairs = new Map<Group, PairSignals>()
  for (const node of group.nodes) {
    if (node.type !== 'cookie') continue
    for (const [key, signals] of signalsOf(field.pass, node, field.asks)) {
      const other = groupOf(field, key)
      if (other === undefined || other === group || !mayJoin(field.pass, key)) continue
      const sum = pairs.get(other) ?? noSignals()
      pairs.set(other, sum)
      mergeSignals(sum, signals)
    }
  }
  for (const [other, signals] of pairs) if (!signals.candidate) pairs.delete(other)
  field.pairs.set(group, pairs)
  return pairs
}

function mayJoin(pass: Pass, key: Key): boolean {
  return pass.view.node(key)?.quarantined === false && pass.shared.get(key) !== true
}

/** Whom the group's cookies that are out would be compared with: they may have been in until now. */
export function aroundWhoIsOut(field: Field, group: Group): Group[] {
  const near: Group[] = []
  for (const node of group.nodes) {
    if (node.type !== 'cookie' || !isOut(field.pass, node)) continue
    for (const [key, signals] of signalsIfIn(field.pass, node, field.asks)) {
      const other = signals.candidate ? groupOf(field, key) : undefined
      if (other !== undefined) near.push(other)
    }
  }
  return near
}

/** A group by itself. */
export function single(group: Group): Cluster {
  const key = group.nodes.reduce(
    (min, node) => (node.key < min ? node.key : min),
    group.nodes[0]?.key ?? '',
  )
  return { groups: [group], side: group.side, key, weakest: null, joins: [] }
}

/** The cluster of each group. */
export function homes(clusters: readonly Cluster[]): Map<Group, Cluster> {
  return new Map(clusters.flatMap((c) => c.groups.map((g) => [g, c] as const)))
}

/** What witnesses say about a cluster and each other one; groups without a home go by the profile they are in. */
export function around(
  field: Field,
  cluster: Cluster,
  home: ReadonlyMap<Group, Cluster>,
): Map<Cluster | string, PairSignals> {
  const found = new Map<Cluster | string, PairSignals>()
  for (const group of cluster.groups) {
    for (const [near, signals] of pairsOf(field, group)) {
      const other = home.get(near) ?? near.nodes[0]?.profile ?? ''
      if (other === cluster) continue
      const sum = found.get(other) ?? noSignals()
      found.set(other, sum)
      mergeSignals(sum, signals)
    }
  }
  return found
}
