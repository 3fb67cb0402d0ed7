// RudderStack's browser client in Chromium, unmodified, as the bundle that loads no plugins from elsewhere, pointed
// here by its documented settings.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { openShop, type Shop } from '../shop.ts'
import { type BrowserClient, DID, expectEveryCall, TELL, testAway } from './analytics.ts'
import { hasChromium, putModule, putPage, visitor } from './chromium.ts'

const UMD = '@rudderstack/analytics-js/dist/npm/modern/bundled/umd'

/** `more` goes among the settings. */
async function load(shop: Shop, more = ''): Promise<Page> {
  putModule('/rudderstack.js', `${UMD}/index.js`)
  const page = await (await visitor()).newPage()
  const there = await putPage(
    '/pricing',
    `<script src="/rudderstack.js"></script>
    <script>
      const { RudderAnalytics } = window.rudderanalytics
      window.analytics = new RudderAnalytics()
      analytics.load('${shop.writeKey}', '${shop.url}', { configUrl: '${shop.url}', ${more} })
    </script>`,
  )
  await page.goto(there)
  await page.evaluate('new Promise((ready) => analytics.ready(ready))')
  return page
}

async function anonymousId(page: Page): Promise<string> {
  return page.evaluate<string>('analytics.getAnonymousId()')
}

const client: BrowserClient = { load, anonymousId }

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('RudderStack in a browser', () => {
  const MESSAGES = ['/v1/alias', '/v1/group', '/v1/identify', '/v1/page', '/v1/track', '/v1/track']
  test.each([
    ['one by one', '', MESSAGES],
    [
      'in batches',
      'queueOptions: { batch: { enabled: true, maxItems: 3 } }',
      ['/v1/batch', '/v1/batch'],
    ],
    ['by beacon', 'useBeacon: true, beaconQueueOptions: { maxItems: 6 }', ['/beacon/v1/batch']],
  ])('every call ends in the right profile, %s', async (_name, more, paths) => {
    await expectEveryCall(client, more, paths)
  })

  test('after a reset it is somebody else', async () => {
    const shop = await openShop()
    const page = await load(shop)
    await page.evaluate(TELL)
    await page.evaluate('analytics.reset(true)')
    const cookie = `cookie:${await anonymousId(page)}`
    await page.evaluate("analytics.track('Product Viewed')")
    await shop.expectEvents(cookie, ['track Product Viewed'])
    await shop.expectEvents('email:ana@example.com', DID)
    expect(await shop.identifiersOf(cookie)).toEqual([cookie])
  })

  testAway(client)
})
