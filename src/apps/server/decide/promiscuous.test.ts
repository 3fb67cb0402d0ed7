// Promiscuous identifiers over the real app: an address of many, a kiosk, an e-mail in quarantine.
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import type { PromiscuousAnswer } from '../../answers/promiscuous-answer.ts'

const CROWD = 6
const at = new Date(Date.UTC(2026, 2, 2, 10)).toISOString()

const MESSAGES = [
  ...Array.from({ length: CROWD }, (_, n) => ({
    type: 'page',
    anonymousId: `c-${n}`,
    context: { ip: '84.44.0.2' },
  })),
  ...['41', '42'].map((userId) => ({ type: 'identify', anonymousId: 'kiosk', userId })),
  { type: 'identify', anonymousId: 'c-ana', traits: { email: 'ana@example.com' } },
].map((message, n) => ({ ...message, messageId: `m${n}`, timestamp: at }))

let installation: Installation
let headers: Record<string, string>

beforeAll(async () => {
  installation = await openInstallation()
  headers = { authorization: `Bearer ${await installation.token('steward')}` }
  const writeKey = await installation.writeKey('default')
  const body = JSON.stringify({ writeKey, batch: MESSAGES })
  await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
})

afterAll(async () => installation.close())

async function listed(query = ''): Promise<PromiscuousAnswer> {
  const path = `/v1/identifiers/promiscuous${query}`
  const response = await installation.app.request(path, { headers }, {})
  expect([path, response.status]).toEqual([path, 200])
  return (await response.json()) as PromiscuousAnswer
}

test('who holds many together is listed, witnesses too, with whom it holds and why it may not', async () => {
  const body = JSON.stringify({ identifier: 'email:ana@example.com' })
  const path = '/v1/identifiers/quarantine'
  await installation.app.request(path, { method: 'POST', headers, body }, {})
  const { identifiers, next } = await listed()
  expect(next).toBe(null)
  expect(identifiers).toEqual([
    {
      identifier: 'ip:84.44.0.2',
      type: 'ip',
      quarantined: false,
      shared_because: null,
      promiscuity: CROWD,
      warn_from: 5,
      profile: null,
      holds: CROWD,
      first_seen: at,
      last_seen: at,
      sites: ['default'],
    },
    expect.objectContaining({ type: 'email', quarantined: true, promiscuity: 1, holds: 1 }),
    expect.objectContaining({
      identifier: 'cookie:kiosk',
      shared_because: expect.stringContaining('two of user') as string,
      promiscuity: 0,
      warn_from: null,
      profile: expect.stringMatching(/^prf_/) as string,
      holds: 2,
    }),
  ])
})

test('page by page it is the same; a cursor is only what was given out', async () => {
  const all = (await listed()).identifiers
  const first = await listed('?limit=2')
  const second = await listed(`?limit=2&after=${first.next}`)
  expect([...first.identifiers, ...second.identifiers]).toEqual(all)
  expect(second.next).toBe(null)
  const path = '/v1/identifiers/promiscuous?after=hat'
  expect((await installation.app.request(path, { headers }, {})).status).toBe(400)
})
