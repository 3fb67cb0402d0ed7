// Days on which more cookies name an identifier than one person has: what it says on them is void.
// Invariant: counted from sightings, never from profiles, so that nothing is circular.

import type { Key } from '../../identifier/identifier.ts'
import type { Pass } from './neighbours.ts'
import type { ViewEdge, ViewNode } from './view.ts'

const NO_DAYS: ReadonlySet<number> = new Set()

/** Whether the edge was seen on a day that is void for neither end. */
export function hasCalmDay(pass: Pass, edge: ViewEdge, a: ViewNode, b: ViewNode): boolean {
  const crowdedA = crowdedDays(pass, a)
  const crowdedB = crowdedDays(pass, b)
  if (crowdedA.size === 0 && crowdedB.size === 0) return true
  for (const day of edge.days.keys()) if (!crowdedA.has(day) && !crowdedB.has(day)) return true
  return false
}

/** Days on which more cookies than `crowdVoid` were seen with a named identifier: its word is void on them. */
function crowdedDays(pass: Pass, node: ViewNode): ReadonlySet<number> {
  const max = pass.policy.types.get(node.type)?.crowdVoid ?? 0
  if (max === 0 || node.type === 'cookie' || node.inbound.size <= max) return NO_DAYS
  let crowded = pass.crowded.get(node.key)
  if (crowded === undefined) pass.crowded.set(node.key, (crowded = countCrowds(pass, node, max)))
  return crowded
}

function countCrowds(pass: Pass, node: ViewNode, max: number): ReadonlySet<number> {
  return new Set([...cookiesByDay(pass, node)].filter(([, n]) => n > max).map(([day]) => day))
}

/** The most cookies seen with a named identifier on one day; it must be complete. */
export function cookiesOnBusiestDay(pass: Pass, node: ViewNode): number {
  let most = 0
  for (const count of cookiesByDay(pass, node).values()) most = Math.max(most, count)
  return most
}

function cookiesByDay(pass: Pass, node: ViewNode): ReadonlyMap<number, number> {
  const cookies = new Map<number, number>()
  for (const key of node.inbound) {
    const from = pass.view.node(key)
    if (from?.type !== 'cookie') continue
    for (const day of daysTogether(from, node.key)) cookies.set(day, (cookies.get(day) ?? 0) + 1)
  }
  return cookies
}

/** Distinct days on which two ends were seen together. */
function daysTogether(from: ViewNode, to: Key): ReadonlySet<number> {
  const edges = from.out.get(to) ?? []
  return new Set(edges.flatMap((e) => [...e.days.keys()]))
}
