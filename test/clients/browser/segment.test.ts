// The real @segment/analytics-next in Chromium, unmodified, pointed here by its documented settings.
import type { Page } from 'playwright-core'
import { describe, test } from 'vitest'

import type { Shop } from '../shop.ts'
import { type BrowserClient, expectEveryCall, testAway } from './analytics.ts'
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

const client: BrowserClient = { load, anonymousId }

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('Segment in a browser', () => {
  const batching = "deliveryStrategy: { strategy: 'batching', config: { size: 4, timeout: 500 } }"
  test.each([
    ['one by one', '', ['/v1/a', '/v1/g', '/v1/i', '/v1/p', '/v1/t', '/v1/t']],
    ['in batches', batching, ['/v1/b', '/v1/b']],
  ])('every call ends in the right profile, %s', async (_name, more, paths) => {
    await expectEveryCall(client, more, paths)
  })

  testAway(client)
})
