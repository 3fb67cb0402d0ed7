// Merges that take two stewards, through the real app: noted, carried out by the second, cleared, void.
import { readFile } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { OPERATOR } from '../../../../test/server/installation.ts'
import { type OnReviews, withReviews } from '../../../../test/server/reviews.ts'
import type { DecreeAnswer } from '../../answers/decree-answer.ts'
import type { ReviewAnswer, ReviewsAnswer } from '../../answers/review-answer.ts'

const FROM_TWO = { review: { fourEyesFrom: 2 } }

const withTwoNeeded = (work: (on: OnReviews) => Promise<void>): Promise<void> =>
  withReviews(work, FROM_TWO)

test('the first word is noted, the second carries it out, the log names both', () =>
  withTwoNeeded(async ({ sam, kim, account, ids: [id = ''] }) => {
    const path = `/v1/reviews/${id}/decision`
    const before = (await sam('GET', `/v1/reviews/${id}`)).answer as ReviewAnswer
    expect(before.second).toEqual({ from: 2, by: null, at: null, note: null })
    const end = account.log.end()
    await sam('POST', `/v1/reviews/${id}/claim`)
    const noted = await sam('POST', path, { verdict: 'same', note: 'one flat' })
    expect(noted.status).toBe(200)
    expect(noted.answer).toMatchObject({
      status: 'open',
      decision: null,
      claim: null,
      second: { from: 2, by: 'sam', note: 'one flat' },
    })
    const again = await sam('POST', path, { verdict: 'same', note: 'really' })
    expect(again).toMatchObject({
      status: 409,
      answer: {
        detail: expect.stringMatching(
          /^you have said so already, at .* takes another steward/,
        ) as string,
      },
    })
    const { reviews } = (await kim('GET', '/v1/reviews')).answer as ReviewsAnswer
    expect(reviews[0]?.second).toMatchObject({ by: 'sam', note: 'one flat' })
    expect(account.log.end()).toBe(end)

    const done = (await kim('POST', path, { verdict: 'same', note: 'one name' }))
      .answer as ReviewAnswer
    expect(done).toMatchObject({
      status: 'decided',
      second: null,
      decision: { author: 'sam, kim', note: 'sam: one flat\nkim: one name' },
    })
    expect(done.a.profile).toBe(done.b.profile)
    expect(account.log.end()).toBe(end + 1)
    const { words } = JSON.parse(await readFile(account.layout.firstWordsFile, 'utf8')) as {
      words: readonly unknown[]
    }
    expect(words).toEqual([])
  }))

test('"different" by anybody is a decision at once and clears the word', () =>
  withTwoNeeded(async ({ sam, kim, ids: [id = ''] }) => {
    const path = `/v1/reviews/${id}/decision`
    await sam('POST', path, { verdict: 'same' })
    const apart = (await kim('POST', path, { verdict: 'different', note: 'twins' })).answer
    expect(apart).toMatchObject({
      status: 'decided',
      decision: { verdict: 'different', author: 'kim', note: 'twins' },
    })
    const open = (await kim('DELETE', path)).answer as ReviewAnswer
    expect(open.second).toMatchObject({ by: null })
    await kim('POST', path, { verdict: 'same' })
    expect((await sam('GET', `/v1/reviews/${id}`)).answer).toMatchObject({ second: { by: 'kim' } })
  }))

test('a word about a profile that has changed since is void', () =>
  withTwoNeeded(async ({ sam, kim, installation, ids: [id = ''] }) => {
    const path = `/v1/reviews/${id}/decision`
    await sam('POST', path, { verdict: 'same' })
    const writeKey = await installation.writeKey('shop')
    const traits = { email: 'ana@example.com' }
    const login = { type: 'identify', anonymousId: 'c-ana', messageId: 'x1', traits }
    const body = JSON.stringify({ writeKey, batch: [login] })
    await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
    const noted = (await kim('POST', path, { verdict: 'same' })).answer as ReviewAnswer
    expect(noted).toMatchObject({ status: 'open', second: { by: 'kim' } })
    expect((await sam('POST', path, { verdict: 'same' })).answer).toMatchObject({
      decision: { author: 'kim, sam', note: '' },
    })
  }))

test('by hand and by a question it is the same word; a preview tells whether it would wait', () =>
  withTwoNeeded(async ({ sam, kim, ids: [id = ''] }) => {
    const wanted = { profiles: ['cookie:c-ben', 'cookie:c-ana'], note: 'by phone' }
    const tried = await sam('POST', '/v1/profiles/merge?dry_run=true', wanted)
    expect(tried.answer).toMatchObject({ awaits_second: true, profiles: [{ size: 2 }] })
    const noted = (await sam('POST', '/v1/profiles/merge', wanted)).answer as DecreeAnswer
    expect(noted).toMatchObject({ decision: null, awaits_second: true, preview: null })
    expect(noted.profiles.map(({ size }) => size)).toEqual([1, 1])
    expect((await sam('POST', '/v1/profiles/merge', wanted)).status).toBe(409)
    const second = await kim('POST', '/v1/profiles/merge?dry_run=true', wanted)
    expect(second.answer).toMatchObject({ awaits_second: false })
    const done = await kim('POST', `/v1/reviews/${id}/decision`, { verdict: 'same' })
    expect(done.answer).toMatchObject({
      decision: { author: 'sam, kim', note: 'sam: by phone\nkim: ' },
    })
  }))

test('another token with the same label is another steward; operators are told apart by name', () =>
  withTwoNeeded(async ({ as, installation, ids: [first = '', second = ''] }) => {
    const [one, other] = [
      as(await installation.token('steward')),
      as(await installation.token('steward')),
    ]
    await one('POST', `/v1/reviews/${first}/decision`, { verdict: 'same' })
    const done = await other('POST', `/v1/reviews/${first}/decision`, { verdict: 'same' })
    expect(done.answer).toMatchObject({ decision: { author: 'test, test' } })

    const operator = async (author: string) => {
      const headers = { authorization: `Bearer ${OPERATOR}`, 'selfsame-author': author }
      const init = { method: 'POST', headers, body: JSON.stringify({ verdict: 'same' }) }
      return installation.app.request(`/v1/reviews/${second}/decision`, init, {})
    }
    expect((await operator('test')).status).toBe(200)
    expect((await operator('test')).status).toBe(409)
    // The token of that name may well be the same person.
    expect((await one('POST', `/v1/reviews/${second}/decision`, { verdict: 'same' })).status).toBe(
      409,
    )
    expect(await (await operator('ana')).json()).toMatchObject({
      decision: { author: 'test, ana' },
    })
  }))

test('below the limit one steward is enough, and without a setting always', async () => {
  const decided = async ({ sam, ids: [id = ''] }: OnReviews): Promise<void> => {
    const { answer } = await sam('POST', `/v1/reviews/${id}/decision`, { verdict: 'same' })
    expect(answer).toMatchObject({ status: 'decided', second: null, decision: { author: 'sam' } })
  }
  await withReviews(decided, { review: { fourEyesFrom: 3 } })
  await withReviews(decided)
})
