// The real @rudderstack/rudder-sdk-node, unmodified, pointed here by its documented settings: its calls, which it packs
// by gzip, end in the right profiles, once each, also when the server was away for a while.
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { expect, test } from 'vitest'

import { openShop } from './shop.ts'

function tell(analytics: RudderAnalytics): void {
  analytics.page({ anonymousId: 'c-phone', name: 'Pricing' })
  analytics.track({ anonymousId: 'c-laptop', event: 'Product Viewed', properties: { sku: 'a' } })
  analytics.identify({
    userId: '42',
    anonymousId: 'c-laptop',
    context: { traits: { email: 'ana@example.com' } },
  })
  analytics.identify({ userId: '42', anonymousId: 'c-phone', traits: { phone: '+351962714835' } })
  analytics.group({ userId: '42', groupId: 'acme' })
  analytics.screen({ anonymousId: 'c-other', name: 'Home' })
  analytics.alias({ userId: '42', previousId: 'old-42' })
}

const DID = ['page Pricing', 'track Product Viewed', 'identify', 'identify', 'group', 'alias']

const flushed = async (analytics: RudderAnalytics): Promise<void> =>
  new Promise((resolve, reject) => {
    void analytics.flush((cause) => (cause === undefined ? resolve() : reject(cause)))
  })

test.each([true, false])('every call ends in the right profile, gzip: %s', async (gzip) => {
  const shop = await openShop()
  const analytics = new RudderAnalytics(shop.writeKey, { dataPlaneUrl: shop.url, gzip })
  tell(analytics)
  await flushed(analytics)
  await shop.expectEvents('email:ana@example.com', DID)
  expect(await shop.identifiersOf('cookie:c-phone')).toEqual([
    'cookie:c-laptop',
    'cookie:c-phone',
    'email:…',
    'external_id:user:42',
    'phone:…',
  ])
  await shop.expectEvents('cookie:c-other', ['screen Home'])
  expect(await shop.messages()).toBe(7)
})

test('the server was away for a while: nothing lost, nothing doubled', async () => {
  const shop = await openShop()
  await shop.goAway()
  const settings = { dataPlaneUrl: shop.url, flushAt: 3, retryCount: 10, logLevel: 'none' }
  const analytics = new RudderAnalytics(shop.writeKey, settings)
  tell(analytics)
  const flushing = flushed(analytics)
  await shop.comeBack()
  await flushing
  await shop.expectEvents('external_id:user:42', DID)
  expect(await shop.messages()).toBe(7)
})
