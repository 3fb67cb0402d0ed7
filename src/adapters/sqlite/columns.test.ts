// What is packed into a column unpacks to an equal value.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cluesFrom, NO_CLUES } from '../../core/edge/clue.ts'
import {
  cluesColumn,
  cluesOf,
  daysColumn,
  daysOf,
  keyOrder,
  sitesColumn,
  sitesOf,
} from './columns.ts'

const day = fc.integer({ min: -2_000_000, max: 2_000_000 })
const hours = fc.integer({ min: 0, max: 0xffffff })

test('days and hours', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(day, hours), { minLength: 1 }), (pairs) => {
      const days = new Map(pairs)
      const unpacked = daysOf(daysColumn(days))
      expect([...unpacked]).toEqual([...days].toSorted(([a], [b]) => a - b))
    }),
  )
})

test('one day takes six bytes at the most, as an integer', () => {
  expect(daysColumn(new Map([[30_000, 0xffffff]]))).toBeLessThan(2 ** 47)
})

test('clues', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 32 - 1 })).map(cluesFrom), (clues) => {
      expect(cluesOf(cluesColumn(clues))).toEqual(clues)
    }),
  )
  expect(cluesColumn(NO_CLUES)).toBeNull()
  expect([...(cluesColumn(Uint32Array.of(1, 2 ** 31 + 2)) ?? [])]).toEqual([
    1, 0, 0, 0, 2, 0, 0, 128,
  ])
})

test('lists of sites', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (sites) => {
      expect(sitesOf(sitesColumn(sites))).toEqual(sites)
    }),
  )
})

test('keys order as their first 48 bits do', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(), fc.nat()), ([a, b]) => {
      const [x, y] = [a, b].map((n) => n.toString(16).padStart(12, '0').padEnd(64, '7'))
      expect(Math.sign(keyOrder(x ?? '') - keyOrder(y ?? ''))).toBe(Math.sign(a - b))
    }),
  )
})
