// Arrays of a run against plain loops over the same sightings: what is known of witnesses, who is a candidate, who joins.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SHAPE } from '../../core/evidence/learned/known-witnesses.ts'
import { candidatePairs } from './candidates.ts'
import { joinGroups } from './join-groups.ts'
import { type Sightings, signaturesOf, WITNESS } from './sightings.ts'
import { rowsOf, survey } from './survey.ts'

/** Nodes 0 to 7 are cookies, 8 to 11 addresses, 12 to 14 signatures. */
const NODES = 15
const kinds = Uint8Array.from({ length: NODES }, (_, node) =>
  node < 8 ? WITNESS.none : node < 12 ? WITNESS.ip : node < 14 ? WITNESS.whole : WITNESS.partial,
)
const numbers = BigInt64Array.from({ length: NODES }, (_, node) => BigInt(node) * 10n - 50n)

interface Seen {
  readonly cookie: number
  readonly witness: number
  readonly day: number
  readonly hours: number
}
const seenArb: fc.Arbitrary<Seen[]> = fc.uniqueArray(
  fc.record({
    cookie: fc.integer({ min: 0, max: 7 }),
    witness: fc.integer({ min: 8, max: 14 }),
    day: fc.integer({ min: 0, max: 9 }),
    hours: fc.integer({ min: 1, max: 2 ** 24 - 1 }),
  }),
  { selector: ({ cookie, witness, day }) => `${cookie} ${witness} ${day}`, maxLength: 60 },
)

function sightingsOf(seen: readonly Seen[]): Sightings {
  const sorted = seen.toSorted(
    (x, y) => x.witness - y.witness || x.day - y.day || x.cookie - y.cookie,
  )
  const column = (name: keyof Seen): Int32Array => Int32Array.from(sorted, (one) => one[name])
  return {
    witness: column('witness'),
    day: column('day'),
    cookie: column('cookie'),
    hours: column('hours'),
  }
}

const input = (seen: readonly Seen[]) => {
  const sightings = sightingsOf(seen)
  const signatures = signaturesOf(sightings, kinds, NODES)
  const clues = { clue: Uint32Array.from([3, 3, 3, 3, 3, 3, 3, 3, 4]) }
  return survey({ sightings, kinds, numbers, cookiesInAll: 8, clues }, signatures)
}

test('of each witness that two cookies were seen with, how many, and with how many devices', () => {
  fc.assert(
    fc.property(seenArb, (seen) => {
      const { known, rowOf } = input(seen)
      const cookiesAt = (witness: number): Set<number> =>
        new Set(seen.filter((one) => one.witness === witness).map(({ cookie }) => cookie))
      for (let witness = 8; witness < NODES; witness++) {
        const cookies = cookiesAt(witness)
        const row = rowOf[witness] ?? -1
        expect(row >= 0).toBe(cookies.size >= 2)
        if (row < 0) continue
        const devices = new Set(
          seen
            .filter(({ cookie, witness: w }) => w >= 12 && cookies.has(cookie))
            .map((s) => s.witness),
        )
        expect(known.number[row]).toBe(numbers[witness])
        expect(known.cookies[row]).toBe(cookies.size)
        expect(known.devices[row]).toBe(witness < 12 ? devices.size : 0)
      }
      expect(rowsOf(known, kinds, numbers)).toEqual(rowOf)
      expect([...known.clue]).toEqual([3])
      expect([...known.clueCookies]).toEqual([8])
    }),
  )
})

/** Monday, 5 January 1970. */
const MONDAY = 4
const daysOf = (cookies: number, days: readonly number[], hours: number): Seen[] =>
  Array.from({ length: cookies }, (_, cookie) =>
    days.map((day) => ({ cookie: cookie % 8, witness: 8, day, hours })),
  ).flat()

test.each([
  ['a home', daysOf(3, [0, 1, 2, 3, 4, 5], 0b1000_0000_0000_0000_0000_1000), SHAPE.home],
  ['an office', daysOf(3, [MONDAY, MONDAY + 1, MONDAY + 4], 0b1111_1111_0000_0000), SHAPE.office],
  ['two cookies are no office', daysOf(2, [MONDAY, MONDAY + 1], 0b1111_1111_0000_0000), SHAPE.home],
  ['at work hours of the weekend', daysOf(3, [2, 3], 0b1111_1111_0000_0000), SHAPE.home],
])('%s', (_name, seen, shape) => {
  const { known, rowOf } = input(seen)
  expect(known.shape[rowOf[8] ?? -1]).toBe(shape)
})

test('candidates are those who were at a known address within days of one another, while few were there', () => {
  fc.assert(
    fc.property(
      seenArb,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (seen, windowDays, peopleMax) => {
        const { rowOf } = input(seen)
        // Cookies 0 and 1 count as one person, 7 is compared with nobody.
        const anchors = Int32Array.from({ length: NODES }, (_, node) => (node === 1 ? 0 : node))
        const out = Uint8Array.from({ length: NODES }, (_, node) => (node === 7 ? 1 : 0))
        const { a, b } = candidatePairs({
          sightings: sightingsOf(seen),
          kinds,
          anchors,
          out,
          rowOf,
          peopleMax,
          windowDays,
        })
        const calm = ({ witness, day }: Seen): boolean =>
          new Set(
            seen
              .filter((s) => s.witness === witness && s.day === day)
              .map((s) => anchors[s.cookie]),
          ).size <= peopleMax
        const pairs = new Set<string>()
        for (const x of seen) {
          for (const y of seen) {
            if (x.cookie >= y.cookie || x.witness !== y.witness || (rowOf[x.witness] ?? -1) < 0)
              continue
            if (x.witness >= 12 || y.cookie === 7 || Math.abs(x.day - y.day) > windowDays) continue
            if (calm(x) && calm(y)) pairs.add(`${x.cookie} ${y.cookie}`)
          }
        }
        const found = [...a].map((x, i) => `${x} ${b[i]}`)
        expect(found).toEqual([...pairs].toSorted())
      },
    ),
  )
})

/** Pairs with their evidence, rounds, and who is one then. */
type Joining = [string, [number, number, number][], number, number[][]]

test.each([
  [
    'each other’s most alike',
    [
      [0, 1, 9],
      [1, 2, 5],
    ],
    1,
    [[0, 1]],
  ],
  [
    'and in the next round the rest',
    [
      [0, 1, 9],
      [1, 2, 5],
    ],
    2,
    [[0, 1, 2]],
  ],
  [
    'ties go to the smaller',
    [
      [0, 2, 9],
      [1, 2, 9],
      [2, 3, 9],
    ],
    1,
    [[0, 2]],
  ],
  [
    'nobody is left out who is nobody’s best',
    [
      [0, 1, 9],
      [2, 3, 8],
      [1, 2, 1],
    ],
    1,
    [
      [0, 1],
      [2, 3],
    ],
  ],
] satisfies readonly Joining[])('joining: %s', (_name, pairs, rounds, expected) => {
  const column = (at: 0 | 1 | 2): Int32Array => Int32Array.from(pairs, (pair) => pair[at])
  const alike = { a: column(0), b: column(1), evidence: column(2) }
  const { home } = joinGroups(alike, 5, rounds)
  const sets = new Map<number, number[]>()
  home.forEach((into, group) => sets.set(into, [...(sets.get(into) ?? []), group]))
  expect([...sets.values()].filter(({ length }) => length > 1)).toEqual(expected)
})

test('the weakest of what was joined is remembered', () => {
  const alike = {
    a: Int32Array.of(0, 1, 2),
    b: Int32Array.of(1, 2, 3),
    evidence: Int32Array.of(9, 4, 8),
  }
  const { home, weakest } = joinGroups(alike, 5, 10)
  expect([...home]).toEqual([0, 0, 0, 0, 4])
  expect(weakest[0]).toBe(4)
})
