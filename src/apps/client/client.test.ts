// The client against a real server over loopback: every method, and what it throws.
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../test/server/installation.ts'
import { trustedProxies } from '../server/who/client-address.ts'
import { listen, type Listening } from '../server/node.ts'
import { createClient, SelfsameError, type Client } from './index.ts'

let installation: Installation
let server: Listening
let client: Client

beforeAll(async () => {
  installation = await openInstallation()
  server = await listen(installation.app, { host: '127.0.0.1', port: 0 }, trustedProxies([]))
  client = createClient({ url: `${server.url}/`, token: await installation.token('admin') })
  const writeKey = await installation.writeKey('default')
  const batch = [
    { type: 'identify', anonymousId: 'c-phone', traits: { email: 'ana@example.com' } },
    { type: 'identify', anonymousId: 'c-laptop', traits: { email: 'ana@example.com' } },
    { type: 'wave', anonymousId: 'c-phone' },
  ]
  const body = JSON.stringify({ writeKey, batch })
  await fetch(`${server.url}/v1/batch?resolve=sync`, { method: 'POST', body })
})

afterAll(async () => {
  await server.stop()
  await installation.close()
})

test('who is this, how sure are we, and why', async () => {
  const profile = await client.profile('email:ana@example.com')
  expect(profile).toMatchObject({ kind: 'person', confidence: 0.99 })
  const { id } = profile
  expect(await client.profile(id)).toMatchObject({ id })
  const latest = await client.timeline(id, { limit: 1 })
  expect(latest.events).toHaveLength(1)
  const earlier = await client.timeline(id, { limit: 1, before: latest.next ?? undefined })
  expect(earlier.events).toHaveLength(1)
  expect(earlier.events).not.toEqual(latest.events)
  expect((await client.history(id)).changes[0]).toMatchObject({ event: 'created' })
  expect((await client.graph(id)).nodes.length).toBeGreaterThanOrEqual(3)
  expect(await client.explain('cookie:c-phone', 'cookie:c-laptop')).toMatchObject({
    together: true,
  })
  expect((await client.explainMembership('cookie:c-phone')).explanations).toHaveLength(2)
})

test('what changed, and how much there is', async () => {
  await installation.accounts[0]?.resolver.flush()
  const { changes, next } = await client.changes('start')
  expect(changes[0]).toMatchObject({ type: 'profile.created' })
  expect(await client.changes(next)).toEqual({ changes: [], next })
  expect(await client.stats()).toMatchObject({ profiles: { total: 1 } })
  expect(await client.pulse()).toMatchObject({ profiles: 1, problem: null })
})

test('who was heard of last, who is meant, and what runs decide by', async () => {
  const { visitors, next } = await client.visitors({ kind: 'person', limit: 1 })
  expect(visitors).toMatchObject([{ identifiers: 3, last: { type: 'identify' } }])
  expect(next).toBeNull()
  const { results } = await client.search('c-phone')
  expect(results).toMatchObject([{ profile: visitors[0]?.profile, exact: true }])
  expect(await client.promiscuousIdentifiers({ limit: 1 })).toEqual({ identifiers: [], next: null })
  const { settings } = await client.configuration()
  expect(settings).toMatchObject({ account: 'default', thresholds: { merge: 0.85 } })
})

test('rejects and keys', async () => {
  expect((await client.rejects()).rejects).toMatchObject([{ reason: 'unknown_type' }])
  expect(await client.replayRejects()).toEqual({ settled: 0, left: 1 })
  const made = await client.createKey({ kind: 'token', role: 'reader', label: 'shop' })
  expect(made.key).toMatch(/^sst_/)
  expect((await client.keys()).keys.map(({ id }) => id)).toContain(made.id)
  expect((await client.revokeKey(made.id)).revoked_at).not.toBeNull()
})

test('an answer that is none is an error that says why', async () => {
  const never = client.profile('cookie:never')
  await expect(never).rejects.toBeInstanceOf(SelfsameError)
  await expect(never).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('nothing is known') as string,
  })
  const nobody = createClient({ url: server.url, token: 'sst_wrong' })
  await expect(nobody.stats()).rejects.toMatchObject({ status: 401, reason: 'no_token' })
  const elsewhere = createClient({ url: 'http://127.0.0.1:1', token: 'sst_wrong' })
  await expect(elsewhere.stats()).rejects.toThrow('fetch failed')
})
