// The connected pieces of the graph of effective edges around some members: what stage A decides as a whole.
// Invariant: a piece is closed; no effective edge and no "same" verdict leads out of it.

import type { Key } from '../identifier/identifier.ts'
import { type Effective, effectiveBetween } from './effective.ts'
import { completeNode, memberNeighbours, type Pass } from './view/neighbours.ts'
import type { VerdictRecord } from './view/records.ts'
import { isShared } from './shared/shared.ts'
import type { ViewNode } from './view/view.ts'

export interface ComponentEdge {
  readonly a: Key
  readonly b: Key
  readonly effective: Effective
}

interface MustLink {
  readonly a: Key
  readonly b: Key
  readonly verdict: VerdictRecord
}

export interface Component {
  readonly nodes: readonly ViewNode[]
  readonly edges: readonly ComponentEdge[]
  readonly mustLinks: readonly MustLink[]
}

export interface Found {
  readonly components: readonly Component[]
  /** Members around which there is too much to look at; their decision waits. */
  readonly large: ReadonlySet<ViewNode>
}

/**
 * The components that hold the seeds and everything these were last decided with. Not final when `pass.missing` was
 * added to.
 */
export function componentsOf(pass: Pass, seeds: Iterable<Key>): Found {
  const visited = new Set<Key>()
  const components: Component[] = []
  const large = new Set<ViewNode>()
  const queue = [...seeds]
  // If one was, or is now, the member of a side that a "same" links, another one is linked in its place.
  for (const seed of seeds) queue.push(...saidSameWith(pass, seed))
  for (const seed of queue) {
    if (visited.has(seed)) continue
    const node = completeNode(pass, seed)
    if (node === undefined) continue
    const component = node.over ? null : explore(pass, node, visited, large)
    if (component === null) {
      large.add(node)
      continue
    }
    components.push(component)
    queue.push(...saidSameWith(pass, seed))
    for (const { component: label } of component.nodes) {
      for (const mate of pass.view.components.get(label) ?? [])
        if (!visited.has(mate)) queue.push(mate)
    }
  }
  return { components, large }
}

/** The one component that holds the member, whatever it was decided with before; null when it is too large. */
export function componentOf(pass: Pass, seed: ViewNode): Component | null {
  return explore(pass, seed, new Set(), new Set())
}

function explore(
  pass: Pass,
  seed: ViewNode,
  visited: Set<Key>,
  large: Set<ViewNode>,
): Component | null {
  const nodes: ViewNode[] = [seed]
  const edges: ComponentEdge[] = []
  const mustLinks: MustLink[] = []
  visited.add(seed.key)
  for (const node of nodes) {
    if (node.over) continue
    if (nodes.length > pass.policy.neighbourhoodIdentifiersMax || large.has(node)) {
      for (const one of nodes) large.add(one)
      return null
    }
    const reach = (key: Key): void => {
      const next = visited.has(key) ? undefined : completeNode(pass, key)
      if (next !== undefined) {
        visited.add(key)
        nodes.push(next)
      }
    }
    for (const key of memberNeighbours(node)) {
      const other = completeNode(pass, key)
      if (other === undefined) continue
      const effective = effectiveBetween(pass, node, other)
      if (effective === null || effective.evidence < pass.policy.mergeEvidence) continue
      reach(key)
      if (node.key < key) edges.push({ a: node.key, b: key, effective })
    }
    for (const link of mustLinksOf(pass, node.key)) {
      if (link.a === node.key) mustLinks.push(link)
      reach(link.a === node.key ? link.b : link.a)
    }
  }
  return { nodes, edges, mustLinks }
}

function saidSameWith({ view }: Pass, key: Key): Key[] {
  return [...view.verdictsOf(key)].flatMap((id) => {
    const verdict = view.verdicts.get(id)
    return verdict?.verdict === 'same' ? [...verdict.a, ...verdict.b] : []
  })
}

/** A "same" verdict links the first member of each side that may be joined at all. */
function mustLinksOf(pass: Pass, key: Key): MustLink[] {
  const links: MustLink[] = []
  for (const id of pass.view.verdictsOf(key)) {
    const verdict = pass.view.verdicts.get(id)
    if (verdict?.verdict !== 'same') continue
    const a = verdict.a.find((k) => joinable(pass, k))
    const b = verdict.b.find((k) => joinable(pass, k))
    if (a !== undefined && b !== undefined && a !== b && (a === key || b === key))
      links.push({ a, b, verdict })
  }
  return links
}

function joinable(pass: Pass, key: Key): boolean {
  const node = completeNode(pass, key)
  if (node === undefined || node.quarantined || node.over) return false
  return !isShared(pass, node)
}
