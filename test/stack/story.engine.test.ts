// The story of one person from a producer to the API, over a real broker, registry and Redis: server, processor, archive,
// a steward's word, a batch run.
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { ProfileAnswer, TimelineAnswer } from '../../src/apps/answers/answer.ts'
import type { ReviewAnswer, ReviewsAnswer } from '../../src/apps/answers/review-answer.ts'
import { servers } from '../chaos/stack/servers.ts'
import { runJson } from '../cli/run.ts'
import { buy, IPHONE, LAPTOP, login, page, signUp, track } from '../scenarios/messages.ts'
import { openStack, recordOf, type Stack } from './installation.ts'

const started = servers()
const away = { ip: '203.0.113.9', device: IPHONE }
const atWork = { ip: '192.0.2.33', device: LAPTOP }
const atHome = { ip: '198.51.100.7' }
const STORY = [
  page('c-phone', away),
  track('c-phone', 'Product Viewed', {}, away),
  page('c-work', atWork),
  signUp('c-work', 'ana@work.example', atWork),
  page('c-home', atHome),
  login('c-home', 'ana@home.example', atHome),
  buy('c-home', 'ana@home.example', atHome),
  login('c-phone', 'ana@home.example', away),
  login('c-work', 'ana@home.example', atWork),
  page('c-work', atWork),
]
const within = { timeout: 30_000, interval: 50 }

let stack: Stack
let writeKey = ''

beforeAll(async () => {
  stack = await openStack(started())
  ;({ writeKey } = await stack.serve())
  await Promise.all([stack.role('process'), stack.role('archive')])
}, 120_000)
afterAll(() => stack.stop(), 60_000)

const profileOf = (identifier: string): Promise<ProfileAnswer> =>
  stack.ask<ProfileAnswer>('GET', `/v1/profiles?identifier=${identifier}`)

test('step by step one profile, one timeline, and why', async () => {
  const { log, ask } = stack
  const before = STORY.slice(0, 8).map((sent, i) => recordOf(sent, i))
  for (const record of before) await log.append([record])
  const sizeOf = async (cookie: string) =>
    profileOf(`cookie:${cookie}`).then(
      ({ identifiers }) => identifiers.length,
      () => 0,
    )
  await expect.poll(() => sizeOf('c-phone'), within).toBe(3)
  expect(await sizeOf('c-work')).toBe(2)
  await log.append(STORY.slice(8).map((sent, i) => recordOf(sent, 8 + i)))
  await expect.poll(() => sizeOf('c-phone'), within).toBe(5)
  const { id } = await profileOf('cookie:c-phone')
  expect((await profileOf('cookie:c-work')).id).toBe(id)
  const timeline = async () =>
    (await ask<TimelineAnswer>('GET', `/v1/profiles/${id}/timeline`)).events.map(
      ({ event_id }) => event_id,
    )
  await expect.poll(timeline, within).toEqual(STORY.map((_, i) => `m${i}`))
  expect(await ask('GET', '/v1/explain?a=cookie:c-phone&b=cookie:c-work')).toMatchObject({
    together: true,
    path: [{ kind: 'login' }, { kind: 'login' }],
  })
})

test('what is sent to the server is in a profile when it answers; a steward joins and takes it back', async () => {
  const { ask } = stack
  const batch = ['eve@one.example', 'eve@two.example'].map((email, i) => ({
    ...login('c-eve', email).raw,
    messageId: `eve${i}`,
    timestamp: new Date(Date.UTC(2026, 0, 2 + i)).toISOString(),
  }))
  await ask('POST', '/v1/import?resolve=sync', { writeKey, batch })
  const one = await profileOf('email:eve@one.example')
  const two = await profileOf('email:eve@two.example')
  expect(one.id).not.toBe(two.id)
  const { reviews } = await ask<ReviewsAnswer>('GET', '/v1/reviews')
  const [question] = reviews
  expect(question).toMatchObject({ guard: 'two_logins' })
  const decision = `/v1/reviews/${question?.id ?? ''}/decision`
  const decided = await ask<ReviewAnswer>('POST', decision, { verdict: 'same', note: 'her two' })
  expect(decided).toMatchObject({ status: 'decided' })
  expect((await profileOf('email:eve@one.example')).id).toBe(
    (await profileOf('email:eve@two.example')).id,
  )
  await ask('DELETE', decision)
  expect((await profileOf('email:eve@one.example')).id).not.toBe(
    (await profileOf('email:eve@two.example')).id,
  )
})

test('what a sender who was not answered sends again counts once', async () => {
  const { ask } = stack
  // Without a time of its own it happens when it comes.
  const message = { ...login('c-zoe', 'zoe@one.example').raw, messageId: 'zoe' }
  for (let sent = 0; sent < 2; sent++)
    await ask('POST', '/v1/import?resolve=sync', { writeKey, batch: [message] })
  expect(await runJson(['verify'], { cwd: stack.cwd })).toMatchObject({ ok: true })
})

test('a batch run over the archive confirms, and the rebuild from the archive is the same', async () => {
  const { cwd } = stack
  expect((await profileOf('cookie:c-phone')).state).toBe('provisional')
  expect(await runJson(['resolve'], { cwd })).toMatchObject({ merges: 0, splits: 0, moves: 0 })
  await expect.poll(async () => (await profileOf('cookie:c-phone')).state, within).toBe('confirmed')
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
})
