// What the edges between two members are worth once quarantine, what is shared, crowds and sites are taken into account.
// Invariant: depends on the two ends and their own edges only.

import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import { hasCalmDay } from './view/crowded-days.ts'
import type { Pass } from './view/neighbours.ts'
import { edgesBetween } from './view/neighbours.ts'
import { isShared } from './shared/shared.ts'
import { isMemberKind, type ViewEdge, type ViewNode } from './view/view.ts'

/** Why an edge does not take part. */
export type Cut = 'quarantined' | 'shared' | 'crowded' | 'too_large' | 'weak' | null

export interface Effective {
  /** 0 when it is cut. */
  readonly evidence: number
  readonly kind: StoredEdgeKind
  readonly firstSeen: number
  readonly cut: Cut
  /** The strongest of the parallel edges. */
  readonly edge: ViewEdge
}

/** The strongest of the edges between two members; null when there is none. Both must be complete or `over`. */
export function effectiveBetween(pass: Pass, a: ViewNode, b: ViewNode): Effective | null {
  let best: Effective | null = null
  const cut = endsCut(pass, a, b)
  for (const edge of edgesBetween(a, b)) {
    if (!isMemberKind(edge.kind)) continue
    const next = effectiveOf(pass, edge, a, b, cut)
    if (best === null || stronger(next, best)) best = next
  }
  return best
}

/** One edge between two members, `cut` as `endsCut` has it. */
export function effectiveOf(
  pass: Pass,
  edge: ViewEdge,
  a: ViewNode,
  b: ViewNode,
  cut = endsCut(pass, a, b),
): Effective {
  const calm = cut === null && hasCalmDay(pass, edge, a, b)
  const worth = calm ? capped(pass, edge, a, b) : 0
  return {
    evidence: worth,
    kind: edge.kind,
    firstSeen: edge.firstSeen,
    cut: cut ?? (calm ? (worth < pass.policy.mergeEvidence ? 'weak' : null) : 'crowded'),
    edge,
  }
}

function stronger(x: Effective, y: Effective): boolean {
  if (x.evidence !== y.evidence) return x.evidence > y.evidence
  if (x.firstSeen !== y.firstSeen) return x.firstSeen < y.firstSeen
  return x.kind < y.kind
}

function endsCut(pass: Pass, a: ViewNode, b: ViewNode): Cut {
  if (a.quarantined || b.quarantined) return 'quarantined'
  if (isShared(pass, a) || isShared(pass, b)) return 'shared'
  return a.over || b.over ? 'too_large' : null
}

/** On another site than the identifier's first, an edge is worth at most the identifier's cross-site evidence. */
function capped(pass: Pass, edge: ViewEdge, a: ViewNode, b: ViewNode): number {
  let worth = pass.policy.edgeEvidence[edge.kind] ?? 0
  for (const node of [a, b]) {
    if (node.sites.length < 2) continue
    const cap = pass.policy.types.get(node.type)?.crossSiteEvidence ?? 0
    if (cap > 0 && cap < worth && !edge.sites.includes(homeSite(pass, node))) worth = cap
  }
  return worth
}

/** The site of the earliest edge between members that the identifier has. */
function homeSite(pass: Pass, node: ViewNode): string {
  let home: { at: number; site: string } | undefined
  const consider = (edges: readonly ViewEdge[] | undefined): void => {
    for (const e of edges ?? []) {
      const site = e.sites[0] ?? ''
      if (!isMemberKind(e.kind)) continue
      if (
        home === undefined ||
        e.firstSeen < home.at ||
        (e.firstSeen === home.at && site < home.site)
      ) {
        home = { at: e.firstSeen, site }
      }
    }
  }
  for (const edges of node.out.values()) consider(edges)
  for (const key of node.inbound) consider(pass.view.node(key)?.out.get(node.key))
  return home?.site ?? ''
}
