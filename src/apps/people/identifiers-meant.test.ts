// What a bare text is tried as: every type it may be, in every namespace there is, and no more than a limit.
import { expect, test } from 'vitest'

import { extractionOf } from '../../../test/extraction.ts'
import { identifierText } from '../../core/index.ts'
import { identifiersMeant, MEANINGS_MAX } from './identifiers-meant.ts'

const textsOf = (text: string, configuration: object = {}): readonly string[] =>
  identifiersMeant(extractionOf(configuration), text).map(identifierText)

test.each([
  ['cookie:c-1', ['cookie:c-1', 'cookie:cookie:c-1', 'external_id:user:cookie:c-1']],
  ['c-1', ['cookie:c-1', 'external_id:user:c-1', 'external_id:crm:c-1']],
  ['null', []],
])('%s may be %j', (text, expected) => {
  expect(textsOf(text)).toEqual(expect.arrayContaining(expected))
  expect(textsOf(text).length >= expected.length).toBe(true)
})

test('an address may be an e-mail, digits a phone; sites that keep to themselves have their own', () => {
  const configuration = {
    phone: { defaultRegion: 'DE' },
    sites: { clinic: { crossSite: false }, shop: {} },
    namespaces: { loyalty: { unique: true } },
    identifierTypes: {
      idfa: { role: 'member', rank: 20, from: ['context.device.advertisingId'] },
    },
  }
  const types = (text: string): readonly string[] =>
    textsOf(text, configuration).map((one) => one.slice(0, one.lastIndexOf(':')))
  expect(types('ana@example.com')).toContain('email')
  expect(types('c-1')).not.toContain('email')
  expect(types('030 123456')).toContain('phone')
  expect(types('c-1')).toEqual(
    expect.arrayContaining([
      'cookie',
      'cookie@clinic',
      'external_id:user@shop',
      'external_id:user@clinic',
      'external_id:loyalty',
    ]),
  )
})

test('where there are many namespaces some are left out', () => {
  const namespaces = Object.fromEntries(
    Array.from({ length: 2 * MEANINGS_MAX }, (_, n) => [`n${n}`, { unique: false }]),
  )
  const found = textsOf('c-1', { namespaces })
  // The text as it stands is tried too, and is none.
  expect(found).toHaveLength(MEANINGS_MAX - 1)
  expect(found[0]).toBe('cookie:c-1')
})
