// Counts everything a graph in memory holds.

import { dayOf } from '../../core/evidence/day-hours.ts'
import type { NodeRecord, ProfileKind, ProfileState } from '../../core/profile/view/records.ts'
import type { Census, CensusDay } from '../../ports/identity-store.ts'
import type { Graph } from './graph.ts'

export function censusOf(graph: Graph, crowdFrom: ReadonlyMap<string, number>): Census {
  const { nodes, profiles } = graph
  const live = [...profiles.values()].filter(({ size }) => size > 0)
  const firstSeen = new Map<string, number>()
  for (const { profile, firstSeen: at } of nodes.values()) {
    firstSeen.set(profile, Math.min(at, firstSeen.get(profile) ?? at))
  }
  const cookies = counted([...nodes.values()].filter(isCookie), (node) => dayOf(node.firstSeen))
  const people = counted(live.filter(isPerson), ({ id }) => dayOf(firstSeen.get(id) ?? Number.NaN))
  const days = new Set([...cookies.keys(), ...people.keys()])
  return {
    identifiers: byType(nodes.values()),
    crowded: byType(crowdedIn(graph, crowdFrom)),
    profiles: [...counted(live, ({ kind, state }) => `${kind} ${state}`)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => {
        const [kind, state] = name.split(' ') as [ProfileKind, ProfileState]
        return { kind, state, count }
      }),
    days: [...days]
      .filter((day) => !Number.isNaN(day))
      .toSorted((a, b) => a - b)
      .map((day): CensusDay => ({
        day,
        cookies: cookies.get(day) ?? 0,
        people: people.get(day) ?? 0,
      })),
  }
}

/** Identifiers with a crowd on the latest day of all. */
function crowdedIn(
  { nodes, sightings }: Graph,
  crowdFrom: ReadonlyMap<string, number>,
): readonly NodeRecord[] {
  const seenOn = [...sightings.values()].flatMap((days) =>
    [...days].flatMap(([day, crowd]) => (crowd.size === 0 ? [] : [day])),
  )
  const latest = Math.max(...seenOn)
  return [...sightings].flatMap(([identifier, days]) => {
    const node = nodes.get(identifier)
    const seen = [...(days.get(latest)?.keys() ?? [])].flatMap((key) => nodes.get(key) ?? [])
    const people = new Set(seen.filter(isCookie).map(({ anchor }) => anchor))
    const least = crowdFrom.get(node?.type ?? '') ?? Infinity
    return node !== undefined && people.size >= least ? [node] : []
  })
}

function byType(nodes: Iterable<NodeRecord>): Census['crowded'] {
  return [...counted(nodes, ({ type }) => type)]
    .map(([type, count]) => ({ type, count }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))
}

function isCookie({ type }: { readonly type: string }): boolean {
  return type === 'cookie'
}

function isPerson({ kind }: { readonly kind: ProfileKind }): boolean {
  return kind !== 'shared'
}

function counted<T, K>(list: Iterable<T>, by: (one: T) => K): Map<K, number> {
  const counts = new Map<K, number>()
  for (const one of list) counts.set(by(one), (counts.get(by(one)) ?? 0) + 1)
  return counts
}
