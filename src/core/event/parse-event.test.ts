// Every message of the family becomes an event; whatever else is sent is rejected with its reason and never throws.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { parsed, RECEIVED_AT } from '../../../test/extraction.ts'
import type { Event } from './event.ts'

function eventOf(raw: unknown, site = 'default'): Event {
  const result = parsed(raw, site)
  if (!result.ok) throw new Error(result.reason)
  return result.event
}

const visitor = { anonymousId: 'anon-7', messageId: 'm1' }

test.each<[raw: Record<string, unknown>, expected: Partial<Event>]>([
  [
    { type: 'identify', userId: 'u1', traits: { email: 'a' } },
    { type: 'identify', userId: 'u1', name: '' },
  ],
  [
    { type: 'track', event: ' Signed In ' },
    { type: 'track', name: 'Signed In' },
  ],
  [
    { type: 'page', name: 'Home' },
    { type: 'page', name: 'Home' },
  ],
  [{ type: 'page' }, { type: 'page', name: '' }],
  [
    { type: 'screen', name: 'Start' },
    { type: 'screen', name: 'Start' },
  ],
  [
    { type: 'group', groupId: 'g1' },
    { type: 'group', name: '' },
  ],
  [
    { type: 'alias', previousId: 'old', userId: 'new' },
    { type: 'alias', previousId: 'old' },
  ],
  [{ type: 'Track', event: 'X' }, { type: 'track' }],
  [{ type: 'page', userId: null }, { userId: null }],
  [{ type: 'page', userId: '' }, { userId: null }],
  [{ type: 'page', userId: 42 }, { userId: '42' }],
  [{ type: 'page', previousId: 'x' }, { previousId: null }],
  [
    { type: 'page', userId: {} },
    { userId: null, unusable: [{ field: 'userId', reason: 'wrong_type' }] },
  ],
  [
    { type: 'page', userId: 2 ** 63 },
    { userId: null, unusable: [{ field: 'userId', reason: 'rounded_number' }] },
  ],
  [
    { type: 'page', traits: 'x', properties: [1], context: 5 },
    { traits: {}, properties: {}, context: {} },
  ],
])('%j', (raw, expected) => {
  expect(eventOf({ ...visitor, ...raw })).toMatchObject({
    id: 'm1',
    anonymousId: 'anon-7',
    receivedAt: RECEIVED_AT,
    site: 'default',
    ...expected,
  })
})

test.each<[reason: string, raw: unknown]>([
  ['not_an_object', null],
  ['not_an_object', 'x'],
  ['not_an_object', []],
  ['unknown_type', {}],
  ['unknown_type', { ...visitor, type: 'merge' }],
  ['unknown_type', { ...visitor, type: { toString: () => 'page' } }],
  ['no_event_name', { ...visitor, type: 'track' }],
  ['no_event_name', { ...visitor, type: 'track', event: '  ' }],
  ['no_event_name', { ...visitor, type: 'track', event: {} }],
  ['no_identity', { type: 'page', messageId: 'm' }],
  ['no_identity', { type: 'page', userId: null, anonymousId: ' ' }],
  ['no_identity', { type: 'alias', previousId: 'x' }],
  ['no_identity', { type: 'page', userId: [], anonymousId: false }],
  ['message_id_too_long', { ...visitor, type: 'page', messageId: 'x'.repeat(101) }],
  ['bad_message_id', { ...visitor, type: 'page', messageId: {} }],
  ['too_deep', { type: 'page', userId: 'u1', properties: nested(70) }],
])('%s: %j', (reason, raw) => {
  expect(parsed(raw)).toMatchObject({ ok: false, reason })
})

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = { in: value }
  return value
}

test('depth harms only where an id must be made', () => {
  expect(eventOf({ ...visitor, type: 'page', properties: nested(50_000) }).id).toBe('m1')
  expect(eventOf({ ...visitor, type: 'page', messageId: 'x'.repeat(100) }).id).toHaveLength(100)
  expect(eventOf({ ...visitor, type: 'page', messageId: 7 }).id).toBe('7')
})

test('an id made of the content is that of the content', () => {
  const one = { type: 'page', userId: 'u1', properties: { a: 1, b: [2] } }
  const { id } = eventOf(one)
  expect(id).toMatch(/^content:[0-9a-f]{64}$/)
  const again = [
    { properties: { b: [2], a: 1 }, userId: 'u1', type: 'page' },
    { ...one, messageId: '', sentAt: '2026-03-02T00:00:00Z', writeKey: 'k', _metadata: {} },
    { ...one, messageId: null, receivedAt: 5 },
  ]
  expect(again.map((raw) => eventOf(raw).id)).toEqual([id, id, id])
  const others = [
    { ...one, timestamp: '2026-03-02T00:00:00Z' },
    { ...one, userId: 'u2' },
  ]
  expect(others.map((raw) => eventOf(raw).id)).not.toContain(id)
  expect(eventOf(one, 'shop').id).not.toBe(id)
})

test('keys that would reach the prototype are keys', () => {
  const raw: unknown = JSON.parse(
    '{"type":"page","userId":"u1","__proto__":{"anonymousId":"evil"},"constructor":{"prototype":{"x":1}}}',
  )
  expect(eventOf(raw)).toMatchObject({ userId: 'u1', anonymousId: null })
  expect({}).not.toHaveProperty('x')
})

test('never throws, and never changes what it was given', () => {
  const field = fc.oneof(fc.jsonValue(), fc.string(), fc.constant(undefined))
  const raw = fc.oneof(
    fc.anything(),
    fc.record({
      type: fc.oneof(
        fc.constantFrom('identify', 'track', 'page', 'screen', 'group', 'alias'),
        field,
      ),
      messageId: field,
      userId: field,
      anonymousId: field,
      previousId: field,
      event: field,
      name: field,
      timestamp: field,
      sentAt: field,
      traits: field,
      context: field,
      properties: field,
    }),
  )
  fc.assert(
    fc.property(raw, (message) => {
      const before = fc.stringify(message)
      const result = parsed(message)
      expect(result.ok ? result.event.id.length : result.detail.length).toBeGreaterThan(0)
      expect(fc.stringify(message)).toBe(before)
    }),
  )
})
