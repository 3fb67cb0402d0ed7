// Equal values have one text; nothing makes it throw or run away.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { canonicalJson } from './canonical-json.ts'

/** The value with the keys of every object in reverse. */
export function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

test('keys are sorted, space is none', () => {
  expect(canonicalJson({ b: [1, 'x', null], a: { d: true, c: -0 } })).toBe(
    '{"a":{"c":0,"d":true},"b":[1,"x",null]}',
  )
})

test('the order of keys is irrelevant, and what it says is the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(canonicalJson(reversed(value))).toBe(text)
      expect(canonicalJson(JSON.parse(text ?? ''))).toBe(text)
    }),
  )
})

test('the deep and the endless have no text', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = [cycle]
  expect(canonicalJson(cycle)).toBeNull()
  let deep: unknown = 1
  for (let i = 0; i < 65; i++) deep = [deep]
  expect(canonicalJson(deep)).toBeNull()
  expect(canonicalJson([[]], 1)).toBeNull()
  expect(canonicalJson([[]], 2)).toBe('[[]]')
})

test('what JSON cannot say counts as null or is left out', () => {
  expect(canonicalJson({ a: undefined, b: 1n, c: Number.NaN, d: () => 1 })).toBe(
    '{"b":null,"c":null,"d":null}',
  )
})
