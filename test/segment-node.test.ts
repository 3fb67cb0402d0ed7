// The real @segment/analytics-node, unmodified, pointed here by its documented settings: its calls end in the right
// profiles, once each, also when the server was away for a while or the way to it packs the bodies.
import { gzipSync } from 'node:zlib'

import { Analytics } from '@segment/analytics-node'
import { expect, test } from 'vitest'

import { folder, profileOf, runJson, serve, start } from './cli/run.ts'

/** The story of a visitor on two devices, told by a site's server. */
function tell(analytics: Analytics): void {
  analytics.page({ anonymousId: 'c-phone', name: 'Pricing' })
  analytics.track({ anonymousId: 'c-laptop', event: 'Product Viewed', properties: { sku: 'a' } })
  analytics.identify({
    userId: '42',
    anonymousId: 'c-laptop',
    traits: { email: 'ana@example.com', name: 'Ana' },
  })
  analytics.track({
    userId: '42',
    anonymousId: 'c-phone',
    event: 'Order Completed',
    properties: { total: 20, email: 'Ana@Example.com' },
  })
  analytics.group({ userId: '42', groupId: 'acme' })
  analytics.screen({ anonymousId: 'c-other', name: 'Home' })
  analytics.alias({ userId: '42', previousId: 'old-42' })
}

const PERSON = ['cookie:c-laptop', 'cookie:c-phone', 'email:…', 'external_id:user:42']

async function identifiersOf(cwd: string, asked: string): Promise<string[]> {
  const { identifiers } = await profileOf(asked, { cwd })
  return identifiers.map((one) => one.identifier.replace(/[0-9a-f]{64}/, '…')).toSorted()
}

test('every call ends in the right profile', async () => {
  const cwd = await folder()
  const { url, token, writeKey } = await serve(cwd)
  const analytics = new Analytics({ writeKey, host: url })
  tell(analytics)
  await analytics.closeAndFlush()
  expect(await identifiersOf(cwd, 'email:ana@example.com')).toEqual(PERSON)
  expect(await identifiersOf(cwd, 'cookie:c-other')).toEqual(['cookie:c-other'])
  const headers = { authorization: `Bearer ${token}` }
  const apart = await fetch(`${url}/v1/explain?a=cookie:c-phone&b=cookie:c-other`, { headers })
  expect(await apart.json()).toMatchObject({ together: false })
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true, records: 1 + 7 })
})

test('packed by gzip on the way', async () => {
  const cwd = await folder()
  const { url, writeKey } = await serve(cwd)
  let packed = 0
  const analytics = new Analytics({
    writeKey,
    host: url,
    httpClient: (target, init) => {
      packed++
      const headers = { ...init.headers, 'content-encoding': 'gzip' }
      return fetch(target, { ...init, headers, body: gzipSync(init.body) })
    },
  })
  tell(analytics)
  await analytics.closeAndFlush()
  expect(packed).toBeGreaterThan(0)
  expect(await identifiersOf(cwd, 'cookie:c-phone')).toEqual(PERSON)
})

test('the server was away for a while: nothing lost, nothing doubled', async () => {
  const cwd = await folder()
  const first = await serve(cwd)
  const port = new URL(first.url).port
  await first.stop()
  let attempts = 0
  const analytics = new Analytics({
    writeKey: first.writeKey,
    host: first.url,
    flushAt: 1,
    httpClient: async (target, init) => {
      attempts++
      const response = await fetch(target, init)
      // An answer that got lost: the client sends again what is durable already.
      if (attempts % 5 === 0) throw new TypeError('the connection broke')
      return response
    },
  })
  tell(analytics)
  await expect.poll(() => attempts, { timeout: 20_000 }).toBeGreaterThan(0)
  const second = start(['serve', '--port', port, '--json'], { cwd })
  await second.said((text) => text.includes('\n'))
  await analytics.closeAndFlush({ timeout: 50_000 })
  expect(await identifiersOf(cwd, 'external_id:user:42')).toEqual(PERSON)
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true, records: 1 + 7 })
  second.child.kill('SIGTERM')
  await second.ended
}, 120_000)
