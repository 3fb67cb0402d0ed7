// What is wrong with a text that should be JSON.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { jsonFault } from './json-fault.ts'

const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test.each([
  ['{"a": 1', 'Line 1, column 8: what line 1, column 1 opens is never closed.'],
  [
    '{\n  "a": 1,\n}',
    'Line 3, column 1: after a comma another name was expected; take the comma away.',
  ],
  ['{\n  "a": 1\n  "b": 2\n}', 'Line 3, column 3: a comma or "}" was expected here.'],
  ['{a: 1}', 'Line 1, column 2: a name in double quotes was expected here.'],
  ['{"a" 1}', 'Line 1, column 6: a colon was expected after the name.'],
  ['{"a": }', 'Line 1, column 7: a value was expected here.'],
  ['{"a": "b}', 'Line 1, column 10: the text that line 1, column 7 opens is never closed.'],
  ['{} {}', 'Line 1, column 4: the settings have ended, and yet there is more.'],
  ['["\\x"]', 'Line 1, column 3: a backslash is followed by what it cannot escape.'],
  ['', 'Line 1, column 1: a value was expected here.'],
  ['['.repeat(300), 'Line 1, column 202: this is nested too deeply.'],
])('%j', (text, words) => {
  expect(jsonFault(text)).toBe(words)
})

test('nothing is wrong with what JSON.parse accepts, in whatever way it is written', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
      expect(jsonFault(text)).toBe(null)
      expect(jsonFault(JSON.stringify(JSON.parse(text), null, indent))).toBe(null)
    }),
  )
})

test('something is wrong with exactly what it refuses', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '1', ':', '\\', ' '))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + 1)
    })
  fc.assert(
    fc.property(broken, (text) => {
      expect(jsonFault(text) === null).toBe(parses(text))
    }),
  )
})
