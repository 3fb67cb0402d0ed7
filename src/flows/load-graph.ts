// Loading into the view what facts, decrees and readers need before anything is decided.
// Invariant: after loading, an identifier that is not in the view exists nowhere.

import type { Fact } from '../core/edge/fact.ts'
import { SIGHTINGS_PER_DAY_MAX } from '../core/evidence/crowd.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import { absorb, absorbCrowds } from '../core/profile/view/absorb.ts'
import { type Decree, identifiersOf } from '../core/profile/apply-decree.ts'
import { bringsUpPairs, crowdsAround } from '../core/profile/alike/candidates.ts'
import { joinsByWitness, type Needs } from '../core/profile/settle.ts'
import { type CrowdAsk, View, type ViewNode } from '../core/profile/view/view.ts'
import type { IdentityStore, LoadLimits } from '../ports/identity-store.ts'

/** A view and where it is filled from. */
export interface Graph {
  readonly view: View
  readonly store: IdentityStore
  readonly policy: Policy
  readonly limits: Omit<LoadLimits, 'sightingsPerDayMax'>
}

/** A graph of which nothing is loaded yet. */
export function emptyGraph(
  store: IdentityStore,
  policy: Policy,
  { componentEdgesMax }: Pick<LoadLimits, 'componentEdgesMax'>,
): Graph {
  const componentNodesMax = policy.neighbourhoodIdentifiersMax
  const limits = { componentNodesMax, componentEdgesMax }
  return { view: new View(), store, policy, limits }
}

export async function load({ view, store, policy, limits }: Graph, needs: Needs): Promise<void> {
  const { nodes, profiles } = needs
  const crowds = unknownDays(view, needs.crowds)
  if (nodes.length === 0 && crowds.length === 0 && profiles.length === 0) return
  // Of the erased the store may still have sightings.
  const erased = view.nodesRemoved.size + (view.onTheirWay?.nodesRemoved.size ?? 0)
  const sightingsPerDayMax = SIGHTINGS_PER_DAY_MAX + erased
  const loaded = await store.load({ nodes, crowds, profiles }, { ...limits, sightingsPerDayMax })
  absorb(view, loaded)
  for (const key of nodes) if (view.node(key) === undefined) view.absent.add(key)
  for (const id of profiles) if (!view.profiles.has(id)) view.profiles.set(id, null)
  absorbCrowds(view, policy, crowds, loaded.sightings)
}

/** The days that are not in memory, each once, in runs: everyone in a crowd asks for it, and for the days around it. */
function unknownDays(view: View, asks: readonly CrowdAsk[]): readonly CrowdAsk[] {
  const wanted = new Map<Key, Set<number>>()
  for (const { identifier, fromDay, toDay } of asks) {
    const days = wanted.get(identifier) ?? new Set()
    wanted.set(identifier, days)
    for (let day = fromDay; day <= toDay; day++)
      if (view.crowd(identifier, day) === undefined) days.add(day)
  }
  return [...wanted].flatMap(([identifier, days]) => runsOf(identifier, days))
}

function runsOf(identifier: Key, days: ReadonlySet<number>): CrowdAsk[] {
  const runs: { identifier: Key; fromDay: number; toDay: number }[] = []
  for (const day of [...days].toSorted((x, y) => x - y)) {
    const last = runs.at(-1)
    if (last?.toDay === day - 1) last.toDay = day
    else runs.push({ identifier, fromDay: day, toDay: day })
  }
  return runs
}

export async function loadIdentifiers(graph: Graph, keys: Iterable<Key>): Promise<void> {
  const unknown = new Set<Key>()
  for (const key of keys) if (!isKnown(graph.view, key)) unknown.add(key)
  await load(graph, { nodes: [...unknown], crowds: [], profiles: [] })
}

export async function loadForFacts(graph: Graph, facts: readonly Fact[]): Promise<void> {
  const { view, policy } = graph
  const keys = new Set<Key>()
  for (const { identifiers } of facts) {
    let large = false
    for (const { key } of identifiers) {
      const node = view.node(key)
      if (node?.over === true) large = true
      else if (!isLoaded(view, key, node)) keys.add(key)
    }
    // Of what was too large to load, only the edges between identifiers asked for together come.
    if (large) for (const { key } of identifiers) keys.add(key)
  }
  await load(graph, { nodes: [...keys], crowds: [], profiles: [] })
  if (!joinsByWitness(policy)) return
  const asks: CrowdAsk[] = []
  for (const { identifiers, at } of facts) {
    for (const { key, type } of identifiers) {
      const seen = { key, firstSeen: at, lastSeen: at }
      if (bringsUpPairs(policy, type)) asks.push(crowdsAround(policy, seen))
      else if (type === 'cookie') asks.push(...crowdsOfCookie(graph, key))
    }
  }
  await load(graph, { nodes: [], crowds: asks, profiles: [] })
}

const NO_LIMITS = { componentNodesMax: Infinity, componentEdgesMax: Infinity }

/**
 * What is quarantined or erased concerns everyone ever seen with it, however many there are; most of them will have to
 * wait then, but they must know.
 */
export async function loadForDecree(graph: Graph, decree: Decree): Promise<void> {
  const { view, policy } = graph
  const keys = identifiersOf(decree)
  if (decree.type === 'verdict' || decree.type === 'undo') {
    await loadIdentifiers(graph, keys)
    return
  }
  const parts = keys.filter((key) => view.node(key)?.over === true || !isKnown(view, key))
  await load({ ...graph, limits: NO_LIMITS }, { nodes: parts, crowds: [], profiles: [] })
  const witnesses = keys.map((key) => view.node(key)).filter((node) => node?.component === '')
  const crowds = witnesses.flatMap((node) =>
    node === undefined ? [] : [crowdsAround(policy, node)],
  )
  await load(graph, { nodes: [], crowds, profiles: [] })
  const seen = crowds.flatMap(({ identifier }) => [
    ...(view.crowds.get(identifier)?.values() ?? []),
  ])
  await loadIdentifiers(
    graph,
    seen.flatMap((crowd) => [...crowd.entries.keys()]),
  )
}

function isKnown(view: View, key: Key): boolean {
  return isLoaded(view, key, view.node(key))
}

function isLoaded(view: View, key: Key, node: ViewNode | undefined): boolean {
  if (node === undefined) return view.absent.has(key)
  return node.complete || node.over || node.component === ''
}

/** The crowds a cookie was ever in: if it logs in now, they count fewer people. */
function crowdsOfCookie({ view, policy }: Graph, key: Key): CrowdAsk[] {
  const cookie = view.node(key)
  if (cookie === undefined) return []
  return [...cookie.out].flatMap(([identifier, edges]) =>
    bringsUpPairs(policy, view.node(identifier)?.type ?? '')
      ? edges.flatMap(({ days }) =>
          [...days.keys()].map((day) => ({ identifier, fromDay: day, toDay: day })),
        )
      : [],
  )
}
