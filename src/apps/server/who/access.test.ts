// Who may do what: write keys, tokens and roles, sessions and their cookies, limits to sites, rates, origins.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import type { Role } from '../../../ports/key-store.ts'
import { makeSession } from '../../access/make-key.ts'
import { ROUTES } from '../app.ts'
import { SESSION_COOKIE } from './callers.ts'

let installation: Installation
let shopKey: string
let blogKey: string

beforeAll(async () => {
  installation = await openInstallation({
    sites: { shop: { origins: ['https://shop.example'] }, blog: {}, clinic: { account: 'other' } },
    limits: { messagesPerSecond: 10, requestsPerSecond: 40 },
  })
  shopKey = await installation.writeKey('shop')
  blogKey = await installation.writeKey('blog')
  await send(blogKey, { anonymousId: 'c-blog', traits: { email: 'ana@home.example' } })
  await send(shopKey, { anonymousId: 'c-shop', traits: { email: 'ana@home.example' } })
})

afterAll(async () => installation.close())

async function send(
  key: string,
  message: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  const init = {
    method: 'POST',
    body: JSON.stringify(message),
    headers: { authorization, ...headers },
  }
  return installation.app.request('/v1/identify?resolve=sync', init, {})
}

async function ask(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await installation.app.request(path, { method, headers }, {})
  const text = await response.text()
  const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>
  return { status: response.status, body, headers: response.headers }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

const PROFILE = '/v1/profiles?identifier=email:ana@home.example'

describe('write keys', () => {
  test('an unknown one, and a revoked one, send nothing', async () => {
    expect((await send('wk_unknown', { anonymousId: 'c-1' })).status).toBe(401)
    const key = await installation.writeKey('blog')
    const [made] = (await installation.parts.keys.store.list('default')).slice(-1)
    expect((await send(key, { anonymousId: 'c-2' })).status).toBe(200)
    await installation.parts.keys.store.revoke('default', made?.id ?? '', 1)
    expect((await send(key, { anonymousId: 'c-3' })).status).toBe(401)
  })

  test('pages of other origins do not send for a site that lists its own', async () => {
    const from = (origin: string) => ({ origin })
    const message = { anonymousId: 'c-4' }
    expect((await send(shopKey, message, from('https://evil.example'))).status).toBe(403)
    expect((await send(shopKey, message, from('https://shop.example'))).status).toBe(200)
    expect((await send(shopKey, message)).status).toBe(200)
    expect((await send(blogKey, message, from('https://evil.example'))).status).toBe(200)
  })

  test('a key that sends too fast is told when to come back; others are not held up', async () => {
    const key = await installation.writeKey('blog')
    const batch = { batch: Array.from({ length: 200 }, (_, i) => page(`c-fast-${i}`)) }
    const post = async (): Promise<Response> => {
      const body = JSON.stringify({ ...batch, writeKey: key })
      return installation.app.request('/v1/batch', { method: 'POST', body }, {})
    }
    expect((await post()).status).toBe(200)
    const refused = await post()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1)
    expect((await send(blogKey, { anonymousId: 'c-5' })).status).toBe(200)
  })
})

const page = (anonymousId: string) => ({ type: 'page', anonymousId })

describe('tokens', () => {
  test.each<[role: Role, path: string, method: string, status: number]>([
    ['reader', PROFILE, 'GET', 200],
    ['reader', '/v1/stats', 'GET', 200],
    ['reader', '/metrics', 'GET', 200],
    ['reader', '/v1/rejects', 'GET', 403],
    ['reader', '/v1/keys', 'GET', 403],
    ['steward', PROFILE, 'GET', 200],
    ['steward', '/v1/rejects/replay', 'POST', 403],
    ['reader', '/v1/runs', 'GET', 200],
    ['steward', '/v1/runs', 'POST', 403],
    ['steward', '/v1/configuration', 'GET', 403],
    ['admin', '/v1/configuration', 'GET', 200],
    ['admin', PROFILE, 'GET', 200],
    ['admin', '/v1/keys', 'GET', 200],
    ['admin', '/v1/rejects', 'GET', 200],
  ])('%s: %s %s is a %i', async (role, path, method, status) => {
    const token = await installation.token(role)
    expect((await ask(path, bearer(token), method)).status).toBe(status)
  })

  test('without one there is nothing but collecting and health', async () => {
    for (const { path, method } of ROUTES) {
      const answer = await ask(path.replace(/\{\w+\}/, 'prf_1'), {}, method.toUpperCase())
      expect([path, answer.status]).toEqual([path, 401])
    }
    for (const path of ['/metrics', '/v1/session'])
      expect([path, (await ask(path, {})).status]).toEqual([path, 401])
    for (const path of ['/healthz', '/readyz', '/health', '/openapi.json'])
      expect([path, (await ask(path, {})).status]).toEqual([path, 200])
  })

  test('an admin makes keys of their own account only, and revokes them', async () => {
    const admin = bearer(await installation.token('admin'))
    const make = async (wanted: object): Promise<Response> =>
      installation.app.request(
        '/v1/keys',
        { method: 'POST', body: JSON.stringify(wanted), headers: admin },
        {},
      )
    const made = (await (await make({ kind: 'token', role: 'reader' })).json()) as Record<
      string,
      string
    >
    expect(made).toMatchObject({ kind: 'token', role: 'reader', used_at: null })
    const reader = bearer(made['key'] ?? '')
    expect((await ask(PROFILE, reader)).status).toBe(200)
    expect((await ask(`/v1/keys/${made['id']}`, admin, 'DELETE')).status).toBe(200)
    expect((await ask(PROFILE, reader)).status).toBe(401)
    expect((await make({ kind: 'write', site: 'clinic' })).status).toBe(400)
    expect((await make({ kind: 'token', role: 'king' })).status).toBe(400)
    const useless = await make({ kind: 'token', role: 'admin', sites: ['shop'] })
    expect([useless.status, await useless.text()]).toEqual([
      400,
      expect.stringContaining('only a reader can be limited to sites'),
    ])
    expect((await make({ kind: 'write', site: 'blog', key: shopKey })).status).toBe(400)
    const listed = await ask('/v1/keys', admin)
    expect(JSON.stringify(listed.body)).not.toContain(made['key'])
    const stored = await installation.parts.keys.store.list('default')
    expect(JSON.stringify(stored)).not.toContain(made['key'])
  })

  test('one that asks too fast is told when to come back', async () => {
    const token = bearer(await installation.token('reader'))
    const statuses = new Set<number>()
    for (let i = 0; i < 450 && !statuses.has(429); i++) {
      statuses.add((await ask('/v1/profiles/prf_0', token)).status)
    }
    expect([...statuses]).toEqual([404, 429])
  })
})

describe('a token that is limited to sites', () => {
  const limited = async (...sites: string[]) =>
    bearer(await installation.token('reader', 'default', sites))

  test('sees what was seen there, as if there were nothing else', async () => {
    const blog = await limited('blog')
    const { body } = await ask(PROFILE, blog)
    // The e-mail was seen elsewhere too: since when, and how sure that is, would tell of there.
    const untold = { first_seen: null, last_seen: null }
    const { confidence } = body
    expect(body).toMatchObject({ sites: ['blog'], weakest_link: null, ...untold })
    expect(confidence).toBeNull()
    const times = body['identifiers'] as readonly { type: string; first_seen: unknown }[]
    expect(times.map((one) => [one.type, one.first_seen === null])).toEqual([
      ['cookie', false],
      ['email', true],
    ])
    const seen = body['identifiers'] as readonly { value: string; sites: readonly string[] }[]
    expect(seen.map(({ sites }) => sites)).toEqual(seen.map(() => ['blog']))
    expect(JSON.stringify(body)).not.toContain('shop')
    expect((await ask('/v1/profiles?identifier=cookie:c-shop', blog)).status).toBe(404)
    const timeline = await ask(`/v1/profiles/${String(body['id'])}/timeline`, blog)
    expect(timeline.body['events']).toMatchObject([{ site: 'blog' }])
    expect((await ask(PROFILE, await limited('elsewhere'))).status).toBe(404)
    const never = await ask('/v1/profiles?identifier=cookie:c-never', blog)
    expect(never).toMatchObject(await ask('/v1/profiles?identifier=cookie:c-shop', blog))
  })

  test('is refused what is about all of them', async () => {
    const blog = await limited('blog')
    for (const { path, forSites, method } of ROUTES) {
      if (forSites || method !== 'get') continue
      const answer = await ask(`${path.replace('{id}', 'prf_1')}?a=cookie:c-blog`, blog)
      expect([path, answer.status]).toEqual([path, 403])
    }
  })
})

describe('sessions of browsers', () => {
  const open = async (
    token: string,
    headers: Record<string, string> = {},
    secure = false,
  ): Promise<Response> =>
    installation.app.request(
      '/v1/session',
      { method: 'POST', body: JSON.stringify({ token }), headers },
      { secure },
    )
  const cookieOf = (response: Response): string =>
    response.headers.get('set-cookie')?.split(';')[0] ?? ''

  test('a token is exchanged for a cookie that scripts and other sites never get', async () => {
    const response = await open(await installation.token('steward'), {}, true)
    expect(await response.json()).toMatchObject({
      name: 'test',
      account: 'default',
      role: 'steward',
    })
    const cookie = response.headers.get('set-cookie') ?? ''
    for (const part of [SESSION_COOKIE, 'HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/'])
      expect(cookie).toContain(part)
    expect((await ask(PROFILE, { cookie: cookieOf(response) })).status).toBe(200)
    expect((await open('sst_wrong')).status).toBe(401)
    expect((await open('')).status).toBe(400)
  })

  test('it changes things from pages of its own origin only', async () => {
    const cookie = cookieOf(await open(await installation.token('admin')))
    const replay = async (headers: Record<string, string>): Promise<number> =>
      (await ask('/v1/rejects/replay', { cookie, host: 'id.example', ...headers }, 'POST')).status
    expect(await replay({})).toBe(403)
    expect(await replay({ origin: 'https://evil.example' })).toBe(403)
    expect(await replay({ 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await replay({ 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await replay({ origin: 'https://id.example' })).toBe(200)
    expect((await open('sst_x', { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('it ends when it is ended, when its token is revoked, and by itself', async () => {
    const { keys } = installation.parts
    const sameOrigin = { 'sec-fetch-site': 'same-origin' }
    const ended = cookieOf(await open(await installation.token('reader')))
    expect((await ask('/v1/session', { cookie: ended })).body).toEqual({
      name: 'test',
      account: 'default',
      role: 'reader',
      sites: null,
    })
    await ask('/v1/session', { cookie: ended, ...sameOrigin }, 'DELETE')
    expect((await ask(PROFILE, { cookie: ended })).status).toBe(401)
    const token = await installation.token('reader')
    const revoked = cookieOf(await open(token))
    const record = await keys.store.find(keys.digest(token))
    await keys.store.revoke('default', record?.id ?? '', 1)
    expect((await ask(PROFILE, { cookie: revoked })).status).toBe(401)
    const day = 86_400_000
    const living = await keys.store.find(keys.digest(await installation.token('reader')))
    if (living?.kind !== 'token') throw new Error('no token')
    const old = await makeSession({ ...keys, now: () => Date.now() - day }, living)
    expect((await ask(PROFILE, { cookie: `${SESSION_COOKIE}=${old.text}` })).status).toBe(401)
  })
})
