// Every view in light and dark, wide and on a phone: drawn without a fault, nothing sticks out, and axe finds nothing
// serious. The pictures are kept for people to look at.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'
import { axeFinds, bringAxe, WITH_AXE } from './axe.ts'
import { type Office, openOffice } from './office.ts'

/** Names a file: a question of a larger world goes there, which README shows (npm run screenshot). */
const README_PICTURE = process.env['SELFSAME_SCREENSHOT']

/** Where pictures go; left out of the repository. */
const PICTURES = fileURLToPath(new URL('../../.cache/console/', import.meta.url))

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

let office: Office
/** By name: where each view is, with somebody in it. */
let places: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  if (!hasChromium) return
  await mkdir(PICTURES, { recursive: true })
  office =
    README_PICTURE === undefined ? await openOffice() : await openOffice(2_000, { world: [] })
  const { reviews } = await office.api.reviews({ limit: 1 })
  const [first] = reviews
  const { visitors } = await office.api.visitors({ kind: 'person', limit: 1 })
  const [known] = visitors
  const [a = '', b = ''] = (await office.api.profile(known?.profile ?? '')).identifiers.map(
    ({ identifier }) => encodeURIComponent(identifier),
  )
  places = {
    visitors: '#/visitors',
    live: '#/live',
    review: `#/review/${first?.id ?? ''}`,
    decided: '#/review?status=decided',
    profile: `#/profile/${known?.profile ?? ''}`,
    identifiers: '#/identifiers',
    runs: '#/runs',
    explain: `#/explain?a=${a}&b=${b}`,
    search: '#/search?q=gmail',
    nobody: '#/profile/cookie:never-seen',
  }
})

/** Until nothing waits for the server any more. */
async function isDrawn(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await expect.poll(() => page.locator('.waiting').count(), { timeout: 20_000 }).toBe(0)
}

/** Taller than a screen, so that the evidence is in it. */
async function pictureOf(page: Page, path: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 1500 })
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
  )
  await page.screenshot({ path })
  await page.setViewportSize(SIZES.wide)
}

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('every view', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of ['wide', 'phone'] as const)
      test(`${colorScheme}, ${size}`, async () => {
        const viewport = SIZES[size]
        const options = { viewport, colorScheme, ...WITH_AXE }
        const page = await office.signedIn('admin', 'ana', options)
        await bringAxe(page)
        const faults: string[] = []
        for (const [name, place] of Object.entries(places)) {
          await page.evaluate(`location.hash = ${JSON.stringify(place)}`)
          await isDrawn(page)
          await page.screenshot({ path: `${PICTURES}${name}-${size}-${colorScheme}.png` })
          if (README_PICTURE !== undefined && name === 'review')
            await pictureOf(page, README_PICTURE)
          const sticksOut = await page.evaluate<number>(
            'document.documentElement.scrollWidth - innerWidth',
          )
          if (sticksOut > 0) faults.push(`${name} sticks out by ${sticksOut} pixels`)
          faults.push(...(await axeFinds(page)).map((fault) => `${name}: ${fault}`))
        }
        expect(faults).toEqual([])
      })

  test('the page one signs in at', async () => {
    const page = await office.signedIn('reader', 'rita', WITH_AXE)
    await bringAxe(page)
    await page.getByText('rita').click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').fill('sst_wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('no such token').waitFor()
    await page.screenshot({ path: `${PICTURES}sign-in.png` })
    expect(await axeFinds(page)).toEqual([])
  })
})
