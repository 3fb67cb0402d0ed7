// The console over a bad line: what happened while it was cut off is shown when it is back, in order, and once.
import { describe, expect, onTestFinished, test } from 'vitest'

import { hasChromium, visitor } from '../clients/browser/chromium.ts'
import { flakyLine } from '../server/flaky-line.ts'
import { openOffice, SOON } from './office.ts'

/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:1'

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('the console', () => {
  test('resumes after its connection was cut, with nothing missed or doubled', async () => {
    const office = await openOffice(20)
    const line = await flakyLine(office.url())
    onTestFinished(() => line.close())
    const page = await (await visitor({ viewport: { width: 1440, height: 900 } })).newPage()
    await page.goto(`${line.url}/#/sign-in?token=${await office.token('reader', 'rita')}`)
    await page.evaluate("location.hash = '#/live'")
    const connection = page.locator('.connection')
    await expect.poll(() => connection.textContent(), SOON).toBe('live')
    // Alone, so that nothing but these stands in the feed.
    const come = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n++)
        await office.send({ type: 'page', anonymousId: `line-${n}`, messageId: `line-${n}` })
    }
    await come(0, 5)
    await expect.poll(() => page.locator('.event').count(), SOON).toBe(5)
    for (let round = 1; round <= 3; round++) {
      line.leadTo(NOWHERE)
      line.cut()
      await expect.poll(() => connection.textContent(), SOON).toContain('no connection')
      await come(round * 10, round * 10 + 8)
      line.leadTo(office.url())
      await expect.poll(() => connection.textContent(), { timeout: 15_000 }).toBe('live')
    }
    await come(40, 42)
    const wanted: string[] = []
    for (const [from, to] of [
      [0, 5],
      [10, 18],
      [20, 28],
      [30, 38],
      [40, 42],
    ] as const)
      for (let n = from; n < to; n++) wanted.push((await office.api.profile(`cookie:line-${n}`)).id)
    const shown = async (): Promise<readonly string[]> =>
      page.evaluate<string[]>(
        "[...document.querySelectorAll('.event a.profile-name')].map(({ title }) => title)",
      )
    await expect.poll(async () => (await shown()).toReversed(), SOON).toEqual(wanted)
  })
})
