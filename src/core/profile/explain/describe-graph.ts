// A profile as a graph: its members, whatever is one edge away, and what each edge is worth, cut or not.
// Invariant: decides with the same code as the live path, so an edge holds, or is cut, exactly as it was decided.

import type { Key } from '../../identifier/identifier.ts'
import type { Policy } from '../../policy/policy.ts'
import { cookiesOnBusiestDay } from '../view/crowded-days.ts'
import { describeIdentifier, type DescribedIdentifier, membersOf } from './describe.ts'
import { decidedAround, type DescribedEdge, edgesOf } from './graph-edges.ts'
import { completeNode, newPass, type Pass } from '../view/neighbours.ts'
import type { Needs } from '../settle.ts'
import { whyShared } from '../shared/shared.ts'
import {
  type CrowdAsk,
  isMemberKind,
  type View,
  type ViewEdge,
  type ViewNode,
} from '../view/view.ts'

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
  const asks: CrowdAsk[] = []
  const decided = pass.missing.size === 0 ? decidedAround(pass, node, asks) : null
  const nodes = [...own, ...others].map((one) => describeNode(pass, one))
  const edges = decided === null ? [] : edgesOf(pass, own, others, decided)
  if (pass.missing.size > 0 || asks.length > 0)
    return { needs: { nodes: [...pass.missing], crowds: asks, profiles: [] } }
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
