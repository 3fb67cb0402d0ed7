// A merge that takes two stewards, each in a browser of their own.
import { expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'
import { openOffice, SOON } from './office.ts'

// reason: a machine may have no Chromium
test.skipIf(!hasChromium)(
  'what one says of a large merge waits until another one says it too',
  async () => {
    const office = await openOffice(60, { settings: { review: { fourEyesFrom: 2 } } })
    const [asked] = (await office.api.reviews({ limit: 1 })).reviews
    if (asked === undefined) throw new Error('the world leaves nothing open')
    const review = () => office.api.review(asked.id)
    const ana = await office.signedIn('steward', 'ana')
    await ana.evaluate(`location.hash = '#/review/${asked.id}'`)
    const said = `#${asked.id}`
    await ana.locator(said).getByText('takes two stewards').waitFor()
    await ana.locator(said).getByText('Nobody has said it yet').waitFor()
    await ana.keyboard.press('s')
    await ana.getByText('It takes a second steward').waitFor()
    expect(await review()).toMatchObject({ status: 'open', second: { by: 'ana' } })
    // Once more from her is no second word.
    await ana.evaluate(`location.hash = '#/review/${asked.id}'`)
    await ana.locator(said).getByRole('button', { name: /^Same/, disabled: false }).waitFor()
    await ana.locator(said).getByText('ana has said it').waitFor()
    await ana.keyboard.press('s')
    await ana.getByText('takes another steward').waitFor()
    expect((await review()).status).toBe('open')
    await ana.keyboard.press('k')
    await expect.poll(async () => (await review()).claim, SOON).toBeNull()

    const ben = await office.signedIn('steward', 'ben')
    await ben.evaluate(`location.hash = '#/review/${asked.id}'`)
    await ben.locator(said).getByText('ana has said it').waitFor()
    await ben.locator(said).getByRole('button', { name: /^Same/, disabled: false }).waitFor()
    await ben.keyboard.press('s')
    await expect.poll(async () => (await review()).status, SOON).toBe('decided')
    expect((await review()).decision).toMatchObject({ verdict: 'same', author: 'ana, ben' })
    const row = ana.locator(`.queue a[href="#/review/${asked.id}"]`)
    await expect.poll(() => row.count(), SOON).toBe(0)
  },
)
