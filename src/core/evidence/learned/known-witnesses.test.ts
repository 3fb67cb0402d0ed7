// What is known of witnesses: found by their keys, and how rare that makes them.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf, numberOf } from '../../identifier/identifier.ts'
import { createHash } from 'node:crypto'
import { CLUE_COOKIES_MIN, raritiesOf, rarity, rowOf } from './known-witnesses.ts'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

test('rarity is the logarithm of base two in quarters, rounded down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (seen, all) => {
      const quarters = rarity(seen, all)
      const exact = Math.max(0, 4 * Math.log2(all / seen))
      expect(quarters).toBeLessThanOrEqual(exact + 0.01)
      expect(quarters).toBeGreaterThan(exact - 1.01)
    }),
  )
  expect([rarity(1, 2), rarity(1, 1_024), rarity(4, 1_024), rarity(10, 5)]).toEqual([4, 40, 32, 0])
})

test('a witness is found by its key, and what is not there is not', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1e6), { maxLength: 40 }), (names) => {
      const keys = names.map((name) => keyOf(digest, 'a', 'ip', '', String(name)))
      const known = names.length >> 1
      const number = BigInt64Array.from(keys.slice(0, known), numberOf).toSorted()
      const rows = { ...NOTHING, number }
      keys.forEach((key, i) => {
        expect(rowOf(rows, key)).toBe(i < known ? number.indexOf(numberOf(key)) : -1)
      })
    }),
  )
})

const NOTHING = {
  number: new BigInt64Array(0),
  cookies: new Uint32Array(0),
  devices: new Uint32Array(0),
  shape: new Uint8Array(0),
  cookiesInAll: 1_000,
  clue: Uint32Array.from([7, 9]),
  clueCookies: Uint32Array.from([500, 20]),
}

test('a clue that few told counts as one that just too few told to be counted', () => {
  const { clueRarity } = raritiesOf(NOTHING)
  expect([clueRarity(7), clueRarity(9)]).toEqual([rarity(500, 1_000), rarity(20, 1_000)])
  expect(clueRarity(8)).toBe(rarity(CLUE_COOKIES_MIN, 1_000))
})
