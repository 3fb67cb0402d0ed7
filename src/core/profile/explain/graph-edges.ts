// The edges of a profile's graph: what each is worth, whether it holds the profile, what cuts it, who said or inferred it.
// Invariant: decides with the same code as the live path, so an edge holds, or is cut, exactly as it was decided.

import { identifierText } from '../../identifier/identifier-text.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { StoredEdgeKind } from '../../policy/edge-kind.ts'
import { confidenceOf } from '../../policy/evidence-unit.ts'
import { evidenceOfPair, holdingOf, pairsWithin, type ScoredPair } from '../alike/alike-pairs.ts'
import { componentsOf } from '../component.ts'
import { type Cut, effectiveOf } from '../effective.ts'
import { knownSince } from './explained-edge.ts'
import type { Pass } from '../view/neighbours.ts'
import { cutText } from '../reasons.ts'
import type { VerdictRecord } from '../view/records.ts'
import { type Group, stageA } from '../stage-a.ts'
import { type CrowdAsk, isMemberKind, type ViewEdge, type ViewNode } from '../view/view.ts'

export interface DescribedEdge {
  /** As `TYPE:VALUE`. */
  readonly from: string
  readonly to: string
  /** `alike`: a model says that the two, which are cookies, are one person's. */
  readonly kind: StoredEdgeKind | 'alike'
  /** What its kind, or the model, makes it worth by itself, 0 to 0.9999. */
  readonly confidence: number
  /** What is left of that after crowds, sites and what is shared; 0 for an edge to a witness, which joins nobody. */
  readonly effectiveConfidence: number
  /** Why it joins nobody, in words; null when nothing is against it. */
  readonly cut: string | null
  /** It is one of those that hold the profile together. */
  readonly holds: boolean
  readonly count: number
  readonly firstSeen: number
  readonly lastSeen: number
  readonly sites: readonly string[]
  /** Version of the knowledge that it was scored by; null for what was done and not inferred. */
  readonly scoredBy: string | null
}

/** How the edges around a profile were decided. */
export interface Decided {
  readonly tree: ReadonlySet<ViewEdge>
  /** By the two ends, as `pairOf` has them. */
  readonly refusals: ReadonlyMap<string, string>
  readonly verdicts: readonly Said[]
  /** Cookies that a model would join, and those of them that hold the profile. */
  readonly alike: readonly ScoredPair[]
  readonly holding: ReadonlySet<ScoredPair>
  /** Its decision waits. */
  readonly waits: boolean
}

/** Two members that a steward said are one person. */
interface Said {
  readonly a: Key
  readonly b: Key
  readonly verdict: VerdictRecord
}

/** What was decided around a profile; crowds that must be loaded are noted in `asks`. */
export function decidedAround(pass: Pass, { key, profile }: ViewNode, asks: CrowdAsk[]): Decided {
  const tree = new Set<ViewEdge>()
  const refusals = new Map<string, string>()
  const verdicts: Said[] = []
  const own: Group[] = []
  const { components, large } = componentsOf(pass, [key])
  for (const component of components) {
    const decided = stageA(pass, component)
    for (const group of decided.groups) {
      if (!group.nodes.some((node) => node.profile === profile)) continue
      for (const { effective } of group.tree) tree.add(effective.edge)
      own.push(group)
    }
    for (const { a, b, reason } of decided.refusals) refusals.set(pairOf(a, b), reason)
    verdicts.push(...component.mustLinks)
  }
  const { knowledge } = pass.policy
  const alike =
    knowledge === null || own.length < 2 ? [] : pairsWithin({ pass, knowledge, asks }, own)
  const holding = new Set(holdingOf(alike))
  return { tree, refusals, verdicts, alike, holding, waits: large.size > 0 }
}

function pairOf(a: Key, b: Key): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

/** All edges between members of the profile, and between these and others. */
export function edgesOf(
  pass: Pass,
  own: readonly ViewNode[],
  others: readonly ViewNode[],
  decided: Decided,
): DescribedEdge[] {
  const shown = new Map([...own, ...others].map((node) => [node.key, node]))
  const members = new Map(own.map((node) => [node.key, node]))
  const found: DescribedEdge[] = []
  for (const from of shown.values()) {
    const ends = members.has(from.key) ? shown : members
    for (const [key, edges] of from.out) {
      const to = ends.get(key)
      if (to === undefined) continue
      for (const edge of edges) found.push(describeEdge(pass, edge, from, to, decided))
    }
  }
  for (const { a, b, verdict } of decided.verdicts) {
    const [from, to] = [members.get(a), members.get(b)]
    if (from !== undefined && to !== undefined) found.push(describeSaid(pass, verdict, from, to))
  }
  for (const pair of decided.alike) {
    const isShown = members.has(pair.a.key) && members.has(pair.b.key)
    if (isShown) found.push(describeAlike(pass, pair, decided.holding.has(pair)))
  }
  return found
}

function describeEdge(
  pass: Pass,
  edge: ViewEdge,
  from: ViewNode,
  to: ViewNode,
  decided: Decided,
): DescribedEdge {
  const { kind, count, firstSeen, lastSeen, sites } = edge
  const holds = decided.tree.has(edge)
  const quarantined: Cut = from.quarantined || to.quarantined ? 'quarantined' : null
  const { evidence, cut } = isMemberKind(kind)
    ? effectiveOf(pass, edge, from, to)
    : { evidence: 0, cut: quarantined }
  const apart = isMemberKind(kind) && !holds && from.profile !== to.profile
  return {
    from: identifierText(from),
    to: identifierText(to),
    kind,
    confidence: confidenceOf(pass.policy.edgeEvidence[kind] ?? 0),
    effectiveConfidence: confidenceOf(evidence),
    cut: cut === null && !apart ? null : whyApart(pass, cut, from, to, decided),
    holds,
    count,
    firstSeen,
    lastSeen,
    sites,
    scoredBy: null,
  }
}

function whyApart(
  pass: Pass,
  cut: Cut,
  from: ViewNode,
  to: ViewNode,
  { refusals, waits }: Decided,
): string {
  if (cut !== null || waits) return cutText(pass, cut ?? 'too_large', from, to)
  // What stage A neither joined nor refused belongs to an era before the last.
  return refusals.get(pairOf(from.key, to.key)) ?? 'it has changed hands since'
}

/** A verdict as the edge it is worth: nothing else may be between the two. */
function describeSaid(
  { policy }: Pass,
  { at }: VerdictRecord,
  from: ViewNode,
  to: ViewNode,
): DescribedEdge {
  const confidence = confidenceOf(policy.edgeEvidence['steward'] ?? 0)
  return {
    from: identifierText(from),
    to: identifierText(to),
    kind: 'steward',
    confidence,
    effectiveConfidence: confidence,
    cut: null,
    holds: true,
    count: 1,
    firstSeen: at,
    lastSeen: at,
    sites: [],
    scoredBy: null,
  }
}

function describeAlike({ policy }: Pass, pair: ScoredPair, holds: boolean): DescribedEdge {
  const confidence = confidenceOf(evidenceOfPair(pair))
  return {
    from: identifierText(pair.a),
    to: identifierText(pair.b),
    kind: 'alike',
    confidence,
    effectiveConfidence: confidence,
    cut: null,
    holds,
    ...knownSince(pair.a, pair.b),
    scoredBy: policy.knowledge?.version ?? null,
  }
}
