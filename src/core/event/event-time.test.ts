// Event time: corrected for live messages, kept for historical ones, never nonsense, never the machine's time zone.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { eventTime, instantOf } from './event-time.ts'

const RECEIVED_AT = Date.UTC(2026, 2, 2, 12)
const HOUR_MS = 3_600_000

test.each<[value: unknown, instant: string | null]>([
  ['2026-03-02T11:00:00.000Z', '2026-03-02T11:00:00.000Z'],
  ['2026-03-02T11:00:00Z', '2026-03-02T11:00:00.000Z'],
  ['2026-03-02T11:00:00', '2026-03-02T11:00:00.000Z'],
  ['2026-03-02 11:00:00', '2026-03-02T11:00:00.000Z'],
  ['2026-03-02T11:00', '2026-03-02T11:00:00.000Z'],
  ['2026-03-02', '2026-03-02T00:00:00.000Z'],
  ['2026-03-02T11:00:00.1234567Z', '2026-03-02T11:00:00.123Z'],
  ['2026-03-02T11:00:00,5Z', '2026-03-02T11:00:00.500Z'],
  ['2026-03-02T11:00:00+02:00', '2026-03-02T09:00:00.000Z'],
  ['2026-03-02T11:00:00-0530', '2026-03-02T16:30:00.000Z'],
  ['2026-03-02T11:00:00+02', '2026-03-02T09:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  [Date.UTC(2026, 2, 2), '2026-03-02T00:00:00.000Z'],
  [Date.UTC(2026, 2, 2) / 1000, '2026-03-02T00:00:00.000Z'],
  [String(Date.UTC(2026, 2, 2)), '2026-03-02T00:00:00.000Z'],
  ['2026-02-29T00:00:00Z', null],
  ['2026-13-01T00:00:00Z', null],
  ['2026-03-02T24:00:00Z', null],
  ['2026-03-02T11:61:00Z', null],
  ['2026-03-02T11:00:00+2', null],
  ['2026-03-02T11:00:00 CET', null],
  ['2026-03-02Tgarbage', null],
  ['March 2, 2026', null],
  ['yesterday', null],
  ['', null],
  [null, null],
  [{}, null],
  [true, null],
])('%j is %s', (value, instant) => {
  const ms = instantOf(value)
  expect(Number.isNaN(ms) ? null : new Date(Math.floor(ms)).toISOString()).toBe(instant)
})

const at = (message: Record<string, unknown>, historical = false): number =>
  eventTime(message, { receivedAt: RECEIVED_AT, historical, site: 'default' }) - RECEIVED_AT

const iso = (offset: number): string => new Date(RECEIVED_AT + offset).toISOString()

test.each<[what: string, message: Record<string, unknown>, live: number, historical: number]>([
  ['a right clock', { timestamp: iso(-5000), sentAt: iso(-1000) }, -4000, -5000],
  [
    'a clock an hour slow',
    { timestamp: iso(-HOUR_MS - 5000), sentAt: iso(-HOUR_MS) },
    -5000,
    -HOUR_MS - 5000,
  ],
  [
    'a clock ten years slow',
    { timestamp: '2016-03-02T12:00:00Z', sentAt: '2016-03-02T12:00:03Z' },
    -3000,
    Date.UTC(2016, 2, 2, 12) - RECEIVED_AT,
  ],
  ['a clock of 1970', { timestamp: 5, sentAt: 8 }, -3000, 0],
  ['no sentAt', { timestamp: iso(-5000) }, -5000, -5000],
  ['no timestamp', { sentAt: iso(-5000) }, 0, -5000],
  ['only originalTimestamp', { originalTimestamp: iso(-5000), sentAt: iso(0) }, -5000, -5000],
  [
    'timestamp before originalTimestamp',
    { timestamp: iso(-7), originalTimestamp: iso(-9) },
    -7,
    -7,
  ],
  ['nothing', {}, 0, 0],
  ['no time', { timestamp: 'soon', sentAt: 'later' }, 0, 0],
  ['before 2000', { timestamp: '1999-12-31T23:59:59Z' }, 0, 0],
  ['more than a day ahead', { timestamp: iso(25 * HOUR_MS) }, 0, 0],
  ['an hour ahead', { timestamp: iso(HOUR_MS) }, HOUR_MS, HOUR_MS],
  ['endless', { timestamp: Number.POSITIVE_INFINITY, sentAt: -1e300 }, 0, 0],
])('%s', (_what, message, live, historical) => {
  expect([at(message), at(message, true)]).toEqual([live, historical])
})

test('whatever is sent, the time is a whole number that can have been', () => {
  const time = fc.oneof(
    fc.jsonValue(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.double(),
    fc.string(),
  )
  const message = fc.record({ timestamp: time, sentAt: time, originalTimestamp: time })
  fc.assert(
    fc.property(message, fc.boolean(), (fields, historical) => {
      const ms = eventTime(fields, { receivedAt: RECEIVED_AT, historical, site: 'default' })
      expect(Number.isSafeInteger(ms)).toBe(true)
      expect(ms).toBeGreaterThanOrEqual(946_684_800_000)
      expect(ms).toBeLessThanOrEqual(RECEIVED_AT + 24 * HOUR_MS)
    }),
  )
})

test('reads ISO instants as the platform does', () => {
  const dates = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(dates, (date) => {
      expect(instantOf(date.toISOString())).toBe(date.getTime())
    }),
  )
})
