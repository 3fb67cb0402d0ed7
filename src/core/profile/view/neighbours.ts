// Looking around in a view that may not hold everything: what is missing is noted, so the caller can load it and ask again.

import type { Crowd } from '../../evidence/crowd.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { Policy } from '../../policy/policy.ts'
import { isMemberKind, type View, type ViewEdge, type ViewNode } from './view.ts'

/** One pass of deciding over a view. What it remembers holds only as long as the view does not change. */
export interface Pass {
  readonly view: View
  readonly policy: Policy
  /** Identifiers that must be loaded completely before the decision can be made. */
  readonly missing: Set<Key>
  readonly shared: Map<Key, boolean>
  readonly crowded: Map<Key, ReadonlySet<number>>
  /** External ids named together with an identifier: thousands of cookies ask of one e-mail. */
  readonly externalIds: Map<Key, ReadonlySet<Key>>
  /** People of a witness's day: everyone in it asks. */
  readonly anchors: Map<Crowd, number>
  /** Cookie -> whom it is to be joined with, and the evidence, where a run has weighed all pairs; null: weigh them. */
  readonly weighed: Weighed | null
}

export type Weighed = ReadonlyMap<Key, ReadonlyMap<Key, number>>

export function newPass(view: View, policy: Policy, weighed: Weighed | null = null): Pass {
  return {
    view,
    policy,
    missing: new Set(),
    shared: new Map(),
    crowded: new Map(),
    externalIds: new Map(),
    anchors: new Map(),
    weighed,
  }
}

/** The node with all its edges; undefined, and noted as missing, when it is not loaded. An `over` node comes as it is. */
export function completeNode(pass: Pass, key: Key): ViewNode | undefined {
  const node = pass.view.node(key)
  if (node !== undefined && (node.complete || node.over)) return node
  if (!pass.view.absent.has(key)) pass.missing.add(key)
  return undefined
}

/** Edges between two members in either direction. */
export function edgesBetween(a: ViewNode, b: ViewNode): readonly ViewEdge[] {
  const there = a.out.get(b.key)
  const back = b.out.get(a.key)
  if (there === undefined) return back ?? []
  return back === undefined ? there : [...there, ...back]
}

/** Keys of all members that share an edge with the node, once each. */
export function memberNeighbours(node: ViewNode): readonly Key[] {
  const keys: Key[] = []
  for (const key of node.out.keys()) if (hasMemberEdge(node, key)) keys.push(key)
  for (const key of node.inbound) if (!hasMemberEdge(node, key)) keys.push(key)
  return keys
}

function hasMemberEdge(node: ViewNode, to: Key): boolean {
  return node.out.get(to)?.some(({ kind }) => isMemberKind(kind)) === true
}
