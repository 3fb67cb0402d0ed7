// The place of a mistake, wherever it is.
import { expect, test } from 'vitest'

import { queryMistake } from './query-words.ts'

const mistake = (sql: string, at: string, width = 80): string => {
  const position = sql.indexOf(at)
  return queryMistake(sql, { message: 'no', position, hint: null }, width).message
}

test('the line, the column and a mark below the place', () => {
  expect(mistake('select nam from x', 'nam')).toBe(
    'line 1, column 8: no\n  select nam from x\n         ^',
  )
  expect(mistake('select 1,\n\tnam\nfrom x', 'nam')).toBe('line 2, column 2: no\n   nam\n   ^')
  expect(mistake("select '😀', nam", 'nam')).toBe(
    "line 1, column 13: no\n  select '😀', nam\n              ^",
  )
  expect(mistake('\nfrom x', '\n')).toBe('line 1, column 1: no\n  \n  ^')
})

test('of a long line the part around the place', () => {
  const sql = `select ${'a, '.repeat(100)}nam, ${'b, '.repeat(100)}c`
  const [, text = '', mark = ''] = mistake(sql, 'nam', 40).split('\n')
  expect(text.length).toBeLessThanOrEqual(40)
  expect(text.slice(mark.length - 1)).toMatch(/^nam/)
})

test('without a place, the words alone; nothing moves the cursor', () => {
  const told = queryMistake('x', { message: 'a\u001b[2J', position: null, hint: 'b\nc\u0007' }, 80)
  expect([told.message, told.hint]).toEqual(['a [2J', 'b\nc '])
})
