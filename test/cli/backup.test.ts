// docs/operate.md on backups: what it says must be kept is enough to go on with the same profiles, ids and keys.
import { cp, mkdir } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { folder, profileOf, runJson, serve } from './run.ts'

const guide = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8')
const [, list = ''] = /What must be kept is (.*?);/.exec(guide) ?? []
const KEPT = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace('/', ''))

test('a copy of what must be kept, be it of a killed server, is the same installation', async () => {
  expect(KEPT).toEqual(['secret', 'policy', 'log', 'keys.db', 'keys.db-wal'])
  const cwd = await folder()
  const first = await serve(cwd)
  const { token, writeKey } = first
  const identify = (cookie: string) => {
    return { type: 'identify', anonymousId: cookie, traits: { email: 'ana@example.com' } }
  }
  const batch = [identify('c-phone'), identify('c-laptop'), { type: 'page', anonymousId: 'c-tv' }]
  const send = async (url: string, messages: readonly object[]): Promise<number> => {
    const body = JSON.stringify({ writeKey, batch: messages })
    return (await fetch(`${url}/v1/batch?resolve=sync`, { method: 'POST', body })).status
  }
  expect(await send(first.url, batch)).toBe(200)
  first.running.child.kill('SIGKILL')
  await first.running.ended
  const before = await profileOf('email:ana@example.com', { cwd })

  const restored = await folder()
  await mkdir(join(restored, 'selfsame-data'))
  for (const name of KEPT) {
    const from = join(cwd, 'selfsame-data', name)
    if (existsSync(from)) await cp(from, join(restored, 'selfsame-data', name), { recursive: true })
  }
  const second = await serve(restored)
  expect(await send(second.url, [{ type: 'page', anonymousId: 'c-tv' }])).toBe(200)
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${second.url}/v1/profiles/${before.id}`, { headers })
  const after = (await answer.json()) as typeof before
  expect(after.identifiers).toEqual(before.identifiers)
  await second.stop()
  expect(await runJson(['verify'], { cwd: restored })).toMatchObject({ ok: true })
})
