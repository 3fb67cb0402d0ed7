// Why two members are one profile, or are not: the path, its weakest link, each edge's worth, the guard or the signals.
// Invariant: decides with the same code as the live path, so it cannot explain what was not decided.

import { pairEvidence } from '../evidence/pair.ts'
import { identifierText } from '../identifier/identifier-text.ts'
import type { Key } from '../identifier/identifier.ts'
import { confidenceOf } from '../policy/evidence-unit.ts'
import type { Policy } from '../policy/policy.ts'
import { signalsOf } from './candidates.ts'
import { type Component, type ComponentEdge, componentsOf } from './component.ts'
import { effectiveBetween } from './effective.ts'
import { completeNode, newPass, type Pass } from './neighbours.ts'
import { cutText } from './reasons.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import type { Needs } from './settle.ts'
import { type Group, type Refusal, stageA } from './stage-a.ts'
import type { CrowdAsk, View, ViewNode } from './view.ts'
import { cutWay, pathIn } from './way.ts'

/** One edge of a path, with what it is worth now. */
export interface ExplainedEdge {
  readonly from: string
  readonly to: string
  readonly kind: StoredEdgeKind
  /** 0 to 0.9999, after ageing, crowds and sites; 0 when it is cut. */
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
  /** The two ends, as `TYPE:VALUE`; so are those of the edges. */
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
  const way = inOneGroup ? [] : cutWay(pass, a, b)
  const path = inOneGroup
    ? pathIn(sideA.group.tree, a.key, b.key).map((edge) =>
        explainEdge(pass, sideA.component, sideA.group, edge),
      )
    : way.map(([x, y]) => describe(pass, x.key, y.key))
  const refusals = decided.flatMap((d) => d.refusals)
  const apart = inOneGroup
    ? { signals: [], score: 0 }
    : weigh(pass, sideA?.group, sideB?.group, asks)
  return {
    together,
    a: identifierText(a),
    b: identifierText(b),
    path,
    weakest: weakestOf(path),
    refusal: together
      ? null
      : refusalOn(refusals, [
          [sideA?.group, sideB?.group],
          ...way.map(([x, y]): Pair => [holder(x)?.group, holder(y)?.group]),
        ]),
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
  }
}

type Pair = readonly [Group | undefined, Group | undefined]

/** The refusal between the two sides, else the first between neighbours on the way; of others it says nothing. */
function refusalOn(refusals: readonly Refusal[], pairs: readonly Pair[]): Explanation['refusal'] {
  for (const [a, b] of pairs) {
    if (a === b) continue
    const found = refusals.find(
      (r) => (holds(a, r.a) && holds(b, r.b)) || (holds(a, r.b) && holds(b, r.a)),
    )
    if (found !== undefined) return { guard: found.guard, reason: found.reason }
  }
  return null
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
