// Times in answers are those of JavaScript's own dates, however far apart.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { instant } from './instant.ts'

test('a time is written as a Date writes it', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(instant(date.getTime())).toBe(date.toISOString())
    }),
    { examples: [[new Date(0)], [new Date(-1)], [new Date(8.64e15)], [new Date(-8.64e15)]] },
  )
})

test('more days than are remembered', () => {
  for (let day = 0; day < 3_000; day++) {
    const ms = day * 86_400_000
    expect(instant(ms)).toBe(new Date(ms).toISOString())
  }
})

test('no time is an error', () => {
  expect(() => instant(Number.NaN)).toThrow(RangeError)
})
