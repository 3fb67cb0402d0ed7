// RudderStack's browser client in Chromium, unmodified, as the bundle that loads no plugins from elsewhere, pointed
// here by its documented settings.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { openShop, type Shop } from '../shop.ts'
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

const TELL = `
  analytics.page('Pricing')
  analytics.track('Product Viewed', { sku: 'a' })
  analytics.identify('42', { email: 'ana@example.com' })
  analytics.group('acme', { name: 'Acme' })
  analytics.alias('42', 'old-42')
  analytics.track('Order Completed', { total: 20 })`

const DID = [
  'page Pricing',
  'track Product Viewed',
  'identify',
  'group',
  'alias',
  'track Order Completed',
]

async function anonymousId(page: Page): Promise<string> {
  return page.evaluate<string>('analytics.getAnonymousId()')
}

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
    const shop = await openShop()
    const page = await load(shop, more)
    const posted: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') posted.push(new URL(request.url()).pathname)
    })
    const cookie = `cookie:${await anonymousId(page)}`
    await page.evaluate(TELL)
    await shop.expectEvents(cookie, DID)
    expect(await shop.identifiersOf('email:ana@example.com')).toEqual(
      expect.arrayContaining([cookie, 'email:…', 'external_id:user:42']),
    )
    expect(await shop.messages()).toBe(DID.length)
    expect(posted.toSorted()).toEqual(paths)
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

  test('the server was away for a while: nothing lost, nothing doubled', async () => {
    const shop = await openShop()
    const page = await load(shop)
    const cookie = `cookie:${await anonymousId(page)}`
    await page.evaluate("analytics.page('Home')")
    await shop.expectEvents(cookie, ['page Home'])
    await shop.goAway()
    const failed = page.waitForEvent('requestfailed')
    await page.evaluate(TELL)
    await failed
    await shop.comeBack()
    await shop.expectEvents(cookie, ['page Home', ...DID])
    expect(await shop.messages()).toBe(1 + DID.length)
  })

  test('the page was closed while the server was away: the next one brings what was left', async () => {
    const shop = await openShop()
    const page = await load(shop)
    const cookie = `cookie:${await anonymousId(page)}`
    await shop.goAway()
    const failed = page.waitForEvent('requestfailed')
    await page.evaluate("analytics.track('Signed Up', { email: 'ana@example.com' })")
    await failed
    const there = page.url()
    await page.goto('about:blank')
    await shop.comeBack()
    await page.goto(there)
    await shop.expectEvents(cookie, ['track Signed Up'])
    expect(await shop.messages()).toBe(1)
  })
})
