// The console on the whole stack: messages that processors apply come to it live, and a question answered there binds.
import { describe, expect, test } from 'vitest'

import { startKafka, startRedis, startRegistry } from '../engines/index.ts'
import { hasChromium, visitor } from '../clients/browser/chromium.ts'
import { folder, run, serve } from '../cli/run.ts'

const SOON = { timeout: 60_000, interval: 50 }

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('the console', () => {
  test('shows live what processors have applied', { timeout: 300_000 }, async () => {
    const engines = await Promise.all([startKafka(), startRegistry(), startRedis()])
    const [kafka, registry, redis] = engines
    const environment = {
      SELFSAME_LOG: kafka.url,
      SELFSAME_REGISTRY: registry.url,
      SELFSAME_GRAPH: redis.url,
    }
    Object.assign(process.env, environment)
    try {
      const cwd = await folder()
      const server = await serve(cwd, '--with', 'process', 'archive')
      const { url, token, writeKey } = server
      const send = async (...batch: readonly object[]): Promise<void> => {
        const answer = await fetch(`${url}/v1/batch?resolve=sync`, {
          method: 'POST',
          body: JSON.stringify({ batch, writeKey }),
        })
        expect(answer.status).toBe(200)
      }
      const page = await (await visitor({ viewport: { width: 1440, height: 900 } })).newPage()
      page.setDefaultTimeout(60_000)
      await page.goto(`${url}/#/sign-in?token=${token}`)
      await page.evaluate("location.hash = '#/live'")
      await expect.poll(() => page.locator('.connection').textContent(), SOON).toBe('live')
      await send({ type: 'page', anonymousId: 'phone', messageId: 'm1' })
      await send({ type: 'page', anonymousId: 'laptop', messageId: 'm2' })
      await expect.poll(() => page.locator('.event').count(), SOON).toBeGreaterThanOrEqual(2)
      const login = { type: 'identify', traits: { email: 'ana@example.com' } }
      await send({ ...login, anonymousId: 'phone', messageId: 'm3' })
      await send({ ...login, anonymousId: 'laptop', messageId: 'm4' })
      await expect
        .poll(() => page.locator('.event').allTextContents(), SOON)
        .toContainEqual(expect.stringMatching(/merged/i))
      const ran = await run(['resolve'], { cwd })
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      const shown = await run(['profile', 'email:ana@example.com'], { cwd })
      expect(shown.stdout).toContain('confirmed, 3 identifiers')
      await page.evaluate("location.hash = '#/visitors'")
      const rows = page.getByText('ana@example.com')
      await expect.poll(() => rows.count(), SOON).toBeGreaterThan(0)
      await server.stop()
    } finally {
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name)
      await Promise.all(engines.map((engine) => engine.stop()))
    }
  })
})
