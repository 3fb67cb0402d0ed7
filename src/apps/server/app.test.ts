// The server without a socket: every tracking path, what it takes and refuses, and the look-ups, on a real data directory.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openInstallation, OPERATOR, type Installation } from '../../../test/server/installation.ts'
import { StoreError } from '../../ports/store-error.ts'
import { makeWriteKey } from '../access/make-key.ts'
import type { Account } from '../account/account.ts'
import type {
  HistoryAnswer,
  MembershipAnswer,
  ProfileAnswer,
  TimelineAnswer,
} from '../answers/answer.ts'
import { createApp } from './app.ts'
import type { Intake } from './collect/intake.ts'

let installation: Installation
let account: Account
let app: ReturnType<typeof createApp>

beforeAll(async () => {
  const limits = { segment: { messageBytesMax: 2_000, bodyBytesMax: 20_000, batchMessagesMax: 50 } }
  installation = await openInstallation({ sites: { blog: {} }, limits })
  const [first] = installation.accounts
  if (first === undefined) throw new Error('no account')
  account = first
  app = installation.app
  for (const [text, site] of [
    ['wk', 'default'],
    ['blog-key', 'blog'],
  ] as const) {
    await makeWriteKey(installation.parts.keys, { account: 'default', site, label: '', text })
  }
})

afterAll(async () => installation.close())

const KEY = { authorization: `Basic ${Buffer.from('wk:').toString('base64')}` }
const TOKEN = { authorization: `Bearer ${OPERATOR}` }

const post = async (
  path: string,
  body: unknown,
  headers: Record<string, string> = KEY,
): Promise<Response> => {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const init = { method: 'POST', body: raw as string, headers }
  return app.request(path, init, { remoteAddress: '203.0.113.7' })
}

/** The answer to a GET, with its status; the test says what else must be in it. */
const ask = async <T = unknown>(
  path: string,
  headers: Record<string, string> = TOKEN,
): Promise<T & { status: number }> => {
  const response = await app.request(path, { headers })
  return { status: response.status, ...((await response.json()) as T) }
}

/** The answer to each message of a request. */
const messagesIn = async (response: Response): Promise<MessageSaid[]> => {
  const { messages } = (await response.json()) as { messages: MessageSaid[] }
  return messages
}

interface MessageSaid {
  readonly status: string
  readonly reason?: string
  readonly profile?: string
}

const lastReject = async (): Promise<unknown> => {
  const { rejectsDirectory } = account.layout
  const [file = ''] = await readdir(rejectsDirectory)
  const lines = (await readFile(join(rejectsDirectory, file), 'utf8')).trimEnd().split('\n')
  return JSON.parse(lines.at(-1) ?? '') as unknown
}

const paths: [path: string, message: object, type: string][] = [
  ['identify', { userId: 'u1', traits: {} }, 'identify'],
  ['i', { anonymousId: 'c-i' }, 'identify'],
  ['track', { userId: 'u1', event: 'Seen' }, 'track'],
  ['t', { userId: 'u1', event: 'Seen' }, 'track'],
  ['page', { anonymousId: 'c-p' }, 'page'],
  ['p', { anonymousId: 'c-p', userId: null }, 'page'],
  ['screen', { anonymousId: 'c-s', name: 'Home' }, 'screen'],
  ['s', { anonymousId: 'c-s' }, 'screen'],
  ['group', { userId: 'u1', groupId: 'g' }, 'group'],
  ['g', { userId: 'u1', groupId: 'g' }, 'group'],
  ['alias', { userId: 'u2', previousId: 'u3' }, 'alias'],
  ['a', { userId: 'u2', previousId: 'u3' }, 'alias'],
]

describe('tracking paths', () => {
  test.each(paths)('/v1/%s', async (path, message, type) => {
    const response = await post(`/v1/${path}?resolve=sync`, { ...message, messageId: `m-${path}` })
    expect(response.status).toBe(200)
    const answer = { success: true, messages: [{ status: 'accepted', message_id: `m-${path}` }] }
    expect(await response.json()).toMatchObject(answer)
    const records = await account.log.read(account.log.end(), 1)
    expect(records[0]).toMatchObject({ fact: { type, site: 'default' } })
  })

  test.each(['/v1/batch', '/v1/b', '/v1/import'])('%s', async (path) => {
    const batch = [
      { type: 'page', anonymousId: 'c-1', messageId: `${path}-1` },
      { type: 'wave', anonymousId: 'c-1' },
      null,
      { type: 'track', anonymousId: 'c-1', event: 'X', messageId: `${path}-2` },
      { type: 'track', event: 'X', anonymousId: 'c-1', properties: { x: 'y'.repeat(3_000) } },
      { type: 'page', anonymousId: 'c-1', messageId: `${path}-1` },
    ]
    const response = await post(`${path}?resolve=sync`, { batch })
    expect(response.status).toBe(200)
    const messages = await messagesIn(response)
    expect(messages.map((one) => one.reason ?? one.status)).toEqual([
      'accepted',
      'unknown_type',
      'not_an_object',
      'accepted',
      'too_large',
      'duplicate',
    ])
    expect(messages[0]?.profile).toMatch(/^prf_/)
    expect(messages[5]?.profile).toBe(messages[0]?.profile)
  })

  test('a duplicate is answered as the message that counted, whatever it says itself', async () => {
    const sent = async (message: object, query = '?resolve=sync') => {
      const body = { type: 'identify', messageId: 'once', ...message }
      return messagesIn(await post(`/v1/identify${query}`, body))
    }
    const [first] = await sent({ userId: 'once-1' })
    await post('/v1/identify', { userId: 'once-2', messageId: 'else' })
    const [again] = await sent({ userId: 'once-2' })
    expect(again).toEqual({ ...first, status: 'duplicate' })
    // Nobody asked when that one counted.
    const [unasked] = await sent({ userId: 'once-1', messageId: 'else' })
    expect(unasked).toMatchObject({ status: 'duplicate', profile: null })
  })

  test('a plain reply says no more than that it is durable', async () => {
    const response = await post('/v1/page', { anonymousId: 'c-1' })
    expect(await response.text()).toBe('{"success":true}')
    const waited = await post('/v1/page', { anonymousId: 'c-1' }, { ...KEY, prefer: 'wait=5' })
    expect(await waited.json()).toMatchObject({ messages: [{ status: 'duplicate' }] })
  })
})

describe('bodies', () => {
  test('text/plain, a key in the body, gzip said or not, chunked', async () => {
    const body = JSON.stringify({ writeKey: 'wk', anonymousId: 'c-1', messageId: 'b1' })
    expect((await post('/v1/p', body, { 'content-type': 'text/plain' })).status).toBe(200)
    const packed = gzipSync(body)
    expect((await post('/v1/p', packed, { 'content-encoding': 'gzip' })).status).toBe(200)
    expect((await post('/v1/p', packed, {})).status).toBe(200)
    const stream = new Blob([body]).stream()
    const request = new Request('http://x/v1/p', {
      method: 'POST',
      body: stream,
      duplex: 'half',
    })
    expect((await app.request(request, undefined, {})).status).toBe(200)
  })

  test('a write key of a site, and none at all', async () => {
    const key = { authorization: `Basic ${Buffer.from('blog-key:').toString('base64')}` }
    await post('/v1/p', { anonymousId: 'c-blog', messageId: 'k1' }, key)
    expect(await ask('/v1/profiles?identifier=cookie:c-blog')).toMatchObject({ sites: ['blog'] })
    const refused = await post('/v1/p', { anonymousId: 'c-1' }, {})
    expect(refused.status).toBe(401)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
  })

  test.each<[name: string, body: () => string | Uint8Array, reason: string]>([
    ['no JSON', () => '{"anonymousId":', 'not_json'],
    ['a list', () => '[]', 'not_json'],
    ['a batch without one', () => '{"messages":[]}', 'no_batch'],
    ['a huge body', () => JSON.stringify({ x: 'y'.repeat(30_000) }), 'too_large'],
    ['a bomb', () => gzipSync(Buffer.alloc(50_000_000)), 'too_large'],
    ['half a gzip', () => gzipSync('{}'.repeat(500)).subarray(0, 20), 'bad_gzip'],
    [
      'too many',
      () => JSON.stringify({ batch: Array.from({ length: 51 }, () => ({ type: 'page' })) }),
      'too_many',
    ],
  ])('%s is a 400 and kept', async (_name, body, reason) => {
    const response = await post('/v1/batch', body())
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ status: 400, reason })
    expect(await lastReject()).toMatchObject({ source: '/v1/batch', reason })
  })

  test('deep and polluting JSON costs only itself', async () => {
    const deep = `{"type":"page","anonymousId":"c-deep","x":${'['.repeat(9_000)}${']'.repeat(9_000)}}`
    const batch = `{"batch":[${deep},{"type":"page","anonymousId":"c-1","__proto__":{"x":1},"messageId":"d1"}]}`
    const response = await post('/v1/batch?resolve=sync', batch)
    expect(response.status).toBe(200)
    const messages = await messagesIn(response)
    expect(messages[0]?.status).toBe('rejected')
    expect(messages[1]?.status).toBe('accepted')
    expect(Object.prototype).not.toHaveProperty('x')
  })
})

describe('what is added to a message', () => {
  const stored = async (): Promise<unknown> => {
    const [record] = await account.log.read(account.log.end(), 1)
    return record?.kind === 'message' ? JSON.parse(record.raw) : null
  }

  test('batch-level fields under its own, the address and browser of a client', async () => {
    const item = { type: 'page', anonymousId: 'c-1', messageId: 'x1', context: { locale: 'pt' } }
    const batch = { batch: [item], sentAt: '2026-03-02T10:00:00Z', writeKey: 'wk' }
    const context = { locale: 'en', app: { name: 'Shop' } }
    await post(
      '/v1/batch',
      { ...batch, context, integrations: { All: true } },
      { 'user-agent': 'UA' },
    )
    expect(await stored()).toEqual({
      ...item,
      sentAt: '2026-03-02T10:00:00Z',
      integrations: { All: true },
      context: { locale: 'pt', app: { name: 'Shop' }, ip: '203.0.113.7', userAgent: 'UA' },
    })
  })

  test("nothing of the connection to a server's message, or to history; never the write key", async () => {
    const context = { library: { name: '@segment/analytics-node' } }
    await post(
      '/v1/track',
      { userId: 'u', event: 'X', messageId: 'x2', context, writeKey: 'wk' },
      {},
    )
    expect(await stored()).toEqual({
      type: 'track',
      userId: 'u',
      event: 'X',
      messageId: 'x2',
      context,
    })
    await post('/v1/import', { batch: [{ type: 'page', anonymousId: 'c-1', messageId: 'x3' }] })
    expect(await stored()).toEqual({ type: 'page', anonymousId: 'c-1', messageId: 'x3' })
  })
})

describe('browsers', () => {
  test('a preflight lets the headers of clients pass', async () => {
    const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' }
    const response = await app.request('/v1/t', { method: 'OPTIONS', headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    for (const name of ['authorization', 'content-type', 'x-retry-count'])
      expect(response.headers.get('access-control-allow-headers')).toContain(name)
    const refused = await post('/v1/t', '{', { ...headers })
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('the settings document has exactly one integration', async () => {
    const { integrations } = await ask<{ integrations: object }>('/v1/projects/wk/settings', {})
    expect(Object.keys(integrations)).toEqual(['Segment.io'])
    expect(integrations).toMatchObject({ 'Segment.io': { apiKey: 'wk' } })
  })
})

describe('first-party collecting', () => {
  const FIRST = '01234567-89ab-4cde-8f01-23456789abcd'
  const collected = async (messageId: string, more: object, headers = {}) => {
    const body = { writeKey: 'wk', batch: [{ type: 'page', messageId }], ...more }
    const response = await post('/collect?resolve=sync', body, headers)
    const [message] = await messagesIn(response)
    return { cookie: response.headers.get('set-cookie') ?? '', profile: message?.profile }
  }

  test('the server names the visitor, in a cookie no script can read', async () => {
    const { cookie } = await collected('v1', {})
    expect(cookie).toMatch(/^selfsame_visitor=[0-9a-f-]{36}; Max-Age=34560000; Path=\/; /)
    for (const word of ['HttpOnly', 'SameSite=Lax']) expect(cookie).toContain(word)
    const { profile } = await collected('v2', {}, { cookie })
    expect(await collected('v3', {}, { cookie })).toMatchObject({ profile })
    expect((await post('/collect', { batch: [] }, {})).headers.get('set-cookie')).toBeNull()
  })

  test('a page may propose a visitor until there is a cookie', async () => {
    const { cookie, profile } = await collected('v4', { visitor: FIRST })
    expect(cookie).toContain(`selfsame_visitor=${FIRST};`)
    const known = { cookie: `selfsame_visitor=${FIRST}` }
    expect(await collected('v5', { visitor: FIRST.replace('0', 'f') }, known)).toEqual({
      cookie,
      profile,
    })
    expect((await collected('v6', { visitor: 'ana' })).cookie).toMatch(/=[0-9a-f-]{36};/)
  })
})

describe('look-ups', () => {
  beforeAll(async () => {
    const login = { event: 'Signed In', properties: { email: 'ana@example.com' } }
    await post('/v1/track', { ...login, anonymousId: 'c-phone', messageId: 'l1' })
    await post('/v1/track?resolve=sync', { ...login, anonymousId: 'c-laptop', messageId: 'l2' })
  })

  test('a profile by identifier and id, its timeline, its history', async () => {
    const found = await ask<ProfileAnswer>('/v1/profiles?identifier=email:ana@example.com')
    expect(found).toMatchObject({ status: 200, kind: 'person', confidence: 0.99 })
    expect(await ask(`/v1/profiles/${found.id}`)).toMatchObject({ id: found.id, asked: null })
    const timeline = await ask<TimelineAnswer>(`/v1/profiles/${found.id}/timeline?limit=1`)
    expect(timeline.events).toMatchObject([{ event_id: 'l2', name: 'Signed In' }])
    const history = await ask<HistoryAnswer>(`/v1/profiles/${found.id}/history`)
    expect(history.changes[0]).toMatchObject({ event: 'created', revision: 1 })
  })

  test('an id that gave way answers with its successor', async () => {
    const sent = await post('/v1/page?resolve=sync', { anonymousId: 'c-later', messageId: 'l3' })
    const [first] = await messagesIn(sent)
    const login = { anonymousId: 'c-later', traits: { email: 'ana@example.com' }, messageId: 'l4' }
    await post('/v1/identify?resolve=sync', login)
    const found = await ask<ProfileAnswer>('/v1/profiles?identifier=cookie:c-later')
    expect(found.id).not.toBe(first?.profile)
    expect(await ask(`/v1/profiles/${first?.profile}`)).toMatchObject({ id: found.id })
  })

  test('an explanation of two, and of one', async () => {
    const two = await ask('/v1/explain?a=cookie:c-phone&b=cookie:c-laptop')
    expect(two).toMatchObject({ together: true, path: [{ kind: 'login' }, { kind: 'login' }] })
    const one = await ask<MembershipAnswer>('/v1/explain?a=cookie:c-phone')
    expect(one.explanations.length).toBe(one.profile.identifiers.length - 1)
  })

  test.each<[path: string, status: number]>([
    ['/v1/profiles', 400],
    ['/v1/profiles?identifier=ana@example.com', 400],
    ['/v1/profiles?identifier=cookie:never', 404],
    ['/v1/profiles?identifier=ip:203.0.113.7', 404],
    ['/v1/profiles/prf_unknown', 404],
    ['/v1/profiles/prf_unknown/timeline', 404],
    ['/v1/profiles/prf_unknown/timeline?limit=0', 400],
    ['/v1/explain', 400],
    ['/v1/explain?a=cookie:c-phone&b=cookie:c-phone', 400],
    ['/v1/nothing', 404],
  ])('%s is a %i', async (path, status) => {
    const answer = await ask<{ title: string }>(path)
    expect(answer.status).toBe(status)
    expect(answer.title).not.toBe('')
  })

  test.each([{}, { authorization: 'Bearer other' }, KEY])('not with %j', async (headers) => {
    const path = '/v1/profiles?identifier=cookie:c-phone'
    expect(await ask(path, headers)).toMatchObject({ status: 401 })
  })
})

describe('a store that fails', () => {
  const failing = (cause: unknown): ReturnType<typeof createApp> => {
    const served = installation.parts.accounts.get('default')
    if (served === undefined) throw new Error('no account')
    const intake = { take: () => Promise.reject(cause), isFull: false } as unknown as Intake
    const accounts = new Map([['default', { ...served, intake, flushFailure: () => cause }]])
    return createApp({ ...installation.parts, accounts, report: () => {} })
  }

  test('senders are told to come back', async () => {
    const full = new StoreError('full', 'no space in /somewhere', { retryable: true })
    const init = { method: 'POST', body: '{"anonymousId":"c"}', headers: KEY }
    const response = await failing(full).request('/v1/page', init, {})
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).not.toContain('somewhere')
    expect((await failing(full).request('/readyz')).status).toBe(503)
    expect((await failing(full).request('/healthz')).status).toBe(200)
    expect((await app.request('/readyz')).status).toBe(200)
  })
})
