// GET /v1/stream through the real app and over real sockets: who may, from where on, and how it ends.
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { flakyLine } from '../../../../test/server/flaky-line.ts'
import { type Installation, openInstallation } from '../../../../test/server/installation.ts'
import { line } from '../../../../test/hostile/connection.ts'
import { createClient, SelfsameError, type StreamEvent } from '../../client/index.ts'
import { listen, type Listening } from '../node.ts'
import { createApp } from '../app.ts'
import { Streams } from '../stream/streams.ts'
import type { StreamLimits } from '../stream/stream-limits.ts'
import { trustedProxies } from '../who/client-address.ts'

let installation: Installation
let server: OtherServer
let token: string
let writeKey: string

const FAST: Partial<StreamLimits> = { lookEveryMs: 10, heartbeatMs: 20, endWaitMs: 50 }

interface OtherServer extends Listening {
  readonly app: ReturnType<typeof createApp>
}

/** The app with streams that keep other limits. */
async function serveWith(limits: Partial<StreamLimits>): Promise<OtherServer> {
  const accounts = new Map(
    [...installation.parts.accounts].map(([name, served]) => {
      const { store } = served
      const turn = (): Promise<void> => installation.parts.turns.next()
      const streams = new Streams({ store, turn, report: installation.parts.report }, limits)
      return [name, { ...served, streams }] as const
    }),
  )
  const app = createApp({ ...installation.parts, accounts })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, trustedProxies([]))
  return {
    ...listening,
    app,
    stop: async () => {
      for (const { streams } of accounts.values()) streams.close()
      await listening.stop()
    },
  }
}

beforeEach(async () => {
  installation = await openInstallation({ sites: { shop: {}, clinic: { account: 'other' } } })
  token = await installation.token('reader')
  writeKey = await installation.writeKey('shop')
  server = await serveWith(FAST)
})

afterEach(async () => {
  await server.stop()
  await installation.close()
})

let sent = 0

/** So many visitors, each a profile of their own. */
async function visitors(count: number): Promise<void> {
  const batch = Array.from({ length: count }, () => ({ type: 'page', anonymousId: `c-${sent++}` }))
  const body = JSON.stringify({ writeKey, batch })
  const response = await installation.app.request('/v1/batch', { method: 'POST', body }, {})
  expect(response.status).toBe(200)
}

async function flushed(): Promise<readonly string[]> {
  const [account] = installation.accounts
  if (account === undefined) throw new Error('no account')
  await expect.poll(() => account.log.end() - account.resolver.applied).toBe(0)
  await account.resolver.flush()
  const epoch = await account.store.epoch()
  return (await account.store.feed(0, 100_000)).map(({ sequence }) => `${epoch}-${sequence}`)
}

/** Ids of what a stream tells, until there are as many or it ends. */
async function idsOf(events: AsyncIterable<StreamEvent>, count: number): Promise<string[]> {
  const ids: string[] = []
  if (count === 0) return ids
  for await (const { id } of events) {
    ids.push(id)
    if (ids.length === count) break
  }
  return ids
}

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  installation.app.request(path, { method, headers }, {})

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

test('it takes a reader who is not limited to sites, and says what is wrong', async () => {
  expect((await ask('/v1/stream')).status).toBe(401)
  const limited = await ask(
    '/v1/stream',
    bearer(await installation.token('reader', 'default', ['shop'])),
  )
  expect([limited.status, await limited.text()]).toEqual([
    403,
    expect.stringContaining('limited_to_sites'),
  ])
  for (const [query, words] of [
    ['?after=now', '\\"after\\" is an id of the stream, or \\"start\\"'],
    ['?form=start', 'is not known here; allowed: after'],
  ]) {
    const answer = await ask(`/v1/stream${query}`, bearer(token))
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining(words ?? ''),
    ])
  }
})

test('it is a stream of events that nobody keeps; a HEAD opens none', async () => {
  const { streams } = installation.parts.accounts.get('default') ?? {}
  const head = await ask('/v1/stream', bearer(token), 'HEAD')
  expect([head.status, streams?.open]).toEqual([200, 0])
  const answer = await ask('/v1/stream', bearer(token))
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  expect(streams?.open).toBe(1)
  expect(installation.parts.traffic.open).toBe(0)
  const metrics = await ask('/metrics', bearer(token))
  expect(await metrics.text()).toContain('selfsame_open_streams 1')
  await answer.body?.cancel()
  expect(streams?.open).toBe(0)
})

test('an account hears of itself only', async () => {
  const other = await installation.token('reader', 'other')
  await visitors(3)
  await flushed()
  const streamOf = async (key: string): Promise<string> => {
    const answer = await ask('/v1/stream?after=start', bearer(key))
    const reader = answer.body?.getReader()
    await visitors(1)
    await flushed()
    const pieces: string[] = []
    for (let i = 0; i < (key === other ? 1 : 2); i++) {
      const piece = await reader?.read()
      pieces.push(Buffer.from(piece?.value ?? []).toString())
    }
    await reader?.cancel()
    return pieces.join('')
  }
  expect(await streamOf(token)).toContain('profile.created')
  expect(await streamOf(other)).not.toContain('profile.created')
})

test('the client tells everything once, though its connections are cut while messages arrive', async () => {
  const flaky = await flakyLine(server.url)
  const client = createClient({ url: flaky.url, token })
  const stop = new AbortController()
  const ids: string[] = []
  const listening = (async () => {
    for await (const { id } of client.stream({ after: 'start', signal: stop.signal })) {
      ids.push(id)
    }
  })()
  for (let round = 0; round < 12; round++) {
    await visitors(20)
    if (round % 3 < 2) continue
    // Somewhere in the middle of what it is told.
    const before = ids.length
    while (ids.length === before) await sleep(1)
    flaky.cut()
  }
  const all = await flushed()
  await expect.poll(() => ids.length, { timeout: 20_000 }).toBe(all.length)
  await sleep(50)
  stop.abort()
  await listening
  expect(ids).toEqual(all)
  expect(all.length).toBeGreaterThan(200)
  expect(flaky.cuts).toBeGreaterThanOrEqual(8)
  await flaky.close()
})

test('one that does not read is bounded, and catches up once it does', async () => {
  await server.stop()
  server = await serveWith({ ...FAST, waitingBytesMax: 8_192, pageRows: 20 })
  const { hostname, port } = new URL(server.url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  socket.write(
    `GET /v1/stream?after=start HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`,
  )
  socket.pause()
  for (let i = 0; i < 30; i++) await visitors(100)
  const all = await flushed()
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  socket.resume()
  const last = `id: ${all.at(-1)}\n`
  await expect.poll(() => text.includes(last), { timeout: 20_000 }).toBe(true)
  const heard = [...text.matchAll(/id: (\S+)\nevent: profile/g)].map(([, id]) => id)
  expect(heard).toEqual(all)
  socket.destroy()
})

test('it ends when the token is revoked, and when the session ends', async () => {
  const { keys } = installation.parts
  const made = await installation.token('reader')
  const client = createClient({ url: server.url, token: made })
  const ended = idsOf(client.stream(), 1)
  const opened = await ask('/v1/session', {}, 'POST')
  expect(opened.status).toBe(400)
  const session = await installation.parts.access.openSession(token)
  const cookie = `selfsame_session=${session?.text}`
  const browser = await fetch(`${server.url}/v1/stream`, { headers: { cookie } })
  expect(browser.status).toBe(200)
  const record = await keys.store.find(keys.digest(made))
  await keys.store.revoke('default', record?.id ?? '', 1)
  await expect(ended).rejects.toMatchObject({ status: 401 })
  await expect(ended).rejects.toBeInstanceOf(SelfsameError)
  await installation.parts.access.endSession(session?.text ?? '')
  expect(await browser.text()).toContain('hello')
})

test('past as many as there may be it is told when to come again', async () => {
  await server.stop()
  server = await serveWith({ ...FAST, streamsMax: 2 })
  const open = async () => server.app.request('/v1/stream', { headers: bearer(token) }, {})
  const [first, second, third] = [await open(), await open(), await open()]
  expect([first.status, second.status, third.status]).toEqual([200, 200, 503])
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
  await first.body?.cancel()
  expect((await open()).status).toBe(200)
})

test('a server that stops ends them at once, those that do not read too', async () => {
  const reading = await fetch(`${server.url}/v1/stream`, { headers: bearer(token) })
  const stuck = await line(
    server.url,
    `GET /v1/stream?after=start HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`,
  )
  await stuck.said((text) => text.includes('hello'))
  stuck.socket.pause()
  for (let i = 0; i < 10; i++) await visitors(500)
  await flushed()
  const stopped = server.stop()
  expect(await reading.text()).toContain('hello')
  await stopped
  stuck.socket.resume()
  await stuck.closed
  server = await serveWith(FAST)
})

test('an id of another feed is a reset, and then it goes on', async () => {
  await visitors(5)
  const before = await flushed()
  const old = before.at(-1) ?? ''
  const client = createClient({ url: server.url, token })
  const gone = `zzzzzz-${old.split('-')[1]}`
  const events = client.stream({ after: gone })
  const { value: first } = await events.next()
  expect(first).toMatchObject({ type: 'reset', id: old })
  const next = events.next()
  await visitors(1)
  await flushed()
  expect((await next).value).toMatchObject({ type: 'profile.created', sequence: 6 })
  await events.return()
})
