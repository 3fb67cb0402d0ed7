// Many quoted texts at once are found where each by itself is.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { QuotedTexts } from './quoted-texts.ts'

function oneByOne(bytes: Buffer, texts: readonly Buffer[]): number[] {
  const places = new Set<number>()
  for (const text of texts)
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.add(at)
  return [...places].toSorted((a, b) => a - b)
}

function atOnce(bytes: Buffer, texts: readonly Buffer[]): number[] {
  const places = new Set<number>()
  new QuotedTexts(texts).find(bytes, (at) => places.add(at))
  return [...places].toSorted((a, b) => a - b)
}

/** Few letters, so that texts are within one another; quotes, escapes and what is no ASCII among them. */
const word = fc
  .array(fc.constantFrom('a', 'b', '"', '\\', ',', 'é', '\u{1f600}', '\n'), { maxLength: 4 })
  .map((letters) => letters.join(''))

test('wherever one by one finds them', () => {
  const cases = fc.tuple(fc.array(word, { maxLength: 30 }), fc.array(word, { maxLength: 12 }))
  fc.assert(
    fc.property(cases, ([said, asked]) => {
      const bytes = Buffer.from(said.map((one) => JSON.stringify([one, { [one]: 1 }])).join('\n'))
      const texts = asked.map((one) => Buffer.from(JSON.stringify(one)))
      expect(atOnce(bytes, texts)).toEqual(oneByOne(bytes, texts))
    }),
  )
})

test('texts of one hash are told apart', () => {
  // "Aa" and "BB" have the same one.
  const texts = [Buffer.from('"Aa"')]
  expect(atOnce(Buffer.from('["BB","Aa"]'), texts)).toEqual([6])
})
