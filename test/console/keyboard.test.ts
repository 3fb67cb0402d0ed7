// Without a mouse: everything on Review and Profile can be reached, a profile is taken apart; and what axe says of dialogs.
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'
import { axeFinds, bringAxe, WITH_AXE } from './axe.ts'
import { type Office, openOffice, SOON } from './office.ts'

/** More than any view has stops for the Tab key. */
const TABS_MAX = 400

let office: Office
/** Of somebody who logged in on two devices. */
let known = ''

beforeAll(async () => {
  if (!hasChromium) return
  office = await openOffice(60)
  for (const who of ['kb-phone', 'kb-desk']) {
    const visit = { type: 'page', name: 'Home', anonymousId: who }
    await office.send(visit, { type: 'identify', userId: 'kb-1', anonymousId: who })
  }
  known = (await office.api.profile('cookie:kb-phone')).id
})

async function at(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.locator('h1').waitFor()
  await expect.poll(() => page.locator('.waiting').count(), SOON).toBe(0)
}

async function tabTo(page: Page, wanted: Locator, key = 'Tab'): Promise<void> {
  await wanted.waitFor()
  const focused = wanted.and(page.locator(':focus'))
  for (let n = 0; n < TABS_MAX; n++) {
    if ((await focused.count()) > 0) return
    await page.keyboard.press(key)
  }
  throw new Error(`${String(wanted)} is not reached by ${key}`)
}

const COLLECT = `globalThis.wanted = new Set([...document.querySelectorAll(
  'a[href], button:not([disabled]), input, select, textarea, summary, [tabindex="0"]',
)].filter((one) => one.checkVisibility()))
document.activeElement?.blur()`

/** What can be used in the page and was not reached once the Tab key has gone round. */
async function notReached(page: Page): Promise<readonly string[]> {
  await page.evaluate(COLLECT)
  for (let n = 0; n < TABS_MAX; n++) {
    await page.keyboard.press('Tab')
    const left = await page.evaluate<number>(
      'wanted.delete(document.activeElement), [...wanted].filter((one) => one.isConnected).length',
    )
    if (left === 0) break
  }
  return page.evaluate<string[]>(
    '[...wanted].filter((one) => one.isConnected).map(({ outerHTML }) => outerHTML.slice(0, 150))',
  )
}

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('by keyboard alone', () => {
  test('everything on Review and Profile is reached', async () => {
    const { reviews } = await office.api.reviews({ limit: 1 })
    const page = await office.signedIn('steward', 'ana')
    const parts = ['overview', 'identifiers', 'activity', 'conversions', 'graph', 'history']
    const places = [
      `#/review/${reviews[0]?.id ?? ''}`,
      '#/review?status=decided',
      ...parts.map((part) => `#/profile/${known}?part=${part}`),
    ]
    for (const place of places) {
      await at(page, place)
      expect([place, await notReached(page)]).toEqual([place, []])
    }
  })

  test('a profile is found, and taken apart after a look at what would come of it', async () => {
    const page = await office.signedIn('steward', 'ben')
    await page.keyboard.press('/')
    await page.keyboard.type('cookie:kb-desk')
    await page.keyboard.press('Enter')
    await tabTo(page, page.locator(`main a[href*="${known}"]`).first())
    await page.keyboard.press('Enter')
    const parts = page.getByRole('navigation', { name: 'Parts of the profile' })
    await tabTo(page, parts.getByRole('link', { name: 'Identifiers' }))
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByRole('checkbox', { name: 'Pick cookie:kb-desk' }))
    await page.keyboard.press('Space')
    await tabTo(page, page.getByRole('button', { name: 'Split off' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 event').first().waitFor()
    await tabTo(page, dialog.getByLabel('Why'))
    await page.keyboard.type('a colleague’s')
    await tabTo(page, dialog.getByRole('button', { name: 'Split', exact: true }))
    await page.keyboard.press('Enter')
    const parted = async (): Promise<boolean> =>
      (await office.api.profile('cookie:kb-desk')).id !== (await office.api.profile(known)).id
    await expect.poll(parted, SOON).toBe(true)
    const [decided] = (await office.api.reviews({ status: 'decided', limit: 1 })).reviews
    expect(decided?.decision).toMatchObject({ author: 'ben', note: 'a colleague’s' })
    // And taken back.
    await at(page, '#/review?status=decided')
    await tabTo(page, page.getByRole('button', { name: 'Undo' }).first())
    await page.keyboard.press('Enter')
    await expect.poll(parted, SOON).toBe(false)
  })
})

// reason: as above
describe.skipIf(!hasChromium)('axe finds nothing serious in a dialog', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`in ${colorScheme}`, async () => {
      const page = await office.signedIn('admin', 'ana', { colorScheme, ...WITH_AXE })
      await bringAxe(page)
      const faults: string[] = []
      const look = async (name: string, press: () => Promise<unknown>): Promise<void> => {
        await press()
        const dialog = page.locator('dialog[open]')
        await dialog.waitFor()
        await expect.poll(() => dialog.locator('.waiting').count(), SOON).toBe(0)
        faults.push(...(await axeFinds(page)).map((fault) => `${name}: ${fault}`))
        await page.keyboard.press('Escape')
        await expect.poll(() => page.locator('dialog[open]').count(), SOON).toBe(0)
      }
      await look('keys', () => page.keyboard.press('?'))
      await at(page, `#/profile/${known}?part=identifiers`)
      const quarantine = page.getByRole('button', { name: 'Quarantine cookie:kb-desk' })
      await look('quarantine', () => quarantine.click())
      await page.getByRole('checkbox', { name: 'Pick cookie:kb-desk' }).check()
      await look('split', () => page.getByRole('button', { name: 'Split off' }).click())
      await at(page, `#/profile/${known}?part=graph`)
      await look('cut', () => page.getByRole('button', { name: /^Cut/ }).first().click())
      await at(page, '#/runs')
      await look('run', () => page.getByRole('button', { name: 'Start a run' }).click())
      await look('learn', () => page.getByRole('button', { name: 'Learn' }).click())
      expect(faults).toEqual([])
    })
})
