// Which pairs of cookies the data itself has an answer for: one group of stage A, or two whom something that a person has
// one of keeps apart. Invariant: whoever says nothing of himself gets no label.

import type { Pairs } from '../evidence/candidates.ts'

export const LABEL = { different: 0, same: 1, none: 2 } as const

/** What groups hold that a person has one of: a row each value; `slot` tells a namespace, or that it was logged in with. */
export interface Held {
  readonly group: Int32Array
  readonly slot: Int32Array
  readonly value: Int32Array
}

/** What a steward said: groups that are one person's, or not. */
export interface Ruled {
  readonly a: number
  readonly b: number
  readonly same: boolean
  /** Where his word has made both sides one group: the nodes that he was shown on either side. */
  readonly between?: readonly [ReadonlySet<number>, ReadonlySet<number>]
}

export interface Labelled {
  /** As in `LABEL`, by pair. */
  readonly label: Uint8Array
  /** By pair: 1 where a steward said so. */
  readonly ruled: Uint8Array
}

/** `groupOf`: by node, the smallest member of its group. */
export function labelPairs(
  { a, b }: Pairs,
  groupOf: Int32Array,
  held: Held,
  rulings: readonly Ruled[],
): Labelled {
  const holding = holdings(held)
  const said = new Map(
    rulings.map((one) => [`${Math.min(one.a, one.b)} ${Math.max(one.a, one.b)}`, one.same]),
  )
  const label = new Uint8Array(a.length).fill(LABEL.none)
  const ruled = new Uint8Array(a.length)
  const within = rulingsWithin(rulings)
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [groupOf[a[i] ?? 0] ?? 0, groupOf[b[i] ?? 0] ?? 0]
    if (x === y) {
      label[i] = LABEL.same
      if (within.get(x)?.some((sides) => liesBetween(sides, a[i] ?? 0, b[i] ?? 0)) === true)
        ruled[i] = 1
      continue
    }
    if (areApart(holding.get(x), holding.get(y))) label[i] = LABEL.different
    if (said.size === 0) continue
    const verdict = said.get(`${Math.min(x, y)} ${Math.max(x, y)}`)
    if (verdict === undefined) continue
    label[i] = verdict ? LABEL.same : LABEL.different
    ruled[i] = 1
  }
  return { label, ruled }
}

type Sides = NonNullable<Ruled['between']>

/** By group: the sides that a "same" has made one. */
function rulingsWithin(rulings: readonly Ruled[]): ReadonlyMap<number, readonly Sides[]> {
  const within = new Map<number, Sides[]>()
  for (const { a, between } of rulings)
    if (between !== undefined) within.set(a, [...(within.get(a) ?? []), between])
  return within
}

function liesBetween([these, those]: Sides, x: number, y: number): boolean {
  return (these.has(x) && those.has(y)) || (these.has(y) && those.has(x))
}

type Slots = ReadonlyMap<number, ReadonlySet<number>>

/** By group, what it holds. */
export function holdings(held: Held): ReadonlyMap<number, Slots> {
  const holding = new Map<number, Map<number, Set<number>>>()
  for (let i = 0; i < held.group.length; i++) {
    const group = held.group[i] ?? 0
    const slots = holding.get(group) ?? new Map<number, Set<number>>()
    holding.set(group, slots)
    const slot = held.slot[i] ?? 0
    slots.set(slot, (slots.get(slot) ?? new Set()).add(held.value[i] ?? 0))
  }
  return holding
}

/** Whether something that a person has one of keeps them apart. */
export function areApart(x: Slots | undefined, y: Slots | undefined): boolean {
  if (x === undefined || y === undefined) return false
  for (const [slot, values] of x) {
    const others = y.get(slot)
    if (others !== undefined && ![...values].some((value) => others.has(value))) return true
  }
  return false
}
