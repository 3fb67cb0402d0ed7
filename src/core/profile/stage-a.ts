// Stage A: within a component of deterministic edges, unite from the strongest edge down as far as the guards allow.
// Invariant: depends on the component alone; ties fall to first time seen and key, never to the order of arrival.

import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import type { Component, ComponentEdge } from './component.ts'
import { erasOf } from './eras.ts'
import { guardAgainst, mayContest, type Side, sideOf, uniteSides } from './guards.ts'
import type { Pass } from './view/neighbours.ts'
import type { Guard } from './view/records.ts'
import type { ViewNode } from './view/view.ts'

export interface Refusal {
  readonly a: Key
  readonly b: Key
  readonly guard: Guard
  readonly reason: string
  readonly evidence: number
}

/** What stage A holds to be one: members, the weakest edge that holds them together, and what was refused to it. */
export interface Group {
  readonly nodes: ViewNode[]
  readonly side: Side
  /** Evidence of the weakest accepted edge; null when nothing had to hold. */
  weakest: number | null
  /** Accepted edges: a spanning tree of the group. */
  readonly tree: ComponentEdge[]
}

export interface StageA {
  readonly groups: readonly Group[]
  readonly refusals: readonly Refusal[]
}

/** One thing to unite: a member, or one era of an identifier that changes hands. */
interface Element {
  readonly node: ViewNode
  /** Whether the member itself goes where this element goes. */
  readonly owns: boolean
}

interface Link {
  readonly from: number
  readonly to: number
  readonly evidence: number
  readonly firstSeen: number
  readonly edge: ComponentEdge
}

export function stageA(pass: Pass, component: Component): StageA {
  const { nodes } = component
  const only = nodes[0]
  if (nodes.length === 1 && only !== undefined) {
    return {
      groups: [{ nodes: [only], side: sideOf(pass, only), weakest: null, tree: [] }],
      refusals: [],
    }
  }
  const { elements, indexOf, links } = elementsOf(pass.policy, component)
  links.sort(byStrength)
  const union = newUnion(pass, elements)
  const contested = mayContest(pass, nodes) || elements.length !== nodes.length
  const refusals: Refusal[] = []
  for (const link of component.mustLinks.toSorted((x, y) => y.verdict.order - x.verdict.order)) {
    const a = indexOf.get(link.a)?.at(-1)
    const b = indexOf.get(link.b)?.at(-1)
    if (a === undefined || b === undefined) continue
    union.tryUnite(a, b, { only: 'cannot_link', newerThan: link.verdict.order })
  }
  for (const link of links) {
    const refusal = union.tryUnite(link.from, link.to, contested ? {} : null, link)
    if (refusal !== null) refusals.push(refusal)
  }
  return { groups: union.groups(), refusals: union.standing(refusals, indexOf) }
}

function byStrength(x: Link, y: Link): number {
  if (x.evidence !== y.evidence) return y.evidence - x.evidence
  if (x.firstSeen !== y.firstSeen) return x.firstSeen - y.firstSeen
  if (x.edge.a !== y.edge.a) return x.edge.a < y.edge.a ? -1 : 1
  if (x.edge.b !== y.edge.b) return x.edge.b < y.edge.b ? -1 : 1
  return x.from - y.from || x.to - y.to
}

function elementsOf(
  policy: Policy,
  component: Component,
): { elements: Element[]; indexOf: Map<Key, number[]>; links: Link[] } {
  const elements: Element[] = []
  const indexOf = new Map<Key, number[]>()
  const eras = new Map<Key, ReturnType<typeof erasOf>>()
  for (const node of component.nodes) {
    const split = erasOf(policy, node, component.edges)
    if (split !== null) eras.set(node.key, split)
    const indices = Array.from({ length: split?.count ?? 1 }, (_, era) => {
      return elements.push({ node, owns: era === (split?.count ?? 1) - 1 }) - 1
    })
    indexOf.set(node.key, indices)
  }
  const links: Link[] = []
  for (const edge of component.edges) {
    const { evidence, firstSeen } = edge.effective
    for (const from of indicesFor(edge, edge.a, indexOf, eras)) {
      for (const to of indicesFor(edge, edge.b, indexOf, eras))
        links.push({ from, to, evidence, firstSeen, edge })
    }
  }
  return { elements, indexOf, links }
}

/** The elements of one end that an edge touches: all eras in which it was seen. */
function indicesFor(
  edge: ComponentEdge,
  end: Key,
  indexOf: ReadonlyMap<Key, number[]>,
  eras: ReadonlyMap<Key, ReturnType<typeof erasOf>>,
): readonly number[] {
  const indices = indexOf.get(end) ?? []
  const split = eras.get(end)
  if (split === undefined || split === null) return indices
  const other = edge.a === end ? edge.b : edge.a
  return indices.filter((_, era) => split.touches(other, era))
}

interface Union {
  /** `rules` null: nothing can refuse. Returns the refusal, or null when united (or already one). */
  tryUnite(
    a: number,
    b: number,
    rules: { only?: Guard; newerThan?: number } | null,
    link?: Link,
  ): Refusal | null
  groups(): Group[]
  /** Refusals between two groups that were not united by another way later on. */
  standing(refusals: readonly Refusal[], indexOf: ReadonlyMap<Key, readonly number[]>): Refusal[]
}

function newUnion(pass: Pass, elements: readonly Element[]): Union {
  const parent = elements.map((_, i) => i)
  const trees: ComponentEdge[][] = elements.map(() => [])
  const sides: Side[] = elements.map((e) => sideOf(pass, e.node, e.owns))
  const find = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root] ?? root
    for (let at = i; at !== root;) {
      const next = parent[at] ?? root
      parent[at] = root
      at = next
    }
    return root
  }
  return {
    tryUnite(a, b, rules, link) {
      const [x, y] = [find(a), find(b)]
      const [sideX, sideY] = [sides[x], sides[y]]
      if (x === y || sideX === undefined || sideY === undefined) return null
      const guard = rules === null ? null : guardAgainst(pass, sideX, sideY, rules)
      if (guard !== null) {
        if (link === undefined) return null
        return { a: link.edge.a, b: link.edge.b, evidence: link.evidence, ...guard }
      }
      parent[y] = x
      sides[x] = uniteSides(sideX, sideY)
      const tree = trees[x]
      tree?.push(...(trees[y] ?? []))
      if (link !== undefined) tree?.push(link.edge)
      return null
    },
    groups() {
      const groups = new Map<number, Group>()
      elements.forEach((element, i) => {
        const root = find(i)
        const side = sides[root]
        if (!element.owns || side === undefined) return
        const group = groups.get(root) ?? {
          nodes: [],
          side,
          weakest: weakestOf(trees[root]),
          tree: trees[root] ?? [],
        }
        groups.set(root, group)
        group.nodes.push(element.node)
      })
      return [...groups.values()]
    },
    standing(refusals, indexOf) {
      const root = (key: Key): number => find(indexOf.get(key)?.at(-1) ?? 0)
      return refusals.filter((r) => root(r.a) !== root(r.b))
    },
  }
}

function weakestOf(tree: readonly ComponentEdge[] | undefined): number | null {
  if (tree === undefined || tree.length === 0) return null
  return Math.min(...tree.map((e) => e.effective.evidence))
}
