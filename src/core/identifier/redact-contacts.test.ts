// Contacts mode `hash`: no plain e-mail and no plain phone is left where the issue of privacy arises.
import { expect, test } from 'vitest'

import { extractionOf, sha256 } from '../../../test/extraction.ts'
import { redactContacts } from './redact-contacts.ts'

const extraction = extractionOf({ phone: { defaultRegion: 'US' } })
const ana = `sha256:${sha256('ana@example.com')}`
const phone = `sha256:${sha256('+12025550123')};phone`

test('in every place of a message', () => {
  const raw = {
    type: 'identify',
    messageId: 'm1',
    userId: 'Ana@example.com',
    anonymousId: 'anon-7',
    timestamp: '2026-03-02T11:00:00+01:00',
    traits: {
      email: ' ana@example.com',
      phone: '(202) 555-0123',
      mobile: 2025550123,
      office: 'info@example.com',
      note: 'write to Ana@example.com!',
      age: 42,
      'ana@example.com': [true, { deep: '+1 202 555 0123' }],
    },
    properties: { to: 'ana@example.com', order: '2025550123', total: 2025550123 },
    context: {
      ip: '203.0.113.7',
      page: { url: 'https://shop.example/?m=ana%40example.com&x=1' },
      externalIds: [{ type: 'email', id: 'ana@example.com' }],
    },
  }
  const office = `sha256:${sha256('info@example.com')};role`
  expect(redactContacts(extraction, raw)).toEqual({
    ...raw,
    userId: ana,
    traits: {
      email: ana,
      phone,
      mobile: phone,
      office,
      note: `write to ${ana}!`,
      age: 42,
      [ana]: [true, { deep: phone }],
    },
    properties: { to: ana, order: '2025550123', total: 2025550123 },
    context: {
      ip: '203.0.113.7',
      page: { url: `https://shop.example/?m=${ana}&x=1` },
      externalIds: [{ type: 'email', id: ana }],
    },
  })
})

test.each([
  ['email', 'ana@localhost', 'redacted'],
  ['email', 'ana', 'ana'],
  ['email', 'Ana <ana@example.com>', 'redacted'],
  ['email', 'test@test.com', 'redacted'],
  ['email', '', ''],
  ['phone', '555-01234567', 'redacted'],
  ['phone', 'ana@example.com', 'redacted'],
  ['phone', '+49 170 0000000', 'redacted'],
  ['phone', 'iPhone 15', 'iPhone 15'],
  ['phoneModel', 'iPhone 15', 'iPhone 15'],
  ['note', 'Mail ana@example.com-or call.', `Mail ${ana}-or call.`],
  ['note', 'ana@example.com.', `${ana}.`],
  ['note', '@ana', '@ana'],
  ['note', 'a@b', 'a@b'],
  ['note', 'auth0|ana@example.com', `auth0|${ana}`],
  ['note', 'ana@example.com,ana@example.com', `${ana},${ana}`],
  ['note', ana, ana],
])('%s: %j is %j', (name, value, expected) => {
  expect(redactContacts(extraction, { [name]: value })).toEqual({ [name]: expected })
})

test('what is too deep to be looked at is left out, and keys stay keys', () => {
  let deep: unknown = 'ana@example.com'
  for (let i = 0; i < 100; i++) deep = [deep]
  expect(JSON.stringify(redactContacts(extraction, deep))).toMatch(/^\[+null\]+$/)
  const raw: unknown = JSON.parse('{"__proto__":{"email":"ana@example.com"}}')
  expect(JSON.stringify(redactContacts(extraction, raw))).toBe(`{"__proto__":{"email":"${ana}"}}`)
})

test('hostile text costs no more than its length', () => {
  const hostile = { a: 'a'.repeat(500_000) + '@', b: '@'.repeat(100_000), c: 'a.'.repeat(250_000) }
  expect(redactContacts(extraction, hostile)).toEqual(hostile)
})
