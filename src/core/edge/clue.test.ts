// What is kept of clues depends on which were told, not on how; and numbers are what they were in every version.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  CLUE_KINDS,
  clueOf,
  clueOfName,
  clueOfText,
  cluesFrom,
  codeOfClue,
  kindOfClue,
  mergeClues,
  nameOfClue,
  NO_CLUES,
  type ClueKind,
  type Clues,
} from './clue.ts'

const KINDS = Object.keys(CLUE_KINDS) as ClueKind[]
const clue = fc
  .tuple(fc.constantFrom(...KINDS), fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 2 ** 28 - 1 })))
  .map(([kind, code]) => clueOf(kind, code))
const stream = fc.array(clue, { maxLength: 300, size: 'max' })

/** By the definition. */
function smallestOf(told: readonly number[]): number[] {
  const codes = [...new Set(told)].toSorted((a, b) => a - b)
  return KINDS.flatMap((kind) =>
    codes.filter((one) => kindOfClue(one) === kind).slice(0, CLUE_KINDS[kind].kept),
  )
}

const inTurn = (parts: readonly (readonly number[])[]): Clues =>
  parts.reduce((kept, part) => mergeClues(kept, cluesFrom(part)), NO_CLUES)

test('what is kept is the smallest codes of each kind, in any order, told once or twice, in any parts', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat()), fc.nat({ max: 12 }), (told, order, size) => {
      const should = smallestOf(told)
      const shuffled = [...told, ...told.slice(0, 9)]
        .map((one, i) => [order[i % (order.length || 1)] ?? i, one] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, one]) => one)
      const parts = shuffled.flatMap((_, i) =>
        i % (size + 1) === 0 ? [shuffled.slice(i, i + size + 1)] : [],
      )
      expect([...cluesFrom(shuffled)]).toEqual(should)
      expect([...inTurn(parts)]).toEqual(should)
      const [some, others] = [inTurn(parts.slice(0, 5)), inTurn(parts.slice(5))]
      expect([...mergeClues(some, others)]).toEqual(should)
      expect(mergeClues(others, some)).toEqual(mergeClues(some, others))
    }),
  )
})

test('nothing new gives the very same clues, something new never changes the old ones', () => {
  fc.assert(
    fc.property(stream, stream, (told, more) => {
      const kept = cluesFrom(told)
      const before = [...kept]
      const all = mergeClues(kept, cluesFrom(more))
      expect(all === kept).toBe([...all].join() === before.join())
      expect(mergeClues(all, kept)).toBe(all)
      expect(mergeClues(all, cluesFrom(more))).toBe(all)
      expect([...kept]).toEqual(before)
    }),
  )
})

test('a number is its kind and its code', () => {
  for (const kind of KINDS) {
    for (const code of [0, 1, 2 ** 28 - 1]) {
      const one = clueOf(kind, code)
      expect([kindOfClue(one), codeOfClue(one)]).toEqual([kind, code])
    }
  }
  expect(kindOfClue(2 ** 32 - 1)).toBeNull()
  expect([...cluesFrom([2 ** 32 - 1])]).toEqual([])
})

test('numbers do not change, since they are stored', () => {
  expect(clueOfName('device', 'phone')).toBe(1)
  expect(clueOfName('system', 'linux')).toBe(0x1000_0006)
  expect(clueOfName('browser', 'other')).toBe(0x2000_0008)
  expect(clueOfText('page', 'shop /')).toBe(0x6d48_d47a)
  expect(clueOfText('language', 'de-de')).toBe(0x3de9_51d6)
  expect(clueOfText('click', 'gclid:ä𝄞')).toBe(0x866d_f7ca)
})

test('names are told from numbers', () => {
  expect(nameOfClue(clueOfName('browser', 'samsung'))).toBe('samsung')
  expect(nameOfClue(clueOf('device', 9))).toBeNull()
  expect(nameOfClue(clueOfText('page', 'shop /'))).toBeNull()
})

test('texts that differ little have codes that differ much', () => {
  const codes = Array.from({ length: 4_000 }, (_, i) =>
    codeOfClue(clueOfText('page', `shop /p/${i}`)),
  )
  expect(new Set(codes).size).toBe(codes.length)
  const halves = Array.from(
    { length: 28 },
    (_, bit) => codes.filter((code) => (code >>> bit) & 1).length,
  )
  for (const ones of halves) expect(Math.abs(ones - 2_000)).toBeLessThan(250)
})
