// Tables: nothing wider than the terminal, nothing cut that need not be.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { count, duration, share } from './numbers.ts'
import { tableLines } from './table.ts'

test('columns are as wide as they need to be, numbers stand to the right', () => {
  const columns = [{ head: 'NAME' }, { head: 'COUNT', align: 'right' as const }]
  expect(
    tableLines(
      columns,
      [
        ['ana', '7'],
        ['bea lima', '1,200'],
      ],
      80,
    ),
  ).toEqual(['NAME      COUNT', 'ana           7', 'bea lima  1,200'])
})

test('the widest gives way, and says so; control characters do not pass', () => {
  const columns = [{ head: 'A' }, { head: 'B', widthMin: 5 }]
  expect(tableLines(columns, [['x'.repeat(30), 'b\u001b[2Jc']], 20)).toEqual([
    'A             B',
    'xxxxxxxxxxx…  b [2Jc',
  ])
})

test('no line is wider than the terminal', () => {
  const row = fc.tuple(fc.string(), fc.string(), fc.string())
  fc.assert(
    fc.property(fc.array(row), fc.integer({ min: 40, max: 120 }), (rows, width) => {
      const lines = tableLines([{ head: 'A' }, { head: 'B' }, { head: 'C' }], rows, width)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    }),
  )
})

test('numbers for people', () => {
  expect([0, 999, 1_000, 1_234_567].map(count)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([5, 59_949, 61_000, 7_260_000].map(duration)).toEqual([
    '5 ms',
    '59.9 s',
    '1 min 01 s',
    '2 h 01 min',
  ])
  expect([1, 0.9999999, 0.5].map((ratio) => share(ratio))).toEqual(['1.000', '0.999', '0.500'])
})
