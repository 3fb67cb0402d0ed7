// Property: whatever is written reads back as it was, and places order as numbers do.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ByteReader, ByteWriter, profileField, profileOfField } from './bytes.ts'
import { descending } from './reviews.ts'

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'.split('')), {
    minLength: length,
    maxLength: length,
  })
const id = hex(20).map((digits) => `prf_${digits.join('')}`)
const text = fc.oneof(
  fc.string(),
  fc.uuid(),
  id,
  hex(64).map((digits) => digits.join('')),
  fc.constantFrom('', 'prf_', 'abc', 'ABCD', '00'),
)

test('texts and numbers', () => {
  const number = fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 })
  const row = fc.record({
    text,
    number,
    count: fc.maxSafeNat(),
    day: fc.integer({ min: -9, max: 99_999 }),
  })
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const bytes = new ByteWriter(1)
      for (const one of rows) {
        bytes.text(one.text)
        bytes.whole(one.number)
        bytes.count(one.count)
        bytes.day(one.day)
      }
      const reader = new ByteReader(bytes.done())
      const read = rows.map(() => ({
        text: reader.text(),
        number: reader.whole(),
        count: reader.count(),
        day: reader.day(),
      }))
      expect(read).toEqual(rows)
      expect(reader.isDone).toBe(true)
    }),
  )
})

test('ids of profiles, minted ones in eleven bytes', () => {
  fc.assert(
    fc.property(fc.oneof(text, id), (one) => {
      expect(profileOfField(profileField(one))).toBe(one)
    }),
  )
  fc.assert(
    fc.property(id, (one) => {
      expect(profileField(one).length).toBe(11)
    }),
  )
})

test('places come in the order of numbers, the highest first', () => {
  const number = fc.double({ noNaN: true })
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [descending(a), descending(b)]
      expect(Math.sign(Buffer.compare(x, y))).toBe(Math.sign(a === b ? 0 : b > a ? 1 : -1))
    }),
  )
})
