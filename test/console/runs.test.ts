// From the Runs view: a run is begun and watched to its end; another configuration is compared, and then applied.
import { beforeAll, describe, expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'
import { type Office, openOffice } from './office.ts'

/** For a run on a busy machine. */
const RUN = { timeout: 60_000, interval: 100 }

let office: Office

beforeAll(async () => {
  office = hasChromium ? await openOffice(60) : office
})

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('runs', () => {
  test('one is begun, and stands among those of the past when it is done', async () => {
    const before = (await office.api.runs()).runs.length
    const page = await office.signedIn('admin', 'ana')
    await page.evaluate("location.hash = '#/runs'")
    const rows = page.getByRole('region', { name: 'Published' }).locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(before)
    await page.getByRole('button', { name: 'Start a run' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Start the run' }).click()
    await expect.poll(() => rows.count(), RUN).toBe(before + 1)
    await page.locator('.badge.run-done').waitFor()
    expect((await office.api.runs()).latest).toMatchObject({ state: 'done', dry_run: false })
  })

  test('a changed configuration is compared first, and applied as it was compared', async () => {
    const before = await office.api.configuration()
    const settings = { ...before.settings, thresholds: { merge: 0.8 } }
    const page = await office.signedIn('admin', 'ana')
    await page.evaluate("location.hash = '#/runs'")
    const field = page.getByLabel('What runs decide by')
    await field.fill('{ "review": ')
    await page.locator('#settings-said .problem').waitFor()
    const compare = page.getByRole('button', { name: 'Compare' })
    expect(await compare.isDisabled()).toBe(true)
    await field.fill(JSON.stringify(settings, null, 2))
    await page
      .getByRole('list', { name: 'Changed settings' })
      .getByText('thresholds.merge')
      .waitFor()
    await compare.click()
    const comparison = page.getByRole('region', { name: 'What it would change' })
    await comparison.waitFor({ timeout: RUN.timeout })
    // Nothing was changed by comparing.
    expect((await office.api.configuration()).policy_version).toBe(before.policy_version)
    await field.fill(JSON.stringify({ ...settings, thresholds: { merge: 0.7 } }, null, 2))
    await comparison.getByText('compare again').waitFor()
    expect(await comparison.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true)
    await field.fill(JSON.stringify(settings, null, 2))
    await comparison.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply, and run' }).click()
    const active = async (): Promise<unknown> =>
      (await office.api.configuration()).settings['thresholds']
    await expect.poll(active, RUN).toMatchObject({ merge: 0.8 })
    await expect.poll(async () => (await office.api.runs()).latest?.state, RUN).toBe('done')
    await page.getByText('Nothing is changed yet.').waitFor()
  })
})
