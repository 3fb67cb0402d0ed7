// RudderStack's clients: their paths, their limits, and the very replies of their gateway.
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'

let installation: Installation
let key: string

beforeAll(async () => {
  installation = await openInstallation({
    limits: {
      segment: { messageBytesMax: 2_000, bodyBytesMax: 20_000 },
      rudderstack: { messageBytesMax: 10_000, bodyBytesMax: 50_000 },
    },
  })
  key = await installation.writeKey('default')
})

afterAll(async () => installation.close())

const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(`${text}:`).toString('base64')}`,
})
/** What its browser client sends along with every request. */
const BROWSER = { anonymousid: Buffer.from('c-1').toString('base64') }
/** Its clients on servers are told by their library only. */
const LIBRARY = { context: { library: { name: '@rudderstack/rudder-sdk-node' } } }

async function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = { ...basic(key), ...BROWSER },
): Promise<{ status: number; text: string }> {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const init = { method: 'POST', body: raw as string, headers }
  const response = await installation.app.request(path, init, {})
  return { status: response.status, text: await response.text() }
}

const page = (id: string) => ({ type: 'page', anonymousId: 'c-1', messageId: id })

async function lastMessage(): Promise<unknown> {
  const log = installation.accounts[0]?.log
  const [record] = (await log?.read(log.end(), 1)) ?? []
  return record?.kind === 'message' ? JSON.parse(record.raw) : null
}

test.each([
  ['/v1/page', page('r1')],
  ['/v1/batch', { batch: [page('r2')], sentAt: '2026-03-02T10:00:00Z' }],
  ['/v1/import', { batch: [page('r3')] }],
  ['/v1/merge', { type: 'merge', mergeProperties: [], messageId: 'r4' }],
])('%s is taken with "ok"', async (path, body) => {
  expect(await post(path, body)).toEqual({ status: 200, text: 'ok' })
})

test('a batch of a server library is told by the library, and has the larger limits', async () => {
  const wide = { ...page('r5'), ...LIBRARY, properties: { x: 'y'.repeat(5_000) } }
  const packed = gzipSync(JSON.stringify({ batch: [wide, wide, wide, wide, wide] }))
  const headers = { ...basic(key), 'content-encoding': 'gzip' }
  expect(await post('/v1/batch', packed, headers)).toEqual({ status: 200, text: 'ok' })
  expect(await lastMessage()).toMatchObject({ messageId: 'r5' })
  const { context: _, ...segment } = wide
  const other = await post(
    '/v1/batch',
    { batch: [segment, segment, segment, segment, segment] },
    basic(key),
  )
  expect(other.status).toBe(400)
})

test.each<
  [
    what: string,
    send: () => Promise<{ status: number; text: string }>,
    status: number,
    text: string,
  ]
>([
  ['no JSON', () => post('/v1/batch', '{'), 400, 'invalid json'],
  ['no batch', () => post('/v1/batch', {}), 400, 'empty batch payload'],
  [
    'a body too large',
    () => post('/v1/batch', 'x'.repeat(60_000)),
    413,
    'request size exceeds max limit',
  ],
  [
    'no key',
    () => post('/v1/page', page('r6'), BROWSER),
    401,
    'failed to read writekey from header',
  ],
  [
    'a wrong key',
    () => post('/v1/page', page('r7'), { ...basic('wrong'), ...BROWSER }),
    401,
    'invalid write key',
  ],
  [
    'a beacon without a key',
    () => post('/beacon/v1/batch', '{}', {}),
    401,
    'failed to read writekey from header',
  ],
])('%s', async (_what, send, status, text) => {
  expect(await send()).toEqual({ status, text })
})

describe('what browsers ask for', () => {
  test('the configuration of a source, without destinations', async () => {
    const path = '/sourceConfig/?p=npm&v=3&writeKey='
    const response = await installation.app.request(path, { headers: basic(key) }, {})
    const { source } = (await response.json()) as { source: Record<string, unknown> }
    expect(source).toMatchObject({ enabled: true, config: {}, destinations: [] })
    expect(typeof source['id']).toBe('string')
    const refused = await installation.app.request(path, { headers: basic('wrong') }, {})
    expect(refused.status).toBe(401)
  })

  test('a beacon with its key in the query', async () => {
    const body = { batch: [page('r8')] }
    const answer = await post(`/beacon/v1/batch?writeKey=${key}`, body, {})
    expect(answer).toEqual({ status: 200, text: 'ok' })
    expect(await lastMessage()).toMatchObject({ messageId: 'r8' })
  })

  test('a pixel is a message, and a picture', async () => {
    const query =
      'anonymousId=c-9&messageId=r9&event=Mail+Opened&context.page.url=https%3A%2F%2Fx&__proto__.x=1'
    const response = await installation.app.request(
      `/pixel/v1/track?writeKey=${key}&${query}`,
      {},
      {},
    )
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/gif'])
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 6)).toBe('GIF89a')
    expect(await lastMessage()).toMatchObject({
      type: 'track',
      anonymousId: 'c-9',
      event: 'Mail Opened',
      context: { page: { url: 'https://x' } },
    })
    expect(Object.prototype).not.toHaveProperty('x')
  })

  test('a preflight lets its headers pass', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' }
    const init = { method: 'OPTIONS', headers }
    const response = await installation.app.request('/v1/batch', init, {})
    const allowed = response.headers.get('access-control-allow-headers') ?? ''
    for (const name of ['anonymousid', 'rsa-recovered', 'sentat']) expect(allowed).toContain(name)
  })

  test('health is up', async () => {
    const response = await installation.app.request('/health', {}, {})
    expect(await response.json()).toEqual({ server: 'UP' })
  })
})
