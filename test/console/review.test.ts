// Stewards at work in real Chromium: they find a question, judge it, take it back; two of them at once; nobody who may not.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

import type { ReviewAnswer } from '../../src/apps/client/index.ts'
import { hasChromium } from '../clients/browser/chromium.ts'
import { runJson } from '../cli/run.ts'
import { type Office, openOffice, SOON } from './office.ts'

let office: Office

beforeAll(async () => {
  office = hasChromium ? await openOffice() : office
})

/** Open questions that nobody looks at: a claim outlives the browser of its steward by minutes. */
async function freeQuestions(): Promise<readonly ReviewAnswer[]> {
  const { reviews } = await office.api.reviews({ limit: 100 })
  return reviews.filter(({ claim }) => claim === null)
}

async function someQuestion(): Promise<ReviewAnswer> {
  const [first] = await freeQuestions()
  if (first === undefined) throw new Error('the world leaves nothing open')
  return first
}

async function areOne(review: ReviewAnswer): Promise<boolean> {
  const a = await office.api.profile(review.a.identifier)
  const b = await office.api.profile(review.b.identifier)
  return a.id === b.id
}

const rowOf = (page: Page, { id }: ReviewAnswer) =>
  page.getByRole('navigation', { name: 'Open questions' }).locator(`a[href="#/review/${id}"]`)

const question = (page: Page) => page.getByRole('region', { name: 'The question' })

async function atQuestion(page: Page, { id }: ReviewAnswer): Promise<void> {
  await page.evaluate(`location.hash = '#/review/${id}'`)
  await page.locator(`#${id}`).getByRole('button', { name: /^Same/, disabled: false }).waitFor()
}

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('a steward', () => {
  test('judges by keyboard, sees it everywhere at once, and takes it back', async () => {
    const asked = await someQuestion()
    const { preview } = await office.api.review(asked.id)
    const ana = await office.signedIn('steward', 'ana')
    const ben = await office.signedIn('steward', 'ben')
    await ana.getByRole('link', { name: 'Review', exact: true }).click()
    await atQuestion(ana, asked)
    await ben.getByRole('link', { name: 'Review', exact: true }).click()
    await rowOf(ben, asked).getByText('ana looks').waitFor()
    await ana.keyboard.press('n')
    await ana.keyboard.type('the same parcel')
    await ana.keyboard.press('Escape')
    await ana.keyboard.press('s')
    await expect.poll(() => areOne(asked), SOON).toBe(true)
    await expect.poll(() => rowOf(ben, asked).count(), SOON).toBe(0)
    await expect.poll(() => rowOf(ana, asked).count(), SOON).toBe(0)
    const { decision } = await office.api.review(asked.id)
    const { id, identifiers } = await office.api.profile(asked.a.identifier)
    expect(preview?.same.profiles).toMatchObject([{ id, size: identifiers.length }])
    expect(decision).toMatchObject({ verdict: 'same', author: 'ana', note: 'the same parcel' })
    await ana.keyboard.press('u')
    await expect.poll(() => areOne(asked), SOON).toBe(false)
    await expect.poll(() => rowOf(ben, asked).count(), SOON).toBe(1)
  })

  test('two of them never decide one question unawares', async () => {
    const asked = await someQuestion()
    const ana = await office.signedIn('steward', 'ana')
    await atQuestion(ana, asked)
    await expect.poll(async () => (await office.api.review(asked.id)).claim?.by, SOON).toBe('ana')
    const ben = await office.signedIn('steward', 'ben')
    await ben.evaluate(`location.hash = '#/review/${asked.id}'`)
    await question(ben).getByRole('alert').getByText('ana').waitFor()
    expect(await question(ben).getByRole('button', { name: /^Same/ }).isDisabled()).toBe(true)
    await ben.keyboard.press('s')
    await ben.keyboard.press('k')
    expect(await areOne(asked)).toBe(false)
    await atQuestion(ana, asked)
    await ana.keyboard.press('k')
    await expect.poll(async () => (await office.api.review(asked.id)).claim, SOON).toBeNull()
  })

  test('decides a dozen in a row without the mouse', async () => {
    const reviews = (await freeQuestions()).slice(0, 12)
    const page = await office.signedIn('steward', 'cleo')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    for (const _ of reviews) {
      await question(page)
        .getByRole('button', { name: /^Different/ })
        .waitFor()
      const here = await page.evaluate('location.hash')
      await page.keyboard.press('d')
      await expect.poll(() => page.evaluate('location.hash'), SOON).not.toBe(here)
    }
    const decided = await office.api.reviews({ status: 'decided', limit: 50 })
    const byCleo = decided.reviews.filter(({ decision }) => decision?.author === 'cleo')
    expect(byCleo).toHaveLength(reviews.length)
    await page.getByRole('link', { name: 'Decided' }).click()
    await page.getByRole('button', { name: 'Undo' }).first().click()
    await page.getByText('Taken back.').waitFor()
    for (const { id } of byCleo) await office.api.undoDecision(id).catch(() => null)
  })

  test('what was decided survives a run, a restart, messages that say otherwise, and a rebuild', async () => {
    const [same, different] = (await freeQuestions()).filter(
      (one, n, all) => n === 0 || !touches(one, all[0]!),
    )
    if (same === undefined || different === undefined) throw new Error('too few questions')
    const page = await office.signedIn('steward', 'dora')
    await atQuestion(page, same)
    await page.keyboard.press('s')
    await expect.poll(() => areOne(same), SOON).toBe(true)
    await atQuestion(page, different)
    await page.keyboard.press('d')
    const isDecided = async (): Promise<string> => (await office.api.review(different.id)).status
    await expect.poll(isDecided, SOON).toBe('decided')
    const holds = async (): Promise<void> =>
      expect([await areOne(same), await areOne(different)]).toEqual([true, false])
    await runJson(['resolve'], { cwd: office.cwd })
    await holds()
    // Both log in as one user: without the steward's word that would join them.
    const [x, y] = [different.a.identifier, different.b.identifier].map((one) => one.slice(7))
    await office.send(
      { type: 'identify', anonymousId: x, userId: 'contradicts' },
      { type: 'identify', anonymousId: y, userId: 'contradicts' },
    )
    await holds()
    await office.stop()
    await office.comeBack()
    await holds()
    await office.stop()
    await rm(join(office.cwd, 'selfsame-data', 'graph'), { recursive: true })
    await office.comeBack()
    await holds()
  })
})

function touches(one: ReviewAnswer, other: ReviewAnswer): boolean {
  const sides = new Set([other.a.profile, other.b.profile])
  return sides.has(one.a.profile) || sides.has(one.b.profile)
}

// reason: as above
describe.skipIf(!hasChromium)('a reader', () => {
  test('looks, and decides nothing', async () => {
    const asked = await someQuestion()
    const page = await office.signedIn('reader', 'rita')
    expect(await page.getByRole('link', { name: 'Review', exact: true }).count()).toBe(0)
    await page.evaluate(`location.hash = '#/review/${asked.id}'`)
    await page.getByText('This takes the role').waitFor()
    await page.keyboard.press('s')
    const status = await page.evaluate(`fetch('/v1/reviews/${asked.id}/decision', {
      method: 'POST', body: JSON.stringify({ verdict: 'same' }) }).then(({ status }) => status)`)
    expect(status).toBe(403)
    expect((await office.api.review(asked.id)).status).toBe('open')
  })
})
