// What every browser client of the field must do alike: its calls end in the right profile, and a server that is away
// for a while, or a page that is closed meanwhile, costs and doubles nothing.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import { openShop, type Shop } from '../shop.ts'

/** A client on a page, as the global `analytics`. */
export interface BrowserClient {
  /** Opens a page with it; `more` goes among its settings. */
  readonly load: (shop: Shop, more?: string) => Promise<Page>
  readonly anonymousId: (page: Page) => Promise<string>
}

export const TELL = `
  analytics.page('Pricing')
  analytics.track('Product Viewed', { sku: 'a' })
  analytics.identify('42', { email: 'ana@example.com' })
  analytics.group('acme', { name: 'Acme' })
  analytics.alias('42', 'old-42')
  analytics.track('Order Completed', { total: 20 })`

export const DID = [
  'page Pricing',
  'track Product Viewed',
  'identify',
  'group',
  'alias',
  'track Order Completed',
]

/** `paths`: what is posted to, and nothing beside, such as the client's own metrics. */
export async function expectEveryCall(
  { load, anonymousId }: BrowserClient,
  more: string,
  paths: readonly string[],
): Promise<void> {
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
}

export function testAway({ load, anonymousId }: BrowserClient): void {
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
}
