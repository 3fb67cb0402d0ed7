// The real @segment/analytics-next in Chromium, unmodified, pointed here by its documented settings.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { openShop, type Shop } from '../shop.ts'
import { hasChromium, putModule, putPage, visitor } from './chromium.ts'

const UMD = '@segment/analytics-next/dist/umd'

/** `more` goes among the settings of Segment.io. */
async function load(shop: Shop, more = ''): Promise<Page> {
  putModule('/segment.js', `${UMD}/index.js`)
  const { host } = new URL(shop.url)
  const page = await (await visitor()).newPage()
  const there = await putPage(
    '/pricing',
    `<script src="/segment.js"></script>
    <script>
      window.analytics = AnalyticsNext.AnalyticsBrowser.load(
        { writeKey: '${shop.writeKey}', cdnURL: '${shop.url}' },
        { integrations: { 'Segment.io': { apiHost: '${host}/v1', protocol: 'http', ${more} } } },
      )
    </script>`,
  )
  await page.goto(there)
  await page.evaluate('analytics.ready()')
  return page
}

async function anonymousId(page: Page): Promise<string> {
  return page.evaluate<string>('analytics.user().then((user) => user.anonymousId())')
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

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('Segment in a browser', () => {
  const batching = "deliveryStrategy: { strategy: 'batching', config: { size: 4, timeout: 500 } }"
  test.each([
    ['one by one', '', ['/v1/a', '/v1/g', '/v1/i', '/v1/p', '/v1/t', '/v1/t']],
    ['in batches', batching, ['/v1/b', '/v1/b']],
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
    // Nothing beside the messages, such as the client's own metrics.
    expect(posted.toSorted()).toEqual(paths)
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
