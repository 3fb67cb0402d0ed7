// Stage B: between the groups of stage A, join two that are each other's best candidate by a margin, round after round.
// Invariant: mutual best does not depend on order; who is refused by a guard does not compete.

import { joinEvidence, pairEvidence } from '../../evidence/pair.ts'
import { probabilityPpm } from '../../evidence/probability.ts'
import type { Key } from '../../identifier/identifier.ts'
import { around, aroundWhoIsOut, type Cluster, type Field, homes, single } from './around.ts'
import { guardAgainst, uniteSides } from '../guards.ts'
import type { Pass } from '../view/neighbours.ts'
import { founderOf } from '../profile-id.ts'
import type { Guard } from '../view/records.ts'
import { addWithMates, sizeOf, widen } from './scope.ts'
import type { Group, Refusal } from '../stage-a.ts'
import type { CrowdAsk } from '../view/view.ts'

/** Groups that stage B made one, and what it leaves to the steward. */
export interface StageB {
  readonly clusters: readonly Cluster[]
  readonly questions: readonly Refusal[]
  /** Sightings that must be loaded first; the rest of the answer is then not final. */
  readonly asks: readonly CrowdAsk[]
  /** There were too many groups to look at. */
  readonly over: boolean
}

const NO_HOMES: ReadonlyMap<Group, Cluster> = new Map()

interface Candidate {
  readonly cluster: Cluster
  readonly evidence: number
}

/** Decides the groups again, and every group around them whose best candidate could change with them. */
export function stageB(pass: Pass, dirty: readonly Group[]): StageB {
  const field: Field = {
    pass,
    dirty: new Set(dirty),
    groupOf: new Map(),
    pairs: new Map(),
    refusals: [],
    asks: [],
  }
  for (const group of dirty) for (const node of group.nodes) field.groupOf.set(node.key, group)
  const scope = new Set(dirty)
  for (const group of dirty)
    for (const near of aroundWhoIsOut(field, group)) addWithMates(field, scope, near)
  for (;;) {
    for (const group of scope) widen(field, scope, single(group), NO_HOMES)
    if (unfinished(field)) return { clusters: [], questions: [], asks: field.asks, over: false }
    if (sizeOf(scope) > pass.policy.neighbourhoodIdentifiersMax)
      return { clusters: [], questions: [], asks: [], over: true }
    const before = scope.size
    const { clusters, questions } = playRounds(field, scope)
    const home = homes(clusters)
    for (const cluster of clusters) widen(field, scope, cluster, home)
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

/** The clusters around one, best first; those that a guard refuses are left out. */
function candidatesOf(
  field: Field,
  cluster: Cluster,
  home: ReadonlyMap<Group, Cluster>,
): Candidate[] {
  const { pass } = field
  const candidates: Candidate[] = []
  for (const [other, signals] of around(field, cluster, home)) {
    if (typeof other === 'string') continue
    if (guardAgainst(pass, cluster.side, other.side, {}) !== null) continue
    candidates.push({ cluster: other, evidence: pairEvidence(signals, pass.policy) })
  }
  return candidates
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
      if (best.evidence < joinEvidence(field.pass.policy)) continue
      if (isStopped(field.pass, cluster, best.cluster)) continue
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
  const join = { a: a.groups, b: b.cluster.groups, evidence: b.evidence }
  return {
    groups: [...a.groups, ...b.cluster.groups],
    side: uniteSides(a.side, b.cluster.side),
    key: a.key < b.cluster.key ? a.key : b.cluster.key,
    weakest: Math.min(...weakest),
    joins: [...a.joins, ...b.cluster.joins, join],
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
  const nexts = [nextOf(pass, best.cluster, lists.get(cluster)), nextOf(pass, cluster, back)]
  for (const next of nexts) {
    if (probabilityPpm(best.evidence) - probabilityPpm(next) < pass.policy.marginPpm) {
      return doubt('margin', 'somebody else is nearly as much alike')
    }
  }
  return null
}

/**
 * Evidence of the next candidate after the best. A learned model finds many alike who are one person all together, so
 * that only counts against the best who could not be one with it.
 */
function nextOf(pass: Pass, best: Cluster, list: readonly Candidate[] = []): number {
  const next = list
    .slice(1)
    .find(
      ({ cluster }) =>
        pass.policy.knowledge === null || guardAgainst(pass, best.side, cluster.side, {}) !== null,
    )
  return next?.evidence ?? 0
}

/** A model that is stopped joins nobody who is not joined already. */
function isStopped({ policy }: Pass, a: Cluster, b: Cluster): boolean {
  if (policy.knowledge?.stopped !== true) return false
  const known = new Set(profilesOf(a))
  return !profilesOf(b).some((profile) => known.has(profile))
}

/** Profiles that its members were in; who is new is in none. */
function profilesOf({ groups }: Cluster): readonly string[] {
  return groups.flatMap(({ nodes }) =>
    nodes.flatMap(({ profile }) => (profile === '' ? [] : profile)),
  )
}

/** The member that stands for a cluster in a question. */
function leadOf(cluster: Cluster): Key {
  return founderOf(cluster.groups.flatMap((group) => group.nodes)).key
}
