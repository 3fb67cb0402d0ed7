// What is remembered is bounded, and the most recent is remembered.
import { expect, test } from 'vitest'

import { Recent } from './recent.ts'

test('remembers the last entries, forgets the rest', () => {
  const recent = new Recent<number>(3)
  for (let i = 0; i < 7; i++) {
    recent.set(String(i), i)
    expect(recent.get('0')).toBe(0)
  }
  const known = ['0', '1', '2', '3', '4', '5', '6'].filter((key) => recent.get(key) !== undefined)
  expect(known).toContain('6')
  expect(known).not.toContain('1')
  expect(known.length).toBeLessThanOrEqual(6)
})
