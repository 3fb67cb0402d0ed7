// The real @segment/analytics-node, unmodified, pointed here by its documented settings: its calls end in the right
// profiles, once each, also when the server was away for a while or the way to it packs the bodies.
import { gzipSync } from 'node:zlib'

import { Analytics } from '@segment/analytics-node'
import { expect, test } from 'vitest'

import { openShop } from './shop.ts'

/** The story of a visitor on two devices, told by a site's server. */
function tell(analytics: Analytics): void {
  analytics.page({ anonymousId: 'c-phone', name: 'Pricing' })
  analytics.track({ anonymousId: 'c-laptop', event: 'Product Viewed', properties: { sku: 'a' } })
  analytics.identify({
    userId: '42',
    anonymousId: 'c-laptop',
    traits: { email: 'ana@example.com', name: 'Ana' },
  })
  analytics.track({
    userId: '42',
    anonymousId: 'c-phone',
    event: 'Order Completed',
    properties: { total: 20, email: 'Ana@Example.com' },
  })
  analytics.group({ userId: '42', groupId: 'acme' })
  analytics.screen({ anonymousId: 'c-other', name: 'Home' })
  analytics.alias({ userId: '42', previousId: 'old-42' })
}

const PERSON = ['cookie:c-laptop', 'cookie:c-phone', 'email:…', 'external_id:user:42']

const DID = [
  'page Pricing',
  'track Product Viewed',
  'identify',
  'track Order Completed',
  'group',
  'alias',
]

test('every call ends in the right profile', async () => {
  const shop = await openShop()
  const analytics = new Analytics({ writeKey: shop.writeKey, host: shop.url })
  tell(analytics)
  await analytics.closeAndFlush()
  await shop.expectEvents('email:ana@example.com', DID)
  expect(await shop.identifiersOf('email:ana@example.com')).toEqual(PERSON)
  await shop.expectEvents('cookie:c-other', ['screen Home'])
  expect(await shop.messages()).toBe(7)
})

test('packed by gzip on the way', async () => {
  const shop = await openShop()
  let packed = 0
  const analytics = new Analytics({
    writeKey: shop.writeKey,
    host: shop.url,
    httpClient: (target, init) => {
      packed++
      const headers = { ...init.headers, 'content-encoding': 'gzip' }
      return fetch(target, { ...init, headers, body: gzipSync(init.body) })
    },
  })
  tell(analytics)
  await analytics.closeAndFlush()
  expect(packed).toBeGreaterThan(0)
  await shop.expectEvents('cookie:c-phone', DID)
})

test('the server was away for a while: nothing lost, nothing doubled', async () => {
  const shop = await openShop()
  await shop.goAway()
  let attempts = 0
  const analytics = new Analytics({
    writeKey: shop.writeKey,
    host: shop.url,
    flushAt: 1,
    httpClient: async (target, init) => {
      attempts++
      const response = await fetch(target, init)
      // An answer that got lost: the client sends again what is durable already.
      if (attempts % 5 === 0) throw new TypeError('the connection broke')
      return response
    },
  })
  tell(analytics)
  await expect.poll(() => attempts, { timeout: 20_000 }).toBeGreaterThan(0)
  await shop.comeBack()
  await analytics.closeAndFlush({ timeout: 50_000 })
  await shop.expectEvents('external_id:user:42', DID)
  expect(await shop.messages()).toBe(7)
})
