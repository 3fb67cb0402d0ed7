// What is left of deliveries when the store is elsewhere: nothing twice, nothing left out, and who reads elsewhere is told.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { ResolvableRecord } from './apply-records.ts'
import { type Delivery, firstOf, trimmed, upTo } from './delivery.ts'

const recordAt = (position: number): ResolvableRecord => ({
  kind: 'decision',
  id: `d${position}`,
  at: 0,
  author: 'steward',
  decision: { type: 'release', identifier: '', note: '' },
  position,
})

const SOURCES = ['a', 'b', 'c'] as const

/** Each source in a row of deliveries, one behind the other; some positions hold no record, as of what was poisoned. */
const deliveriesArb = fc
  .array(
    fc.record({
      source: fc.constantFrom(...SOURCES),
      there: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
    }),
    { maxLength: 8 },
  )
  .chain((parts) =>
    fc.record({ parts: fc.constant(parts), begin: fc.array(fc.nat(5), { minLength: 3 }) }),
  )
  .map(({ parts, begin }) => {
    const ends = new Map<string, number>(SOURCES.map((source, at) => [source, begin[at] ?? 0]))
    return parts.map(({ source, there }): Delivery => {
      const from = ends.get(source) ?? 0
      const to = from + there.length
      ends.set(source, to)
      const records = there.flatMap((is, at) => (is ? [recordAt(from + at + 1)] : []))
      return { source, from, to, records }
    })
  })

const positionsArb = fc
  .array(fc.option(fc.nat(30)), { minLength: 3, maxLength: 3 })
  .map((all) => new Map(SOURCES.flatMap((source, at) => pair(source, all[at]))))

function pair(source: string, position: number | null | undefined): [string, number][] {
  return typeof position === 'number' ? [[source, position]] : []
}

function positionsOf(deliveries: readonly Delivery[], source: string): readonly number[] {
  const its = deliveries.filter((one) => one.source === source)
  return its.flatMap(({ records }) => records.map(({ position }) => position))
}

/** Nothing between what a delivery says it holds and what it does, and one begins where the one before it ends. */
function expectWhole(deliveries: readonly Delivery[], all: readonly Delivery[]): void {
  const ends = new Map<string, number>()
  for (const { source, from, to, records } of deliveries) {
    expect(ends.get(source) ?? from).toBe(from)
    expect(from).toBeLessThan(to)
    const within = positionsOf(all, source).filter((at) => at > from && at <= to)
    expect(records.map(({ position }) => position)).toEqual(within)
    ends.set(source, to)
  }
}

test('what is left of a source begins where the store is and goes to its end, or it is told where to read on', () => {
  fc.assert(
    fc.property(deliveriesArb, positionsArb, (deliveries, positions) => {
      const { left, astray } = trimmed(deliveries, positions)
      expectWhole(left, deliveries)
      for (const source of new Set(deliveries.map((one) => one.source))) {
        const its = deliveries.filter((one) => one.source === source)
        const [begin, end] = [its[0]?.from ?? 0, its.at(-1)?.to ?? 0]
        const at = positions.get(source)
        const stays = at === undefined ? begin : at
        const isWithin = stays >= begin && stays <= end
        const found = left.filter((one) => one.source === source)
        expect(found.at(0)?.from ?? end).toBe(isWithin ? stays : end)
        expect(found.at(-1)?.to ?? end).toBe(end)
        expect(astray.filter((one) => one.source === source)).toEqual(
          isWithin ? [] : [{ source, position: at }],
        )
      }
      expect(new Set(astray.map(({ source }) => source)).size).toBe(astray.length)
    }),
  )
})

test('a source that was never delivered is not astray', () => {
  expect(trimmed([], new Map([['a', 3]]))).toEqual({ left: [], astray: [] })
})

test('a first part is as many records as were asked for, and with what is left of them it is all', () => {
  fc.assert(
    fc.property(deliveriesArb, fc.nat(6), (deliveries, halvings) => {
      const first = firstOf(deliveries, halvings)
      const rest = trimmed(deliveries, upTo(first)).left
      expectWhole([...first, ...rest], deliveries)
      for (const source of SOURCES)
        expect(positionsOf([...first, ...rest], source)).toEqual(positionsOf(deliveries, source))
      const count = (of: readonly Delivery[]): number => of.flatMap(({ records }) => records).length
      const most = Math.max(1, Math.floor(count(deliveries) / 2 ** halvings))
      expect(count(first)).toBe(Math.min(count(deliveries), most))
      // So that trying ever less of it comes to an end.
      expect(first.length > 0).toBe(deliveries.length > 0)
    }),
  )
})
