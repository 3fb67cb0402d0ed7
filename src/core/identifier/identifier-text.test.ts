// Identifiers as people write them, there and back.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { extracted, extractionOf, sha256 } from '../../../test/extraction.ts'
import { identifierText, parseIdentifierText } from './identifier-text.ts'

const extraction = extractionOf({
  phone: { defaultRegion: 'US' },
  sites: { clinic: { crossSite: false }, shop: {} },
  identifierTypes: { card: { role: 'member', from: ['traits.card'], normalise: 'lower' } },
})

function textOf(text: string): string {
  const result = parseIdentifierText(extraction, text)
  return result.ok ? identifierText(result.identifier) : `${result.message}; ${result.allowed}`
}

const ana = sha256('ana@example.com')

test.each([
  ['email:ana@example.com', `email:${ana}`],
  ['email: Ana@Example.com ', `email:${ana}`],
  [`email:${ana.toUpperCase()}`, `email:${ana}`],
  [`email:sha256:${ana}`, `email:${ana}`],
  ['email@clinic:ana@example.com', `email@clinic:${ana}`],
  ['phone:(202) 555-0123', `phone:${sha256('+12025550123')}`],
  [`phone:${ana}`, `phone:${ana}`],
  ['cookie:anon-7', 'cookie:anon-7'],
  ['cookie:a:b:c', 'cookie:a:b:c'],
  ['cookie@clinic:anon-7', 'cookie@clinic:anon-7'],
  ['external_id:crm:123', 'external_id:crm:123'],
  ['external_id:CRM:a:b', 'external_id:crm:a:b'],
  ['external_id:user@shop:42', 'external_id:user@shop:42'],
  ['external_id:crm@clinic:42', 'external_id:crm@clinic:42'],
  ['external_id:user:Ana@Example.com', `external_id:user:sha256:${ana}`],
  ['ip:203.0.113.7', 'ip:203.0.113.7'],
  ['ip:2001:db8::1', 'ip:2001:db8::/64'],
  [`device_signature:screen+tz+lang:${ana}`, `device_signature:screen+tz+lang:${ana}`],
  ['card:ABC7', 'card:abc7'],
])('%s is %s', (text, expected) => {
  expect(textOf(text)).toBe(expected)
  expect(textOf(expected)).toBe(expected)
})

test.each([
  ['', 'does not begin with a type; email:…, phone:…, external_id:…'],
  ['ana@example.com', 'does not begin with a type'],
  ['mail:ana@example.com', 'does not begin with a type'],
  ['email:', 'has no value; email:VALUE'],
  ['email:ana', 'has not the form of its type; an address, or its SHA-256'],
  ['email:test@test.com', 'is a placeholder'],
  ['phone:12', 'is no valid phone number; a number with "+"'],
  ['cookie:null', 'is a placeholder'],
  ['external_id:123', 'has no namespace; external_id:NAMESPACE:VALUE'],
  ['external_id::123', 'has no namespace'],
  ['ip:127.0.0.1', 'is no address of the open internet'],
  [
    'cookie@shop:anon-7',
    'names a site that does not keep its identifiers to itself; no "@", or @clinic',
  ],
  ['device_signature:screen:x', 'has not the form'],
])('%j is refused: %s', (text, expected) => {
  expect(textOf(text)).toContain(expected)
})

test('the text of every identifier of a message gives that identifier', () => {
  const id = fc.string({ minLength: 1 })
  fc.assert(
    fc.property(id, id, id, fc.constantFrom('default', 'shop', 'clinic'), (a, b, c, site) => {
      const { fact } = extracted(
        {
          type: 'identify',
          messageId: 'm',
          anonymousId: `x${a}`,
          userId: `y${b}`,
          traits: { email: 'ana@example.com', phone: '+12025550123', card: c },
          context: { ip: '203.0.113.7', externalIds: [{ type: b, id: c }] },
        },
        extraction,
        site,
      )
      for (const identifier of fact.identifiers) {
        const text = identifierText(identifier)
        expect(parseIdentifierText(extraction, text)).toEqual({ ok: true, identifier })
      }
    }),
  )
})
