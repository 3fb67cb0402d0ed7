// Wrapped text: nothing wider than the terminal, nothing lost.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { wrapped } from './wrap.ts'

test('between words, within one that is too long', () => {
  const lines = ['a message has at', '  most 20 bytes']
  expect(wrapped('a message has at most 20 bytes', 16, '')).toEqual(lines)
  const broken = ['  at', '  serve-2026', '  .ndjson:7', '  it']
  expect(wrapped('at serve-2026.ndjson:7 it', 12)).toEqual(broken)
  expect(wrapped('', 12)).toEqual([])
})

test('nothing is too wide, nothing is lost', () => {
  const words = fc.stringMatching(/^[a-z ]{0,200}$/)
  fc.assert(
    fc.property(words, fc.integer({ min: 3, max: 50 }), (text, width) => {
      const lines = wrapped(text, width)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})
