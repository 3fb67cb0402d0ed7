// Stage B: between the groups of stage A, join two that are each other's best candidate by a margin, in two rounds.
// Invariant: mutual best does not depend on order; who is refused by a guard does not compete.

import { mergeSignals, noSignals, pairEvidence, type PairSignals } from '../evidence/pair.ts'
import { probabilityPpm } from '../evidence/probability.ts'
import type { Key } from '../identifier/identifier.ts'
import { signalsOf } from './candidates.ts'
import { componentOf } from './component.ts'
import { guardAgainst, type Side, uniteSides } from './guards.ts'
import { completeNode, type Pass } from './neighbours.ts'
import { founderOf } from './profile-id.ts'
import type { Guard } from './records.ts'
import { type Group, type Refusal, stageA } from './stage-a.ts'
import type { CrowdAsk } from './view.ts'

/** Groups that stage B made one, and what it leaves to the steward. */
export interface StageB {
  readonly clusters: readonly Cluster[]
  readonly questions: readonly Refusal[]
  /** Sightings that must be loaded first; the rest of the answer is then not final. */
  readonly asks: readonly CrowdAsk[]
  /** There were too many groups to look at. */
  readonly over: boolean
}

interface Cluster {
  readonly groups: readonly Group[]
  readonly side: Side
  readonly key: Key
  /** Evidence of the weakest join between its groups; null when there was none. */
  readonly weakest: number | null
}

interface Field {
  readonly pass: Pass
  readonly groupOf: Map<Key, Group>
  readonly pairs: Map<Group, Map<Group, PairSignals>>
  /** What stage A refused around the groups that came into scope. */
  readonly refusals: Refusal[]
  readonly asks: CrowdAsk[]
}

interface Candidate {
  readonly cluster: Cluster
  readonly evidence: number
}

/** Decides the groups again, and every group around them whose best candidate could change with them. */
export function stageB(pass: Pass, dirty: readonly Group[]): StageB {
  const field: Field = { pass, groupOf: new Map(), pairs: new Map(), refusals: [], asks: [] }
  for (const group of dirty) for (const node of group.nodes) field.groupOf.set(node.key, group)
  const scope = new Set(dirty)
  for (const group of dirty)
    for (const [near] of pairsOf(field, group)) addWithMates(field, scope, near)
  for (;;) {
    const before = scope.size
    widenByStrongPairs(field, scope)
    if (unfinished(field)) return { clusters: [], questions: [], asks: field.asks, over: false }
    if (sizeOf(scope) > pass.policy.neighbourhoodIdentifiersMax)
      return { clusters: [], questions: [], asks: [], over: true }
    const { clusters, questions } = playRounds(field, scope)
    const home = homes(clusters)
    for (const cluster of clusters) {
      for (const { cluster: near, evidence } of candidatesOf(field, cluster, home)) {
        if (evidence < pass.policy.mergeEvidence) continue
        for (const group of near.groups) addWithMates(field, scope, group)
      }
    }
    if (scope.size === before) {
      const inScope = field.refusals.filter(({ a }) => {
        const group = field.groupOf.get(a)
        return group !== undefined && scope.has(group)
      })
      return { clusters, questions: [...questions, ...inScope], asks: [], over: false }
    }
  }
}

function unfinished(field: Field): boolean {
  return field.asks.length > 0 || field.pass.missing.size > 0
}

function sizeOf(scope: ReadonlySet<Group>): number {
  let size = 0
  for (const group of scope) size += group.nodes.length
  return size
}

function widenByStrongPairs(field: Field, scope: Set<Group>): void {
  for (const group of scope) {
    for (const [near, signals] of pairsOf(field, group)) {
      if (pairEvidence(signals, field.pass.policy) >= field.pass.policy.mergeEvidence)
        addWithMates(field, scope, near)
    }
  }
}

/** A group comes with the groups it was last decided together with. */
function addWithMates(field: Field, scope: Set<Group>, group: Group): void {
  if (scope.has(group)) return
  scope.add(group)
  for (const node of group.nodes) {
    for (const mate of field.pass.view.components.get(node.component) ?? []) {
      const other = groupOf(field, mate)
      if (other !== undefined) addWithMates(field, scope, other)
    }
  }
}

function groupOf(field: Field, key: Key): Group | undefined {
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
function pairsOf(field: Field, group: Group): Map<Group, PairSignals> {
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

function single(group: Group): Cluster {
  const key = group.nodes.reduce(
    (min, node) => (node.key < min ? node.key : min),
    group.nodes[0]?.key ?? '',
  )
  return { groups: [group], side: group.side, key, weakest: null }
}

function homes(clusters: readonly Cluster[]): Map<Group, Cluster> {
  return new Map(clusters.flatMap((c) => c.groups.map((g) => [g, c] as const)))
}

/** The clusters around one, best first; those that a guard refuses are left out. */
function candidatesOf(
  field: Field,
  cluster: Cluster,
  home: ReadonlyMap<Group, Cluster>,
): Candidate[] {
  const { pass } = field
  const signals = new Map<Cluster, PairSignals>()
  const outside = new Map<Group, Cluster>()
  for (const group of cluster.groups) {
    for (const [near, found] of pairsOf(field, group)) {
      const other = home.get(near) ?? outside.get(near) ?? single(near)
      if (!home.has(near)) outside.set(near, other)
      if (other === cluster) continue
      const sum = signals.get(other) ?? noSignals()
      signals.set(other, sum)
      mergeSignals(sum, found)
    }
  }
  return [...signals]
    .map(([other, found]) => ({ cluster: other, evidence: pairEvidence(found, pass.policy) }))
    .filter(({ cluster: other }) => guardAgainst(pass, cluster.side, other.side, {}) === null)
    .toSorted((x, y) => y.evidence - x.evidence || (x.cluster.key < y.cluster.key ? -1 : 1))
    .slice(0, pass.policy.candidatesPerGroupMax)
}

function playRounds(
  field: Field,
  scope: ReadonlySet<Group>,
): { clusters: Cluster[]; questions: Refusal[] } {
  let clusters = [...scope].map(single).toSorted((x, y) => (x.key < y.key ? -1 : 1))
  let questions: Refusal[] = []
  for (let round = 0; round < field.pass.policy.stageBRounds; round++) {
    const home = homes(clusters)
    const lists = new Map(clusters.map((c) => [c, candidatesOf(field, c, home)]))
    const joined = new Set<Cluster>()
    const next: Cluster[] = []
    questions = []
    for (const cluster of clusters) {
      const best = lists.get(cluster)?.[0]
      if (best === undefined || joined.has(cluster)) continue
      if (best.evidence < field.pass.policy.mergeEvidence) continue
      const doubt = doubtOf(field.pass, cluster, best, lists)
      if (doubt === null && !joined.has(best.cluster)) {
        joined.add(cluster).add(best.cluster)
        next.push(unite(cluster, best))
      } else if (doubt !== null) questions.push(doubt)
    }
    clusters = [...next, ...clusters.filter((c) => !joined.has(c))].toSorted((x, y) =>
      x.key < y.key ? -1 : 1,
    )
    if (joined.size === 0) break
  }
  return { clusters, questions }
}

function unite(a: Cluster, b: Candidate): Cluster {
  const weakest = [a.weakest, b.cluster.weakest, b.evidence].filter((e) => e !== null)
  return {
    groups: [...a.groups, ...b.cluster.groups],
    side: uniteSides(a.side, b.cluster.side),
    key: a.key < b.cluster.key ? a.key : b.cluster.key,
    weakest: Math.min(...weakest),
  }
}

/** Why a cluster and its best candidate are not joined; null when they are. */
function doubtOf(
  pass: Pass,
  cluster: Cluster,
  best: Candidate,
  lists: ReadonlyMap<Cluster, readonly Candidate[]>,
): Refusal | null {
  const back = lists.get(best.cluster)
  const doubt = (guard: Guard, reason: string): Refusal => {
    return { a: leadOf(cluster), b: leadOf(best.cluster), guard, reason, evidence: best.evidence }
  }
  if (back?.[0]?.cluster !== cluster)
    return doubt('margin', 'the other side is more like somebody else')
  for (const list of [lists.get(cluster), back]) {
    const next = list?.[1]?.evidence ?? 0
    if (probabilityPpm(best.evidence) - probabilityPpm(next) < pass.policy.marginPpm) {
      return doubt('margin', 'somebody else is nearly as much alike')
    }
  }
  return null
}

/** The member that stands for a cluster in a question. */
function leadOf(cluster: Cluster): Key {
  return founderOf(cluster.groups.flatMap((group) => group.nodes)).key
}
