// An edge of an explanation: what it is worth now, what cuts it, what would become of its profile without it.

import { identifierText } from '../../identifier/identifier-text.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { StoredEdgeKind } from '../../policy/edge-kind.ts'
import { confidenceOf } from '../../policy/evidence-unit.ts'
import type { Component, ComponentEdge } from '../component.ts'
import { effectiveBetween } from '../effective.ts'
import type { Pass } from '../view/neighbours.ts'
import { cutText } from '../reasons.ts'
import { type Group, stageA } from '../stage-a.ts'
import type { ViewNode } from '../view/view.ts'

/** One edge of a path, with what it is worth now. */
export interface ExplainedEdge {
  readonly from: string
  readonly to: string
  /** `alike`: a model has joined the two, which are cookies. */
  readonly kind: StoredEdgeKind | 'alike'
  /** 0 to 0.9999, after ageing, crowds and sites; 0 when it is cut. */
  readonly confidence: number
  /** Null when it takes part. */
  readonly cut: string | null
  readonly firstSeen: number
  readonly lastSeen: number
  readonly count: number
  readonly sites: readonly string[]
  /** Null for `alike`, which no one event says. */
  readonly firstEvent: string | null
  readonly lastEvent: string | null
  /** Sizes of the parts the profile would fall into without it, largest first; one: it would hold; none: not known. */
  readonly withoutIt: readonly number[]
  /** Version of the knowledge that it was scored by; null for what was done and not inferred. */
  readonly scoredBy: string | null
}

/** The place of the weakest; null where there is none. */
export function weakestOf(path: readonly ExplainedEdge[]): number | null {
  if (path.length === 0) return null
  return path.reduce(
    (min, edge, i) => (edge.confidence < (path[min]?.confidence ?? 1) ? i : min),
    0,
  )
}

/** An edge that holds a group, and into what the group would fall without it. */
export function explainEdge(
  pass: Pass,
  component: Component,
  group: Group,
  edge: ComponentEdge,
): ExplainedEdge {
  const without = stageA(pass, { ...component, edges: component.edges.filter((e) => e !== edge) })
  const parts = without.groups.map(
    (g) => g.nodes.filter((node) => group.nodes.includes(node)).length,
  )
  return {
    ...describeBetween(pass, edge.effective.edge.from, edge.effective.edge.to),
    withoutIt: parts.filter((size) => size > 0).toSorted((x, y) => y - x),
  }
}

/** The edge between two neighbours as it stands, cut or not. */
export function describeBetween(pass: Pass, from: Key, to: Key): ExplainedEdge {
  const [a, b] = [pass.view.node(from), pass.view.node(to)]
  const effective = a === undefined || b === undefined ? null : effectiveBetween(pass, a, b)
  if (a === undefined || b === undefined || effective === null)
    throw new Error(`no edge between ${from} and ${to}`)
  const { edge, evidence, cut } = effective
  return {
    from: identifierText(edge.from === a.key ? a : b),
    to: identifierText(edge.from === a.key ? b : a),
    kind: edge.kind,
    confidence: confidenceOf(evidence),
    cut: cut === null ? null : cutText(pass, cut, a, b),
    firstSeen: edge.firstSeen,
    lastSeen: edge.lastSeen,
    count: edge.count,
    sites: edge.sites,
    firstEvent: edge.firstEvent,
    lastEvent: edge.lastEvent,
    withoutIt: [],
    scoredBy: null,
  }
}

/** What a model has joined, as the edge it is worth. */
export function alikeEdge(
  { scoredBy, evidence }: { readonly scoredBy: string; readonly evidence: number },
  from: ViewNode,
  to: ViewNode,
): ExplainedEdge {
  return {
    from: identifierText(from),
    to: identifierText(to),
    kind: 'alike',
    confidence: confidenceOf(evidence),
    cut: null,
    ...knownSince(from, to),
    firstEvent: null,
    lastEvent: null,
    withoutIt: [],
    scoredBy,
  }
}

/** Two are alike from when both were seen; where, is where both were. */
export function knownSince(
  a: ViewNode,
  b: ViewNode,
): { firstSeen: number; lastSeen: number; count: number; sites: readonly string[] } {
  return {
    firstSeen: Math.max(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    count: 1,
    sites: a.sites.filter((site) => b.sites.includes(site)),
  }
}
