// Device signatures: equal devices are alike, turned ones too, and what was known is told apart.
import { expect, test } from 'vitest'

import { extractionOf } from '../../../test/extraction.ts'
import { signatureOf } from './device-signature.ts'
import type { Identifier } from './identifier.ts'
import { isRefused } from './made.ts'
import { redactContacts } from './redact-contacts.ts'

const extraction = extractionOf()

function signature(context: Record<string, unknown>): Identifier | null {
  const made = signatureOf(extraction, extraction.open, context)
  return made === null || isRefused(made) ? null : made
}

const phone = {
  screen: { width: 390, height: 844, density: 3 },
  timezone: 'Europe/Berlin',
  locale: 'de-DE',
  os: { name: 'iOS' },
  gpu: 'Apple GPU',
}

test('what was known is the namespace', () => {
  expect(signature(phone)).toMatchObject({
    type: 'device_signature',
    namespace: 'screen+tz+lang+os+gpu',
  })
  const { gpu, screen, ...rest } = phone
  expect(signature({ ...rest, screen })?.namespace).toBe('screen+tz+lang+os')
  expect(signature({ ...rest, gpu })?.namespace).toBe('tz+lang+os+gpu')
  expect(signature(rest)?.namespace).toBe('tz+lang+os')
  expect(signature({ ...rest, locale: '' })).toBeNull()
  expect(signature({})).toBeNull()
})

test.each<[what: string, same: boolean, change: Record<string, unknown>]>([
  ['turned', true, { screen: { width: 844, height: 390, density: 3 } }],
  ['a language in capitals', true, { locale: 'DE-de' }],
  ['the same system by user agent', true, { os: {}, userAgent: 'Mozilla/5.0 (iPhone; CPU …)' }],
  ['the same system by hint', true, { os: undefined, userAgentData: { platform: 'iOS' } }],
  ['another version of it', true, { os: { name: 'iOS', version: '19' } }],
  ['another screen', false, { screen: { width: 393, height: 852, density: 3 } }],
  ['another density', false, { screen: { width: 390, height: 844, density: 2 } }],
  ['another zone', false, { timezone: 'Europe/London' }],
  ['another system', false, { os: { name: 'Android' } }],
  ['another GPU', false, { gpu: 'Mali-G78' }],
  ['no GPU', false, { gpu: undefined }],
  ['a screen of no size', false, { screen: { width: 0, height: 844 } }],
])('%s: the same is %s', (_what, same, change) => {
  expect(signature({ ...phone, ...change })?.key === signature(phone)?.key).toBe(same)
})

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X)', 'iOS'],
  ['Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X)', 'iOS'],
  ['Mozilla/5.0 (Linux; Android 10; K)', 'Android'],
  ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)', 'Chrome OS'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 'macOS'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 'Mac OS X'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'Linux'],
])('%s is %s', (userAgent, name) => {
  const byAgent = signature({ ...phone, os: undefined, userAgent })
  expect(byAgent?.namespace).toContain('os')
  expect(byAgent?.key).toBe(signature({ ...phone, os: { name } })?.key)
})

test('an unknown system and parts of a wrong type are not known', () => {
  expect(signature({ ...phone, os: { name: 'Toaster' } })?.namespace).toBe('screen+tz+lang+gpu')
  expect(
    signature({ screen: { width: '390', height: {} }, timezone: 1, locale: [], gpu: {} }),
  ).toBeNull()
  expect(signature({ ...phone, gpu: 'x'.repeat(1000) })?.namespace).toBe('screen+tz+lang+os')
})

test.each([
  ['timezone', 'ana@example.com'],
  ['locale', ' Ana@Example.com, de-DE'],
  ['locale', '+49 170 0000000'],
  ['gpu', `ana@example.com${' '.repeat(250)}`],
  ['userAgent', 'linux@example.com'],
])('a contact as %s counts as its mark: plain and redacted are one device', (name, text) => {
  const context = { ...phone, os: undefined, [name]: text }
  const redacted = redactContacts(extraction, context)
  expect(redacted).not.toEqual(context)
  expect(signature(redacted as typeof context)).toEqual(signature(context))
})
