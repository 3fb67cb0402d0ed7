// Visitors in a list that grows at both ends.
import { expect, test } from 'vitest'

import { countNew, heldStill, type Listing, type Visitor, withOlder, withTop } from './listing.ts'

/** `a9`: the profile a, last heard of at 9. */
const visitor = (name: string): Visitor => ({
  profile: name.charAt(0),
  kind: 'anonymous',
  state: 'provisional',
  name: null,
  identifier: `cookie:${name}`,
  confidence: null,
  revision: 1,
  identifiers: 1,
  by_type: { cookie: 1 },
  sites: ['shop'],
  last: { at: name.slice(1), type: 'page', name: '', site: 'shop', device: null, page: null },
})

const page = (names: string, next: string | null = 'older') => ({
  visitors: names === '' ? [] : names.split(' ').map(visitor),
  next,
})

const listing = (names: string, next: string | null = 'older'): Listing => ({
  ...page(names, next),
  isSparse: false,
})

const told = ({ visitors, next }: Listing): string =>
  [...visitors.map(({ profile, last }) => profile + last.at), next ?? 'end'].join(' ')

test('newer ones come on top, whoever is heard of again moves there', () => {
  const known = listing('a5 b4 c3 d2', 'after d')
  expect(told(withTop(known, page('e7 c6 a5', 'after a')))).toBe('e7 c6 a5 b4 d2 after d')
})

test('where so many are new that some lie between, what was known below is let go', () => {
  expect(told(withTop(listing('a5 b4'), page('e9 a8 c7', 'after c')))).toBe('e9 a8 c7 after c')
  expect(told(withTop(null, page('a5 b4', null)))).toBe('a5 b4 end')
})

test('older ones come below; whoever is there already stays', () => {
  const whole = withOlder(listing('a5 b4'), page('b4 c3', null))
  expect(told(whole)).toBe('a5 b4 c3 end')
  expect(whole.isSparse).toBe(false)
})

test('a page without anybody is told from the end', () => {
  expect(withOlder(listing('a5'), page('', 'further'))).toMatchObject({
    isSparse: true,
    next: 'further',
  })
  expect(withTop(null, page('', 'further'))).toMatchObject({ isSparse: true })
})

test('new are those above the first that nobody has heard of since', () => {
  const shown = page('a5 b4 c3').visitors
  expect(countNew(shown, page('d7 c6 a5 b4').visitors)).toBe(2)
  expect(countNew(shown, shown)).toBe(0)
  expect(countNew(shown, page('d9 e8').visitors)).toBe(2)
})

test('what is read stays as it is; only older ones come below it', () => {
  const shown = page('a5 b4 c3').visitors
  const still = (now: string): string =>
    told({ ...listing(''), visitors: heldStill(shown, page(now).visitors) })
  expect(still('d7 c6 a5 b4')).toBe('a5 b4 c3 older')
  expect(still('d7 c6 a5 b4 e2 f1')).toBe('a5 b4 c3 e2 f1 older')
  expect(still('d9 e8')).toBe('a5 b4 c3 older')
})
