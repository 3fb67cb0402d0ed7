// Pages of a timeline put together: nothing twice, nothing left out.
import { expect, test } from 'vitest'

import { type Happened, type Known, withLatest, withOlder } from './pages.ts'

const event = (n: number): Happened => ({
  event_id: `e${n}`,
  type: 'page',
  name: '',
  site: 'shop',
  identifiers: [],
  at: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
  received_at: '',
  device: null,
  page: null,
  came_by: null,
})
const page = (from: number, to: number, next: string | null, profile = 'prf_1'): Known => ({
  profile,
  next,
  events: Array.from({ length: to - from }, (_, n) => event(from + n)),
})
const asAnswer = ({ events, ...rest }: Known) => ({ ...rest, events: [...events] })
const ids = ({ events }: Known): string => events.map(({ event_id: id }) => id).join(' ')

test('older pages go before, newer events behind', () => {
  const first = withLatest(null, asAnswer(page(4, 8, 'p4')))
  const older = withOlder(first, asAnswer(page(0, 4, null)))
  expect(ids(older)).toBe('e0 e1 e2 e3 e4 e5 e6 e7')
  expect(older.next).toBeNull()
  const newer = withLatest(older, asAnswer(page(6, 10, 'p6')))
  expect(ids(newer)).toBe('e0 e1 e2 e3 e4 e5 e6 e7 e8 e9')
  expect(newer.next).toBeNull()
})

test('where more came than a page has, what is older is asked for again', () => {
  const known = withLatest(null, asAnswer(page(0, 4, 'p0')))
  const far = withLatest(known, asAnswer(page(20, 24, 'p20')))
  expect(ids(far)).toBe('e20 e21 e22 e23')
  expect(far.next).toBe('p20')
})

test('what the newer page could have shown and did not has left', () => {
  const known = withLatest(null, asAnswer(page(0, 6, 'p0')))
  const now = withLatest(known, { ...page(2, 8, 'p2'), events: [event(2), event(3), event(7)] })
  expect(ids(now)).toBe('e0 e1 e2 e3 e7')
})

test('of another profile nothing is kept', () => {
  const known = withLatest(null, asAnswer(page(0, 4, 'p0')))
  expect(ids(withLatest(known, asAnswer(page(2, 5, null, 'prf_2'))))).toBe('e2 e3 e4')
  expect(withOlder(known, asAnswer(page(0, 2, null, 'prf_2')))).toBe(known)
})

test('a page that was asked for twice adds nothing', () => {
  const known = withLatest(null, asAnswer(page(2, 4, 'p2')))
  const once = withOlder(known, asAnswer(page(0, 2, null)))
  expect(ids(withOlder(once, asAnswer(page(0, 2, null))))).toBe(ids(once))
})
