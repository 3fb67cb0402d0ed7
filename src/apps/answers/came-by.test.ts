// By which way somebody came, as far as a message says.
import { expect, test } from 'vitest'

import { cameBy } from './came-by.ts'

const url = 'https://www.shop.example/sale?utm_source=news&utm_medium=email'
const PAGE = { url: 'https://www.shop.example/' }

test.each<[context: object, words: string | null]>([
  [{ campaign: { source: 'google', medium: 'cpc', name: 'spring' } }, 'google / cpc / spring'],
  [{ campaign: { source: ' google ', medium: '' }, page: { url } }, 'google'],
  [{ campaign: { source: 7, term: 'tent' }, page: { url } }, 'news / email'],
  [{ page: { ...PAGE, referrer: 'https://www.google.com/' } }, 'www.google.com'],
  [{ page: { ...PAGE, referrer: 'https://blog.shop.example/a' } }, null],
  [{ page: { url: 'https://a.shop.co.uk/', referrer: 'https://other.co.uk/' } }, 'other.co.uk'],
  [{ page: { url: 'https://a.shop.co.uk/', referrer: 'https://b.shop.co.uk/' } }, null],
  [{ page: { ...PAGE, referrer: 'no address' } }, null],
  [{ campaign: 'spring', page: 'home' }, null],
  [{}, null],
])('%j', (context, words) => {
  expect(cameBy(JSON.stringify({ context }))).toBe(words)
})

test('what is too long is cut', () => {
  const campaign = { source: 'x'.repeat(10_000) }
  expect(cameBy(JSON.stringify({ context: { campaign } }))).toBe('x'.repeat(80))
})

test('what is no message says nothing', () => {
  expect(cameBy('[')).toBeNull()
  expect(cameBy('[]')).toBeNull()
})
