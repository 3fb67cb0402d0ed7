// Questions through the real app: listed by worth, claimed, decided, taken back; who may, and what stands in the way.
import { expect, test } from 'vitest'

import { withReviews } from '../../../../test/server/reviews.ts'
import type { ChangesAnswer } from '../../answers/feed-answer.ts'
import type {
  ReviewAnswer,
  ReviewDetailAnswer,
  ReviewsAnswer,
} from '../../answers/review-answer.ts'
import { CLAIM_MS } from '../../steward/claims.ts'

test('listed by worth and page by page; one with both profiles and why', () =>
  withReviews(async ({ sam, ids: [first, second] }) => {
    const { answer } = await sam('GET', '/v1/reviews?limit=1')
    const { reviews, next } = answer as ReviewsAnswer
    expect(reviews).toMatchObject([
      {
        id: first,
        status: 'open',
        guard: 'threshold',
        reason: 'alike: the same device',
        worth: 9,
        decision: null,
        claim: null,
      },
    ])
    const sides = new Set([reviews[0]?.a.identifier, reviews[0]?.b.identifier])
    expect(sides).toEqual(new Set(['cookie:c-ana', 'cookie:c-ben']))
    const rest = (await sam('GET', `/v1/reviews?after=${next ?? ''}`)).answer as ReviewsAnswer
    expect([rest.reviews.map(({ id }) => id), rest.next]).toEqual([[second], null])
    const looked = (await sam('GET', `/v1/reviews/${first ?? ''}`)).answer as ReviewDetailAnswer
    expect(looked.profiles.map(({ id }) => id)).toEqual([looked.a.profile, looked.b.profile])
    expect(looked.explanation).toMatchObject({ together: false })
  }))

test('decided, both are one; said again it stands, the opposite is refused; taken back all is as before', () =>
  withReviews(async ({ sam, kim, ids: [id = ''] }) => {
    const path = `/v1/reviews/${id}/decision`
    const open = (await sam('GET', `/v1/reviews/${id}`)).answer as ReviewAnswer
    const seen = { a: open.a.revision, b: open.b.revision }
    const decided = await sam('POST', path, { verdict: 'same', note: 'one flat', seen })
    const { a, b, decision } = decided.answer as ReviewAnswer
    expect(decided.status).toBe(200)
    expect(a.profile).toBe(b.profile)
    expect(decision).toMatchObject({ verdict: 'same', note: 'one flat', author: 'sam' })
    expect((await kim('POST', path, { verdict: 'same' })).answer).toEqual(decided.answer)
    expect(await kim('POST', path, { verdict: 'different' })).toMatchObject({
      status: 409,
      answer: {
        detail: expect.stringMatching(
          /^sam has decided it as same at .*; undo that first$/,
        ) as string,
      },
    })
    const listed = (await kim('GET', '/v1/reviews?status=decided')).answer as ReviewsAnswer
    expect(listed.reviews).toEqual([decided.answer])
    const undone = (await kim('DELETE', path)).answer as ReviewAnswer
    expect(undone).toMatchObject({ status: 'open', decision: null, reason: open.reason })
    expect(undone.a.profile).not.toBe(undone.b.profile)
    expect((await kim('DELETE', path)).status).toBe(404)
  }))

test('who has claimed it decides it, until he lets go or minutes have passed', () =>
  withReviews(async ({ sam, kim, installation, ids: [id = ''] }) => {
    const claim = `/v1/reviews/${id}/claim`
    const decision = `/v1/reviews/${id}/decision`
    expect((await sam('POST', claim)).answer).toMatchObject({ claim: { by: 'sam' } })
    expect((await sam('POST', claim)).status).toBe(200)
    const told = {
      detail: expect.stringMatching(/^sam is looking at it, until \d\d:\d\d UTC/) as string,
    }
    expect(await kim('POST', claim)).toMatchObject({ status: 409, answer: told })
    expect(await kim('POST', decision, { verdict: 'same' })).toMatchObject({
      status: 409,
      answer: told,
    })
    expect((await sam('DELETE', claim)).answer).toMatchObject({ claim: null })
    expect((await kim('POST', claim)).status).toBe(200)
    installation.clock.later(CLAIM_MS)
    expect((await sam('POST', decision, { verdict: 'different' })).status).toBe(200)
    expect(await kim('POST', claim)).toMatchObject({
      status: 409,
      answer: { detail: expect.stringMatching(/^sam has decided it as different at /) as string },
    })
  }))

test('a reader neither sees nor decides; what is not understood is told', () =>
  withReviews(async ({ as, sam, installation, ids: [id = ''] }) => {
    const reader = as(await installation.token('reader'))
    expect((await reader('GET', '/v1/reviews')).status).toBe(403)
    expect((await reader('POST', `/v1/reviews/${id}/decision`, { verdict: 'same' })).status).toBe(
      403,
    )
    expect((await sam('POST', `/v1/reviews/${id}/decision`, { verdict: 'maybe' })).status).toBe(400)
    expect((await sam('GET', '/v1/reviews?after=nonsense')).status).toBe(400)
    const seen = { a: 99, b: 1 }
    expect(
      await sam('POST', `/v1/reviews/${id}/decision`, { verdict: 'same', seen }),
    ).toMatchObject({
      status: 409,
      answer: { detail: expect.stringContaining('has changed since it was shown') as string },
    })
    expect((await sam('GET', '/v1/reviews/rev_never')).status).toBe(404)
  }))

test('what verdicts on others imply is told with its chain, in the list and of the one; not once it is decided', () =>
  withReviews(async ({ sam, ask, ids: [ab = '', bc = ''] }) => {
    const decide = (id: string, verdict: string) =>
      sam('POST', `/v1/reviews/${id}/decision`, { verdict, note: `${verdict}!` })
    const first = (await sam('GET', `/v1/reviews/${ab}`)).answer as ReviewDetailAnswer
    expect(first.implied).toBeNull()
    await decide(bc, 'different')
    await decide(ab, 'same')
    // Out of the way, c-ben holds nobody apart any more, but what was said of him still binds.
    await sam('POST', '/v1/identifiers/quarantine', { identifier: 'cookie:c-ben' })
    const ac = await ask('c-ana', 'c-cem', 3)
    const { implied } = (await sam('GET', `/v1/reviews/${ac}`)).answer as ReviewDetailAnswer
    expect(implied).toMatchObject({ verdict: 'different' })
    expect(new Set(implied?.chain.map(({ verdict, author }) => `${verdict} by ${author}`))).toEqual(
      new Set(['same by sam', 'different by sam']),
    )
    const { reviews } = (await sam('GET', '/v1/reviews')).answer as ReviewsAnswer
    expect(reviews.find(({ id }) => id === ac)?.implied).toEqual(implied)
    expect((await decide(ac, 'same')).status).toBe(409)
    expect((await decide(ac, 'different')).answer).toMatchObject({ implied: null })
  }))

test('what is against a pair that is merely alike is said in words, with the numbers', () =>
  withReviews(async ({ sam, ids: [id = ''] }) => {
    expect((await sam('GET', `/v1/reviews/${id}`)).answer).toMatchObject({
      guard: 'threshold',
      guard_words: 'all of it together makes 0.63, and it takes 0.85 to join two',
    })
  }))

test('the feed tells when one is opened, decided and taken back, and not what the steward noted', () =>
  withReviews(async ({ installation, sam, ids: [first = '', second = ''] }) => {
    const told = async (): Promise<readonly string[]> => {
      const { answer } = await sam('GET', '/v1/changes?limit=1000')
      const { changes } = answer as ChangesAnswer
      return changes.flatMap(({ type, review, reason }) =>
        review === null ? [] : [`${type} ${review} ${reason}`],
      )
    }
    const opened = [first, second].map((id) => `review.opened ${id} threshold`)
    expect((await told()).toSorted()).toEqual(opened.toSorted())
    await sam('POST', `/v1/reviews/${first}/decision`, { verdict: 'different', note: 'seen them' })
    expect((await told()).slice(2)).toEqual([`review.decided ${first} different, by sam`])
    await sam('DELETE', `/v1/reviews/${first}/decision`)
    const [account] = installation.accounts
    await account?.resolver.flush()
    expect((await told()).slice(3)).toContain(`review.undone ${first} different, by sam`)
    const { answer } = await sam('GET', '/v1/changes?limit=1000')
    expect(JSON.stringify(answer)).not.toContain('seen them')
  }))
