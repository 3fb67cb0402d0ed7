// Phones: E.164 with a default region, and nothing that is no number of its country.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { extractionOf, sha256 } from '../../../test/extraction.ts'
import { normalPhone, phoneOf } from './phone.ts'

test.each<[text: string, region: string | null, normal: string | null]>([
  ['+442079460018', null, '+442079460018'],
  [' +44 (0)20 7946 0018 ', null, '+442079460018'],
  ['+44-20-7946-0018', 'DE', '+442079460018'],
  ['＋442079460018', null, '+442079460018'],
  ['tel:+442079460018', null, '+442079460018'],
  ['020 7946 0018', 'GB', '+442079460018'],
  ['0044 20 7946 0018', 'DE', '+442079460018'],
  ['(202) 555-0123', 'US', '+12025550123'],
  ['+1 202 555 0123 ext. 5', null, '+12025550123;ext=5'],
  ['+12025550123;ext=5', null, '+12025550123;ext=5'],
  ['+39 06 1234567', null, '+39061234567'],
  ['020 7946 0018', null, null],
  ['(202) 555-0123', null, null],
  ['442079460018', null, null],
  ['+1', null, null],
  ['+1 202 555 01', null, null],
  ['+999123456789', null, null],
  ['call +442079460018', 'GB', null],
  ['ana@example.com', 'GB', null],
  ['', 'GB', null],
  ['+'.repeat(65), null, null],
  ['020 7946 0018', 'XX', null],
])('%j in %s is %j', (text, region, normal) => {
  expect(normalPhone(text, region)).toBe(normal)
})

test('the normal form of a normal form is itself, in any region', () => {
  const digits = fc.stringMatching(/^\+?[0-9 ()-]{5,18}$/)
  fc.assert(
    fc.property(digits, fc.constantFrom(null, 'US', 'DE', 'IT'), (text, region) => {
      const normal = normalPhone(text, region)
      expect(normalPhone(normal ?? '', 'FR')).toBe(normal)
    }),
  )
})

const extraction = extractionOf({ phone: { defaultRegion: 'DE' } })

test.each([
  ['+442079460018', 'one'],
  ['030 23125555', 'one'],
  ['+4917000000000', 'junk'],
  ['+49 170 0000000', 'junk'],
  ['+49 170 1234567', 'junk'],
  ['0000000', 'junk'],
  ['0', 'junk'],
  ['123456789', 'junk'],
  ['none', 'junk'],
  ['12', 'not_a_number'],
  ['redacted', 'junk'],
])('%j: %s', (raw, expected) => {
  const contact = phoneOf(extraction, extraction.open, raw)
  expect(contact.identifier === undefined ? contact.reason : 'one').toBe(expected)
})

test('only the digest of the number is kept, and a mark stands for it', () => {
  const value = sha256('+442079460018')
  for (const raw of ['+44 20 7946 0018', `sha256:${value}`, `sha256:${value};phone`]) {
    expect(phoneOf(extraction, extraction.open, raw).identifier).toMatchObject({
      type: 'phone',
      value,
    })
  }
  expect(phoneOf(extraction, extraction.open, `sha256:${value};role`).identifier).toBeUndefined()
})
