// Identifiers that change hands (a phone number is given to somebody else): their sightings fall into eras.
// Invariant: only edges of one era are joined through such an identifier; it itself belongs to the latest era.

import { eraStarts } from '../evidence/era-starts.ts'
import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import type { ComponentEdge } from './component.ts'
import type { ViewNode } from './view/view.ts'

export interface Eras {
  readonly count: number
  /** Whether the edge to the other end was seen in the era (0 = the earliest). */
  touches(other: Key, era: number): boolean
}

/** Null for an identifier that does not change hands, or has not. */
export function erasOf(
  policy: Policy,
  node: ViewNode,
  edges: readonly ComponentEdge[],
): Eras | null {
  const gap = policy.types.get(node.type)?.reassignedAfterDays ?? 0
  if (gap === 0) return null
  const days = new Map<Key, number[]>()
  for (const { a, b, effective } of edges) {
    const other = a === node.key ? b : b === node.key ? a : null
    if (other !== null) days.set(other, [...effective.edge.days.keys()])
  }
  const starts = eraStarts([...days.values()].flat(), gap)
  if (starts.length < 2) return null
  const eraOf = (day: number): number => starts.findLastIndex((start) => start <= day)
  return {
    count: starts.length,
    touches: (other, era) => (days.get(other) ?? []).some((day) => eraOf(day) === era),
  }
}
