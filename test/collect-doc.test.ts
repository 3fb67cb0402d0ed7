// docs/collect.md: every sending path is in its table, its limits are the defaults, and what it says of ids and of the
// places of the write key is so.
import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { BESIDE } from '../src/apps/server/ask/beside.ts'
import { MESSAGE_BYTES_MOST } from '../src/core/policy/settings-parts.ts'
import { settingsOf } from './extraction.ts'
import { openInstallation, type Installation } from './server/installation.ts'

const guide = readFileSync(new URL('../docs/collect.md', import.meta.url), 'utf8')

let installation: Installation
let writeKey: string

beforeAll(async () => {
  installation = await openInstallation()
  writeKey = await installation.writeKey('default')
})

afterAll(async () => installation.close())

interface Sent {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly from?: string
}

async function send(
  path: string,
  { body, headers = {}, from = '203.0.113.7' }: Sent,
): Promise<Response> {
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return installation.app.request(path, init, { remoteAddress: from })
}

test('every path that takes messages is there, and what clients start from', () => {
  const table = guide.slice(guide.indexOf('## Every path'))
  const collecting = BESIDE.filter(({ tag }) => tag === 'collect')
  for (const { path } of collecting) expect(table).toContain(path)
  const known = new Set(installation.app.routes.map(({ path }) => path))
  const named = [...table.matchAll(/(?:POST |GET |`)(\/[\w./{}]+)/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(20)
  for (const path of named) expect(known).toContain(path.replaceAll(/\{(\w+)\}/g, ':$1'))
})

test('the limits are the defaults', () => {
  const { segment, rudderstack } = settingsOf({}).limits
  for (const [name, value] of [
    ...Object.entries(segment).map(([key, most]) => [`limits.segment.${key}`, most] as const),
    ...Object.entries(rudderstack).map(
      ([key, most]) => [`limits.rudderstack.${key}`, most] as const,
    ),
  ])
    expect(guide).toContain(`${value.toLocaleString('en-US')}: \`${name}\``)
  expect(guide).toContain(`${MESSAGE_BYTES_MOST.toLocaleString('en-US')}; from files`)
})

test('the write key in the header, the query, the body', async () => {
  const wrong = { anonymousId: 'c-1', writeKey: 'wk_wrong' }
  const basic = { authorization: `Basic ${btoa(`${writeKey}:`)}` }
  expect((await send('/v1/page', { body: wrong, headers: basic })).status).toBe(200)
  expect((await send(`/v1/page?writeKey=${writeKey}`, { body: wrong })).status).toBe(200)
  expect((await send('/v1/page', { body: { ...wrong, writeKey } })).status).toBe(200)
  expect((await send('/v1/page?writeKey=wk_wrong', { body: { ...wrong, writeKey } })).status).toBe(
    401,
  )
})

test('a message counts once: by its messageId, else by its content, address and browser', async () => {
  const status = async (message: object, more: Sent = {}): Promise<string | undefined> => {
    const body = { writeKey, ...message }
    const answer = await send('/v1/page?resolve=sync', { ...more, body })
    const { messages } = (await answer.json()) as { messages: readonly { status: string }[] }
    return messages[0]?.status
  }
  const visit = { anonymousId: 'c-2', name: 'Home' }
  expect(await status({ ...visit, messageId: 'once' })).toBe('accepted')
  expect(await status({ anonymousId: 'c-3', messageId: 'once' })).toBe('duplicate')
  expect(await status(visit)).toBe('accepted')
  expect(await status({ ...visit, sentAt: '2026-03-02T10:00:00Z' })).toBe('duplicate')
  expect(await status(visit, { from: '203.0.113.8' })).toBe('accepted')
  expect(await status(visit, { headers: { 'user-agent': 'UA' } })).toBe('accepted')
  expect(await status({ ...visit, timestamp: '2026-03-02T10:00:00Z' })).toBe('accepted')
})
