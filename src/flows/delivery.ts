// What the sources of a shared log have delivered, and what is left of it when the store is elsewhere than thought.
// Invariant: what is left of a source begins where the store is with it, and leaves nothing out.

import type { Position } from '../ports/event-log.ts'
import type { ResolvableRecord } from './apply-records.ts'

/** Records of one source, in order, of positions in it above `from` and up to `to`; there may be none. */
export interface Delivery {
  readonly source: string
  readonly from: Position
  readonly to: Position
  readonly records: readonly ResolvableRecord[]
}

/** A source of which the store has applied another part than was thought. */
export interface Stray {
  readonly source: string
  /** Up to where the store has it; it is to be read on from there. */
  readonly position: Position
}

/** By source, up to where they go. */
export function upTo(deliveries: readonly Delivery[]): ReadonlyMap<string, Position> {
  return new Map(deliveries.map(({ source, to }) => [source, to]))
}

/** What is left where the store is at these positions; a source without one stays whole. */
export function trimmed(
  deliveries: readonly Delivery[],
  positions: ReadonlyMap<string, Position>,
): { readonly left: readonly Delivery[]; readonly astray: readonly Stray[] } {
  const at = new Map(positions)
  const left: Delivery[] = []
  for (const delivery of deliveries) {
    const { source, to, records } = delivery
    const from = at.get(source)
    if (from !== undefined && from >= to) continue
    if (from === undefined || from === delivery.from) left.push(delivery)
    else if (from > delivery.from)
      left.push({ source, from, to, records: records.filter(({ position }) => position > from) })
    else continue
    at.set(source, to)
  }
  const ends = upTo(deliveries)
  const astray = [...positions].flatMap(([source, position]) =>
    ends.has(source) && at.get(source) !== ends.get(source) ? [{ source, position }] : [],
  )
  return { left, astray }
}

/** The first of them, with a part of 1 / 2^halvings of the records, and one at least. */
export function firstOf(deliveries: readonly Delivery[], halvings: number): readonly Delivery[] {
  const total = deliveries.reduce((sum, { records }) => sum + records.length, 0)
  let room = Math.max(1, Math.floor(total / 2 ** halvings))
  const first: Delivery[] = []
  for (const delivery of deliveries) {
    if (room === 0) break
    const records = delivery.records.slice(0, room)
    const last = records.at(-1)
    const isWhole = records.length === delivery.records.length || last === undefined
    first.push(isWhole ? delivery : { ...delivery, records, to: last.position })
    room -= records.length
  }
  return first
}
