// Messages that grow: what a request adds to one, or a digest in place of a contact, must not make it more than the log
// takes, since that would cost every message that is written with it.
import { afterEach, expect, test } from 'vitest'

import {
  openInstallation,
  OPERATOR,
  type Installation,
} from '../../../../test/server/installation.ts'

let installation: Installation

afterEach(async () => installation.close())

const RUDDERSTACK = { library: { name: 'rudder-sdk-js' } }
const small = { type: 'page', anonymousId: 'c-small', messageId: 'small', context: RUDDERSTACK }

async function statuses(batch: readonly object[], more: object = {}): Promise<unknown[]> {
  const writeKey = await installation.writeKey('shop')
  const body = JSON.stringify({ writeKey, batch, ...more })
  const response = await installation.app.request(
    '/v1/batch?resolve=sync',
    { method: 'POST', body },
    {},
  )
  expect(response.status).toBe(200)
  const { messages } = (await response.json()) as {
    messages: { status: string; reason?: string }[]
  }
  return messages.map(({ status, reason }) => reason ?? status)
}

async function keptReasons(): Promise<string[]> {
  const headers = { authorization: `Bearer ${OPERATOR}` }
  const response = await installation.app.request('/v1/rejects', { headers }, {})
  const { rejects } = (await response.json()) as { rejects: { reason: string }[] }
  return rejects.map(({ reason }) => reason)
}

test('a context of the whole batch that is too much for any message', async () => {
  installation = await openInstallation()
  const context = { big: 'x'.repeat(3_000_000) }
  expect(await statuses([small], { context })).toEqual(['too_large'])
  expect(await keptReasons()).toEqual(['too_large'])
  expect(await statuses([small])).toEqual(['accepted'])
})

test('contacts that become digests', async () => {
  installation = await openInstallation({ contacts: 'hash' })
  const addresses = Array.from({ length: 30_000 }, (_, i) => `a${i}@b.co`)
  const many = { ...small, messageId: 'many', traits: { addresses } }
  expect(await statuses([many, small])).toEqual(['too_large', 'accepted'])
})

test('one as long as can be, its name as long as itself, is taken', async () => {
  const limits = { rudderstack: { messageBytesMax: 1_000_000 } }
  installation = await openInstallation({ limits })
  const track = { ...small, type: 'track', messageId: 'long' }
  expect(await statuses([{ ...track, event: 'é'.repeat(499_900) }])).toEqual(['accepted'])
  expect(await statuses([{ ...track, event: 'é'.repeat(500_100) }])).toEqual(['too_large'])
})
