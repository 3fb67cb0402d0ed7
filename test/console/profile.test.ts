// A profile in real Chromium: taken apart by picking what is somebody else's, with a look beforehand; merged; texts that
// came with messages stay texts.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'
import { type Office, openOffice, SOON } from './office.ts'

let office: Office

beforeAll(async () => {
  office = hasChromium ? await openOffice(30) : office
})

async function eventsOf(identifier: string): Promise<readonly string[]> {
  const { id } = await office.api.profile(identifier)
  const { events } = await office.api.timeline(id)
  return events.map(({ event_id: event }) => event)
}

async function at(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
}

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('a profile', () => {
  test('is taken apart by picking, after a look at what would come of it, and events go to the right sides', async () => {
    const visit = (n: number, who: string) => {
      return { type: 'page', name: 'Home', anonymousId: who, messageId: `${who}-${n}` }
    }
    const login = (who: string) => {
      return { type: 'identify', userId: 'split-1', anonymousId: who, messageId: `${who}-login` }
    }
    await office.send(visit(1, 'sp-phone'), visit(2, 'sp-phone'), login('sp-phone'))
    await office.send(visit(1, 'sp-desk'), login('sp-desk'), visit(2, 'sp-desk'))
    const { id } = await office.api.profile('cookie:sp-phone')
    const page = await office.signedIn('steward', 'ana')
    const other = await office.signedIn('reader', 'rita')
    await at(other, `#/profile/${id}?part=identifiers`)
    await other.getByText('sp-desk').first().waitFor()
    expect(await other.getByRole('checkbox').count()).toBe(0)
    await at(page, `#/profile/${id}?part=identifiers`)
    await page.getByRole('checkbox', { name: 'Pick cookie:sp-desk' }).check()
    await page.getByRole('button', { name: 'Split off' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 events').waitFor()
    expect((await office.api.profile('cookie:sp-desk')).id).toBe(id)
    await dialog.getByLabel('Why').fill('a colleague’s')
    await dialog.getByRole('button', { name: 'Split', exact: true }).click()
    const parted = async (): Promise<boolean> =>
      (await office.api.profile('cookie:sp-desk')).id !== id
    await expect.poll(parted, SOON).toBe(true)
    await expect.poll(() => other.getByText('sp-desk').count(), SOON).toBe(0)
    expect(await eventsOf('cookie:sp-phone')).toEqual([
      'sp-phone-1',
      'sp-phone-2',
      'sp-phone-login',
      // It names the user, who stays.
      'sp-desk-login',
    ])
    expect(await eventsOf('cookie:sp-desk')).toEqual(['sp-desk-1', 'sp-desk-2'])
    const [decided] = (await office.api.reviews({ status: 'decided', limit: 1 })).reviews
    expect(decided?.decision).toMatchObject({ author: 'ana', note: 'a colleague’s' })
  })

  test('whatever a message says is shown as text, and runs nowhere', async () => {
    const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    const sent = {
      anonymousId: `"><img src=x onerror=window.hacked=1>`,
      userId: `javascript:window.hacked=1//${evil}`,
      traits: {
        name: evil,
        firstName: evil,
        email: 'evil@example.com',
        city: 'javascript:alert(1)',
      },
      context: {
        page: { url: 'javascript:window.hacked=1', path: `/${evil}`, title: evil },
        campaign: { source: evil, medium: evil },
        userAgent: evil,
      },
    }
    await office.send(
      { ...sent, type: 'identify', messageId: 'evil-1' },
      { ...sent, type: 'track', event: evil, properties: { name: evil }, messageId: 'evil-2' },
      { ...sent, type: 'page', name: evil, properties: sent.context.page, messageId: 'evil-3' },
    )
    const { id, identifiers } = await office.api.profile('email:evil@example.com')
    const [a = '', b = ''] = identifiers.map(({ identifier }) => encodeURIComponent(identifier))
    const page = await office.signedIn('admin', 'ana')
    const parts = ['overview', 'identifiers', 'activity', 'conversions', 'graph', 'history']
    const places = [
      ...parts.map((part) => `#/profile/${id}?part=${part}`),
      `#/explain?a=${a}&b=${b}`,
      '#/visitors',
      `#/search?q=${encodeURIComponent(evil)}`,
      `#/profile/${encodeURIComponent(evil)}`,
      '#/live',
    ]
    for (const place of places) {
      await at(page, place)
      await page.locator('h1').waitFor()
      await expect.poll(() => page.locator('.waiting').count(), SOON).toBe(0)
      expect([place, await page.evaluate('window.hacked')]).toEqual([place, undefined])
      expect(await page.locator('main img, main script').count()).toBe(0)
      expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
    }
    await at(page, '#/visitors')
    await page.getByText('<img src=x').first().waitFor()
  })
})
