// Sessions over devices, and which of them led to a conversion.
import { expect, test } from 'vitest'

import { conversionsOf, isConversion, sessionsOf } from './journeys.ts'
import type { Happened } from './pages.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

/** At so many minutes, on a cookie. */
function event(minute: number, cookie: string | null, more: Partial<Happened> = {}): Happened {
  return {
    event_id: `e${minute}${cookie}`,
    type: 'page',
    name: 'Home',
    site: 'shop',
    received_at: '',
    device: null,
    page: '/',
    at: new Date(Date.UTC(2026, 2, 1) + minute * MINUTE_MS).toISOString(),
    identifiers: cookie === null ? [] : [`cookie:${cookie}`],
    came_by: null,
    ...more,
  }
}
const order = (minute: number, cookie: string | null): Happened =>
  event(minute, cookie, { type: 'track', name: 'Order Completed' })

test('a session goes on until a silence of more than thirty minutes, on each cookie', () => {
  const sessions = sessionsOf([
    event(0, 'a', { came_by: 'google / cpc' }),
    event(10, 'b'),
    event(30, 'a', { device: 'Safari on iPhone' }),
    event(61, 'a'),
    event(62, null),
  ])
  expect(sessions.map(({ cookie, events }) => `${cookie} ${events}`)).toEqual([
    'cookie:a 2',
    'cookie:b 1',
    'cookie:a 1',
  ])
  expect(sessions[0]).toMatchObject({ device: 'Safari on iPhone', cameBy: 'google / cpc' })
})

test('all sessions of the look-back lead to a conversion, on whatever device', () => {
  const late = 31 * DAY_MINUTES
  const [second, first] = conversionsOf(
    [event(0, 'a'), order(5, 'a'), event(late, 'b'), order(late + 5, 'c'), event(late + 9, 'd')],
    false,
  )
  expect(first?.path.map(({ cookie }) => cookie)).toEqual(['cookie:a'])
  expect(first?.isWhole).toBe(false)
  expect(second?.path.map(({ cookie }) => cookie)).toEqual(['cookie:b', 'cookie:c'])
  expect(second?.isWhole).toBe(true)
})

test('of many sessions the last twelve are shown, and it is said how many were before', () => {
  const events = Array.from({ length: 20 }, (_, n) => event(n * 60, 'a'))
  const [only] = conversionsOf([...events, order(20 * 60, 'a')], true)
  expect(only?.path).toHaveLength(12)
  expect(only?.earlier).toBe(9)
  expect(only?.isWhole).toBe(true)
})

test.each<[name: string, type: string, is: boolean]>([
  ['order_completed', 'track', true],
  ['Signed-Up', 'track', true],
  ['Order Completed', 'page', false],
  ['Order Shipped', 'track', false],
])('%s by %s', (name, type, is) => {
  expect(isConversion({ name, type })).toBe(is)
})
