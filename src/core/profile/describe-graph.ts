// A profile as a graph: its members, whatever is one edge away, and what each edge is worth, cut or not.
// Invariant: decides with the same code as the live path, so an edge holds, or is cut, exactly as it was decided.

import { identifierText } from '../identifier/identifier-text.ts'
import type { Key } from '../identifier/identifier.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import { confidenceOf } from '../policy/evidence-unit.ts'
import type { Policy } from '../policy/policy.ts'
import { componentsOf } from './component.ts'
import { cookiesOnBusiestDay } from './crowded-days.ts'
import { describeIdentifier, type DescribedIdentifier, membersOf } from './describe.ts'
import { type Cut, effectiveOf } from './effective.ts'
import { completeNode, newPass, type Pass } from './neighbours.ts'
import { cutText } from './reasons.ts'
import type { VerdictRecord } from './records.ts'
import type { Needs } from './settle.ts'
import { whyShared } from './shared.ts'
import { stageA } from './stage-a.ts'
import { isMemberKind, type View, type ViewEdge, type ViewNode } from './view.ts'

/** Nodes of one graph, unless said otherwise: more than a person can look at. */
export const GRAPH_NODES_MAX = 500

interface DescribedNode extends DescribedIdentifier {
  /** The profile that holds it; null for a witness, which belongs to none. */
  readonly profile: string | null
  /** Why it joins nobody, in words; null when it is one person's, or a witness. */
  readonly sharedBecause: string | null
  /** The most cookies that named it on one UTC day; null for cookies, witnesses, and where there was too much to load. */
  readonly promiscuity: number | null
}

interface DescribedEdge {
  /** As `TYPE:VALUE`. */
  readonly from: string
  readonly to: string
  readonly kind: StoredEdgeKind
  /** What its kind is worth by itself, 0 to 0.9999. */
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
}

export interface DescribedGraph {
  readonly profile: string
  /** Members first, then members of other profiles, then witnesses; latest seen first. */
  readonly nodes: readonly DescribedNode[]
  /** Between these nodes, with a member of the profile on at least one end. */
  readonly edges: readonly DescribedEdge[]
  /** There is more around it than is here. */
  readonly truncated: boolean
}

/** The graph of the profile that holds a member, of at most `nodesMax` nodes; null for a witness or an unknown identifier. */
export function describeGraph(
  view: View,
  policy: Policy,
  key: Key,
  nodesMax = GRAPH_NODES_MAX,
): DescribedGraph | null | { readonly needs: Needs } {
  const node = view.node(key)
  if (node === undefined || node.profile === '') return null
  const pass = newPass(view, policy)
  const members = membersOf(view, node)
  const own = members.slice(0, nodesMax)
  const ends = endsAround(pass, own)
  const others = ends.slice(0, nodesMax - own.length).flatMap((end) => nodeAt(pass, end) ?? [])
  const decided = pass.missing.size === 0 ? decidedAround(pass, node) : null
  const nodes = [...own, ...others].map((one) => describeNode(pass, one))
  const edges = decided === null ? [] : edgesOf(pass, own, others, decided)
  if (pass.missing.size > 0)
    return { needs: { nodes: [...pass.missing], crowds: [], profiles: [] } }
  const truncated = node.over || members.length + ends.length > nodesMax
  return { profile: node.profile, nodes, edges, truncated }
}

/** Another end of a member's edges. */
interface End {
  readonly key: Key
  readonly isWitness: boolean
  readonly lastSeen: number
}

function endsAround({ view }: Pass, members: readonly ViewNode[]): readonly End[] {
  const own = new Set(members)
  const ends = new Map<Key, End>()
  const meet = (key: Key, edges: readonly ViewEdge[]): void => {
    const node = view.node(key)
    if (view.absent.has(key) || (node !== undefined && own.has(node))) return
    const isWitness = edges.every((edge) => !isMemberKind(edge.kind))
    const lastSeen = edges.reduce((last, edge) => Math.max(last, edge.lastSeen), -Infinity)
    const known = ends.get(key)
    if (known === undefined || known.lastSeen < lastSeen)
      ends.set(key, { key, isWitness, lastSeen })
  }
  for (const { key, out, inbound } of members) {
    for (const [to, edges] of out) meet(to, edges)
    for (const from of inbound) meet(from, view.node(from)?.out.get(key) ?? [])
  }
  return [...ends.values()].toSorted(
    (x, y) =>
      Number(x.isWitness) - Number(y.isWitness) ||
      y.lastSeen - x.lastSeen ||
      (x.key < y.key ? -1 : 1),
  )
}

function nodeAt(pass: Pass, { key, isWitness }: End): ViewNode | undefined {
  if (!isWitness) return completeNode(pass, key)
  const node = pass.view.node(key)
  if (node === undefined) pass.missing.add(key)
  return node
}

function describeNode(pass: Pass, node: ViewNode): DescribedNode {
  const isMember = node.profile !== ''
  const isNamed = isMember && node.type !== 'cookie' && node.complete
  return {
    ...describeIdentifier(node),
    profile: isMember ? node.profile : null,
    sharedBecause: isMember ? whyShared(pass, node) : null,
    promiscuity: isNamed ? cookiesOnBusiestDay(pass, node) : null,
  }
}

/** How the edges around a profile were decided. */
interface Decided {
  readonly tree: ReadonlySet<ViewEdge>
  /** By the two ends, as `pairOf` has them. */
  readonly refusals: ReadonlyMap<string, string>
  readonly verdicts: readonly Said[]
  /** Its decision waits. */
  readonly waits: boolean
}

/** Two members that a steward said are one person. */
interface Said {
  readonly a: Key
  readonly b: Key
  readonly verdict: VerdictRecord
}

function decidedAround(pass: Pass, { key, profile }: ViewNode): Decided {
  const tree = new Set<ViewEdge>()
  const refusals = new Map<string, string>()
  const verdicts: Said[] = []
  const { components, large } = componentsOf(pass, [key])
  for (const component of components) {
    const decided = stageA(pass, component)
    for (const { nodes, tree: edges } of decided.groups) {
      if (!nodes.some((node) => node.profile === profile)) continue
      for (const { effective } of edges) tree.add(effective.edge)
    }
    for (const { a, b, reason } of decided.refusals) refusals.set(pairOf(a, b), reason)
    verdicts.push(...component.mustLinks)
  }
  return { tree, refusals, verdicts, waits: large.size > 0 }
}

function pairOf(a: Key, b: Key): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

function edgesOf(
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
  }
}
