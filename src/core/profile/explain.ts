// Why two members are one profile, or are not: the path, its weakest link, each edge's worth, the guard or the signals.
// Invariant: decides with the same code as the live path, so it cannot explain what was not decided.

import { pairEvidence } from '../evidence/pair.ts'
import type { Key } from '../identifier/identifier.ts'
import { confidenceOf } from '../policy/evidence-unit.ts'
import type { Policy } from '../policy/policy.ts'
import { signalsOf } from './candidates.ts'
import { type Component, type ComponentEdge, componentsOf } from './component.ts'
import { effectiveBetween } from './effective.ts'
import { completeNode, memberNeighbours, newPass, type Pass } from './neighbours.ts'
import { cutText, nameOf } from './reasons.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import type { Needs } from './settle.ts'
import { type Group, type Refusal, stageA } from './stage-a.ts'
import type { CrowdAsk, View, ViewNode } from './view.ts'

/** One edge of a path, with what it is worth now. */
export interface ExplainedEdge {
  readonly from: string
  readonly to: string
  readonly kind: StoredEdgeKind
  /** 0 to 0.999999, after ageing, crowds and sites; 0 when it is cut. */
  readonly confidence: number
  /** Null when it takes part. */
  readonly cut: string | null
  readonly firstSeen: number
  readonly lastSeen: number
  readonly count: number
  readonly sites: readonly string[]
  readonly firstEvent: string
  readonly lastEvent: string
  /** Sizes of the parts the profile would fall into without this edge, largest first; one part: it would hold. */
  readonly withoutIt: readonly number[]
}

interface ExplainedSignal {
  readonly name: string
  readonly confidence: number
}

export interface Explanation {
  readonly together: boolean
  /** Names of the two ends. */
  readonly a: string
  readonly b: string
  /** The path between them, strongest possible; where they are apart, the path that was cut or refused. */
  readonly path: readonly ExplainedEdge[]
  /** Index into `path`; null for an empty path. */
  readonly weakest: number | null
  /** Which guard refused, in words; null when none did. */
  readonly refusal: { readonly guard: string; readonly reason: string } | null
  /** What shared witnesses say of the two sides, for those that are apart. */
  readonly signals: readonly ExplainedSignal[]
  readonly score: number
  readonly threshold: number
  readonly questionFrom: number
  readonly policy: string
}

/** Explains two members; both must be in the view with all around them. */
export function explain(
  view: View,
  policy: Policy,
  a: Key,
  b: Key,
): Explanation | { readonly needs: Needs } {
  const pass = newPass(view, policy)
  const asks: CrowdAsk[] = []
  const from = completeNode(pass, a)
  const to = completeNode(pass, b)
  const { components } = componentsOf(pass, [a, b])
  const explained =
    from === undefined || to === undefined ? null : compare(pass, components, from, to, asks)
  if (pass.missing.size > 0 || asks.length > 0 || explained === null) {
    return { needs: { nodes: [...pass.missing], crowds: asks, profiles: [] } }
  }
  return explained
}

function compare(
  pass: Pass,
  components: readonly Component[],
  a: ViewNode,
  b: ViewNode,
  asks: CrowdAsk[],
): Explanation {
  const decided = components.map((component) => ({ component, ...stageA(pass, component) }))
  const holder = (node: ViewNode): { component: Component; group: Group } | undefined => {
    for (const { component, groups } of decided) {
      const group = groups.find((g) => g.nodes.includes(node))
      if (group !== undefined) return { component, group }
    }
    return undefined
  }
  const [sideA, sideB] = [holder(a), holder(b)]
  const together = a.profile === b.profile
  const inOneGroup = sideA !== undefined && sideA.group === sideB?.group
  const path = inOneGroup
    ? pathIn(sideA.group.tree, a.key, b.key).map((edge) =>
        explainEdge(pass, sideA.component, sideA.group, edge),
      )
    : cutPath(pass, a, b)
  const refusals = decided.flatMap((d) => d.refusals)
  const apart = inOneGroup
    ? { signals: [], score: 0 }
    : weigh(pass, sideA?.group, sideB?.group, asks)
  return {
    together,
    a: nameOf(a),
    b: nameOf(b),
    path,
    weakest: weakestOf(path),
    refusal: together ? null : refusalBetween(refusals, sideA?.group, sideB?.group),
    ...apart,
    threshold: confidenceOf(pass.policy.mergeEvidence),
    questionFrom: confidenceOf(pass.policy.questionEvidence),
    policy: pass.policy.version,
  }
}

function weakestOf(path: readonly ExplainedEdge[]): number | null {
  if (path.length === 0) return null
  return path.reduce(
    (min, edge, i) => (edge.confidence < (path[min]?.confidence ?? 1) ? i : min),
    0,
  )
}

/** The way between two members in a spanning tree. */
function pathIn(tree: readonly ComponentEdge[], a: Key, b: Key): ComponentEdge[] {
  const near = new Map<Key, ComponentEdge[]>()
  for (const edge of tree) {
    for (const end of [edge.a, edge.b]) near.set(end, [...(near.get(end) ?? []), edge])
  }
  const cameBy = new Map<Key, ComponentEdge | null>([[a, null]])
  for (const [key] of cameBy) {
    for (const edge of near.get(key) ?? []) {
      const next = edge.a === key ? edge.b : edge.a
      if (!cameBy.has(next)) cameBy.set(next, edge)
    }
  }
  const path: ComponentEdge[] = []
  for (
    let at = b, edge = cameBy.get(at);
    edge !== null && edge !== undefined;
    edge = cameBy.get(at)
  ) {
    path.unshift(edge)
    at = edge.a === at ? edge.b : edge.a
  }
  return path
}

function explainEdge(
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
    ...describe(pass, edge.effective.edge.from, edge.effective.edge.to),
    withoutIt: parts.filter((size) => size > 0).toSorted((x, y) => y - x),
  }
}

/** The edge between two neighbours as it stands, cut or not. */
function describe(pass: Pass, from: Key, to: Key): ExplainedEdge {
  const [a, b] = [pass.view.node(from), pass.view.node(to)]
  const effective = a === undefined || b === undefined ? null : effectiveBetween(pass, a, b)
  if (a === undefined || b === undefined || effective === null)
    throw new Error(`no edge between ${from} and ${to}`)
  const { edge, evidence, cut } = effective
  return {
    from: nameOf(edge.from === a.key ? a : b),
    to: nameOf(edge.from === a.key ? b : a),
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
  }
}

/** Steps to look for a path of cut or refused edges; further away it explains nothing. */
const CUT_PATH_STEPS_MAX = 6

function cutPath(pass: Pass, a: ViewNode, b: ViewNode): ExplainedEdge[] {
  const cameBy = new Map<ViewNode, ViewNode | null>([[a, null]])
  let edge: ViewNode[] = [a]
  for (let step = 0; step < CUT_PATH_STEPS_MAX && edge.length > 0 && !cameBy.has(b); step++) {
    const next: ViewNode[] = []
    for (const node of edge) {
      for (const key of memberNeighbours(node)) {
        const other = completeNode(pass, key)
        if (
          other === undefined ||
          cameBy.has(other) ||
          cameBy.size > pass.policy.neighbourhoodIdentifiersMax
        )
          continue
        cameBy.set(other, node)
        next.push(other)
      }
    }
    edge = next
  }
  const path: ExplainedEdge[] = []
  for (
    let at = b, back = cameBy.get(at);
    back !== null && back !== undefined;
    back = cameBy.get(at)
  ) {
    path.unshift(describe(pass, back.key, at.key))
    at = back
  }
  return path
}

function refusalBetween(
  refusals: readonly Refusal[],
  a?: Group,
  b?: Group,
): Explanation['refusal'] {
  const found =
    refusals.find((r) => (holds(a, r.a) && holds(b, r.b)) || (holds(a, r.b) && holds(b, r.a))) ??
    refusals.find((r) => holds(a, r.a) || holds(a, r.b) || holds(b, r.a) || holds(b, r.b))
  return found === undefined ? null : { guard: found.guard, reason: found.reason }
}

function holds(group: Group | undefined, key: Key): boolean {
  return group?.nodes.some((node) => node.key === key) === true
}

function weigh(
  pass: Pass,
  a: Group | undefined,
  b: Group | undefined,
  asks: CrowdAsk[],
): Pick<Explanation, 'signals' | 'score'> {
  const others = new Set((b?.nodes ?? []).map((node) => node.key))
  const signals: ExplainedSignal[] = []
  let score = 0
  for (const cookie of a?.nodes ?? []) {
    if (cookie.type !== 'cookie') continue
    for (const [key, found] of signalsOf(pass, cookie, asks)) {
      const evidence = others.has(key) ? pairEvidence(found, pass.policy) : 0
      if (evidence <= score) continue
      score = evidence
      signals.splice(
        0,
        signals.length,
        ...named(found.ip, 'same ip'),
        ...named(found.signature, 'same device signature'),
      )
      signals.push(
        ...named(found.crossIp, 'same ip on another site'),
        ...named(found.crossSignature, 'same device signature on another site'),
      )
    }
  }
  return { signals, score: confidenceOf(score) }
}

function named(evidence: number, name: string): ExplainedSignal[] {
  return evidence === 0 ? [] : [{ name, confidence: confidenceOf(evidence) }]
}
