// Why two are one person or are not where a model decides, over HTTP.
import { afterAll, beforeAll, expect, test } from 'vitest'

import { learnAndVisit } from '../../../test/learned.ts'
import { type Installation, openInstallation } from '../../../test/server/installation.ts'
import type { GraphAnswer, ProfileAnswer } from '../answers/answer.ts'
import { type ExplanationAnswer, explanationAnswer } from '../answers/explanation-answer.ts'

let installation: Installation

beforeAll(async () => {
  installation = await openInstallation()
  const [account] = installation.accounts
  if (account === undefined) throw new Error('an account')
  await learnAndVisit(account)
})

afterAll(async () => installation.close())

async function ask<T>(path: string): Promise<T> {
  const token = await installation.token('reader')
  const response = await installation.app.request(path, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

const explained = async (a: string, b: string): Promise<ExplanationAnswer> =>
  explanationAnswer.parse(await ask(`/v1/explain?a=${a}&b=${b}`))

test('two that the model has joined: the way, and the waterfall of the join', async () => {
  const { together, path, weakest, model, signals, score, threshold } = await explained(
    'external_id:user:u-cleo',
    'cookie:c-new',
  )
  expect(together).toBe(true)
  expect(path).toMatchObject([
    { kind: 'login', scored_by: null },
    {
      kind: 'alike',
      from: 'cookie:c-old',
      to: 'cookie:c-new',
      confidence: score,
      scored_by: 'f0e1d2c3b4a5',
      first_event: null,
    },
  ])
  expect(weakest).toBe(1)
  expect(model).toMatchObject({ scored_by: 'f0e1d2c3b4a5', stopped: false, because: null })
  const [pair] = model?.pairs ?? []
  expect(pair).toMatchObject({ met: true, bias: -3_000, sum: 2_800, join_from: 2_000, threshold })
  expect(pair?.signals).toEqual(signals)
  expect(signals.slice(0, 3)).toEqual([
    {
      name: 'together',
      value: 0,
      unit: 'kind',
      weight: 3_000,
      words: 'both were seen at one address in the same hour',
      confidence: 0.952574,
    },
    expect.objectContaining({ name: 'device', weight: 2_500 }),
    expect.objectContaining({ name: 'language', weight: 300, words: 'the same language' }),
  ])
  expect([score, threshold]).toEqual([0.9427, 0.8808])
})

test.each<[a: string, b: string, sum: number, because: RegExp, guard: string | null]>([
  ['c-new', 'c-guest', -2_500, /^7\.59 % is less than the 88\.08 % it takes$/, null],
  ['c-new', 'c-ana', -200, /^they were never seen at one known address within 3 days/, null],
  [
    'c-ana',
    'c-ben',
    2_800,
    /^one person has one user, and these have u-ana and u-ben$/,
    'unique_namespace',
  ],
  [
    'c-dan',
    'c-either',
    2_800,
    /^cookie c-(dan|either) is just as much like somebody else: cookie c-/,
    'margin',
  ],
])('%s and %s are apart', async (a, b, sum, because, guard) => {
  const { together, model, refusal } = await explained(`cookie:${a}`, `cookie:${b}`)
  expect(together).toBe(false)
  expect(model?.because).toMatch(because)
  expect(model?.pairs).toMatchObject([{ sum }])
  expect(refusal?.guard ?? null).toBe(guard)
})

test('the graph has the join as an edge that holds, the profile names it', async () => {
  const profile = await ask<ProfileAnswer>('/v1/profiles?identifier=cookie:c-new')
  const { edges } = await ask<GraphAnswer>(`/v1/profiles/${profile.id}/graph`)
  expect(edges.filter(({ kind }) => kind === 'alike')).toMatchObject([
    { effective_confidence: 0.9427, holds: true, scored_by: 'f0e1d2c3b4a5' },
  ])
  expect(profile).toMatchObject({
    confidence: 0.9427,
    weakest_link: 'alike: 94 % by model f0e1d2c3b4a5',
  })
})
