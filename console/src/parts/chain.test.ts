// A path walked from the identifier that was asked about.
import { expect, test } from 'vitest'

import { chainOf, type PathEdge, withoutWords } from './chain.ts'

const edge = (from: string, to: string): PathEdge => ({
  from,
  to,
  kind: 'login',
  confidence: 0.9,
  cut: null,
  count: 1,
  sites: [],
  first_seen: '',
  last_seen: '',
  first_event: null,
  last_event: null,
  without_it: [],
  scored_by: null,
})
const walked = (a: string, path: PathEdge[]): string | undefined => {
  const chain = chainOf({ a, path, weakest: 0 })
  return chain === null ? undefined : [chain.start, ...chain.links.map(({ to }) => to)].join(' ')
}

test('each link begins where the one before it ended', () => {
  expect(walked('a', [edge('a', 'b'), edge('c', 'b'), edge('c', 'd')])).toBe('a b c d')
  expect(walked('a', [edge('b', 'a')])).toBe('a b')
  // Asked by profile ids: the ends are known from how the edges meet.
  expect(walked('prf_1', [edge('b', 'a'), edge('b', 'c')])).toBe('a b c')
  expect(walked('a', [])).toBeUndefined()
})

test('of one edge none is the weakest', () => {
  expect(chainOf({ a: 'a', path: [edge('a', 'b')], weakest: 0 })?.links[0]?.isWeakest).toBe(false)
  const two = chainOf({ a: 'a', path: [edge('a', 'b'), edge('b', 'c')], weakest: 1 })
  expect(two?.links.map(({ isWeakest }) => isWeakest)).toEqual([false, true])
})

test('what would become of the profile', () => {
  expect(withoutWords({ without_it: [] })).toBeNull()
  expect(withoutWords({ without_it: [4] })).toContain('hold all the same')
  expect(withoutWords({ without_it: [4, 2, 1] })).toContain('3 parts, of 4, 2 and 1 identifiers')
})
