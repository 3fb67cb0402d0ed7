// What a run says that it changed, counted as ids are given: who lives on has neither merged nor been split.
import { expect, test } from 'vitest'

import { withAccount } from '../../test/batch/account.ts'

const AT = Date.UTC(2026, 0, 1, 10)

const sent = (type: string, fields: object) => ({ site: 'default', raw: { type, ...fields } })
const login = (cookie: string, user: string, email: string) =>
  sent('identify', { anonymousId: cookie, userId: user, traits: { email } })
const did = (cookie: string, event: string, email: string) =>
  sent('track', { anonymousId: cookie, event, properties: { email } })

test('one that goes over from a profile to another is a move, and nothing else', async () => {
  const usual = { edges: { checkout: 0.9 } }
  await withAccount(usual, async (on) => {
    const messages = [
      login('c-1', '1', 'ana@example.com'),
      login('c-2', '2', 'bob@example.com'),
      did('c-3', 'Form Submitted', 'ana@example.com'),
      did('c-3', 'Order Completed', 'bob@example.com'),
    ]
    await on.take(messages.map((one, n) => ({ at: AT + n * 60_000, sent: one })))
    const other = { edges: { ...usual.edges, form_submit: 0.5 } }
    const tried = await on.run(other, { dryRun: true })
    expect(tried.differences).toMatchObject({ merges: 0, splits: 0, moves: 1 })
    expect((await on.run(other)).differences).toEqual(tried.differences)
    expect((await on.run(other)).differences).toMatchObject({ moves: 0 })
  })
})
