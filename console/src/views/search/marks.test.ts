// What matched, marked.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { piecesOf } from './marks.ts'

const marked = (text: string, wanted: string): string =>
  piecesOf(text, wanted)
    .map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text))
    .join('')

test.each([
  ['Ana Lima', 'lim', 'Ana [Lim]a'],
  ['José Peña', 'pena', 'José [Peña]'],
  ['Jose\u0301 P', 'jose p', '[Jose\u0301 P]'],
  ['banana', 'AN', 'b[an][an]a'],
  ['ana', ' ana ', '[ana]'],
  ['ana', 'bea', 'ana'],
  ['ana', '', 'ana'],
  ['a.b(c)', 'b(', 'a.[b(]c)'],
  ['👩‍🚀 ana', 'ana', '👩‍🚀 [ana]'],
])('%s, looked for %s', (text, wanted, result) => {
  expect(marked(text, wanted)).toBe(result)
})

test('the pieces add up to the text, whatever it is', () => {
  const anything = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(anything, anything, (text, wanted) => {
      expect(
        piecesOf(text, wanted)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})
