// Connections that are slow, endless, huge, many or rubbish, on the real server: each is cut off in its time, nobody else
// waits for it, and memory stays bounded. SELFSAME_CONNECTIONS says how many just sit there.
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { trustedProxies } from '../../src/apps/server/who/client-address.ts'
import { listen, type ConnectionLimits, type Listening } from '../../src/apps/server/node.ts'
import { openInstallation, type Installation } from '../server/installation.ts'
import { drip, line, type Line } from './connection.ts'

const IDLE_CONNECTIONS = Number(process.env['SELFSAME_CONNECTIONS'] ?? 500)
/** Bytes by which the process may grow over a test; the testing itself is in there. */
const GROWTH_BYTES_MAX = 256 * 1024 * 1024

const LIMITS: Partial<ConnectionLimits> = {
  headersMsMax: 300,
  requestMsMax: 600,
  checkEveryMs: 50,
}
const OPEN_REQUESTS = 20

let installation: Installation
let listening: Listening
let url: string
let before: number
const lines: Line[] = []

const start = async (limits: Partial<ConnectionLimits>): Promise<Listening> =>
  listen(installation.app, { host: '127.0.0.1', port: 0 }, trustedProxies([]), limits)

beforeAll(async () => {
  installation = await openInstallation({ limits: { openRequests: OPEN_REQUESTS } })
  await installation.writeKey('default', 'default', 'wk-slow')
  listening = await start(LIMITS)
  url = listening.url
})

beforeEach(() => {
  before = process.memoryUsage.rss()
})

afterEach(() => {
  for (const { socket } of lines.splice(0)) socket.destroy()
})

afterAll(async () => {
  await listening.stop()
  await installation.close()
})

const AUTHORIZATION = `Basic ${btoa('wk-slow:')}`
const headOf = (length: string, path = '/v1/page'): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${AUTHORIZATION}\r\n${length}\r\n\r\n`

const open = async (text: string | Uint8Array = '', at = url): Promise<Line> => {
  const opened = await line(at, text)
  lines.push(opened)
  return opened
}

let sent = 0
/** Far shorter in all than a slow body may take, so that one who held a place would be noticed. */
const TRIES = 5
const TRY_EVERY_MS = 20

/** A client that plays by the rules is served: at the latest when it comes again, after others have come all at once. */
async function isServed(at = url): Promise<void> {
  const messageId = `good-${++sent}`
  const send = (): Promise<Response> =>
    fetch(`${at}/v1/page?resolve=sync`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION },
      body: JSON.stringify({ anonymousId: 'c-good', messageId }),
    })
  let response = await send()
  for (let tries = 1; response.status === 429 && tries < TRIES; tries++) {
    await response.body?.cancel()
    await sleep(TRY_EVERY_MS)
    response = await send()
  }
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ messages: [{ message_id: messageId }] })
}

const isBounded = (): void =>
  expect(process.memoryUsage.rss() - before).toBeLessThan(GROWTH_BYTES_MAX)

/** Of each connection's answers, the statuses. */
const statusesOf = (answered: string): readonly string[] =>
  [...answered.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status)

const count = <T>(times: number, make: (i: number) => T): T[] =>
  Array.from({ length: times }, (_, i) => make(i))

test('heads that never end are cut off, and hold nobody up', async () => {
  const slow = await Promise.all(count(50, () => open('POST /v1/page HTTP/1.1\r\nHost: a\r\n')))
  const dripping = slow.map((one) => drip(one, 'X-A: a\r\n', 40))
  await isServed()
  for (const { closed } of slow) expect(statusesOf(await closed)).toEqual(['408'])
  await Promise.all(dripping)
  await isServed()
})

test('bodies that take their time hold no place, and are cut off', async () => {
  const slow = await Promise.all(
    count(5 * OPEN_REQUESTS, () => open(headOf('Content-Length: 400'))),
  )
  const dripping = slow.map((one) => drip(one, ' ', 40))
  for (let i = 0; i < 5; i++) await isServed()
  for (const { closed } of slow) expect(statusesOf(await closed)).toEqual(['408'])
  await Promise.all(dripping)
  const { traffic } = installation.parts
  expect(traffic.open).toBe(0)
})

test('senders who leave in the middle of a body are no bug, and kept nowhere', async () => {
  const leaving = await Promise.all(count(50, () => open(`${headOf('Content-Length: 400')}{"a`)))
  await isServed()
  for (const { socket } of leaving) socket.destroy()
  await isServed()
  const page = await installation.parts.accounts.get('default')?.kept.list(null, 1)
  expect(page?.rejects).toEqual([])
})

test('a body that comes in full before its sender leaves is taken', async () => {
  const [account] = installation.accounts
  const end = account?.log.end() ?? 0
  const body = '{"anonymousId":"c-left","messageId":"left"}'
  const { socket } = await open(`${headOf(`Content-Length: ${body.length}`)}${body}`)
  socket.end()
  await expect.poll(() => account?.log.end()).toBe(end + 1)
})

test('bodies without end are refused at their limit', async () => {
  const endless = await Promise.all(count(20, () => open(headOf('Transfer-Encoding: chunked'))))
  const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  const dripping = endless.map((one) => drip(one, piece))
  await isServed()
  // Whichever comes first, the limit of bytes or, on a busy machine, that of time.
  for (const { closed } of endless) expect(['400', '408']).toContain(statusesOf(await closed)[0])
  await Promise.all(dripping)
  isBounded()
})

test('more at once than can be held is told to come back', async () => {
  const patient = await start({})
  // Each one is allowed as such; together they are more than is held of bodies that are not whole.
  const bytes = 3_900_000
  const head = headOf(`Content-Length: ${bytes + 1}`, '/beacon/v1/batch')
  const many = await Promise.all(count(60, () => open(head, patient.url)))
  const piece = Buffer.alloc(bytes, 'x')
  for (const { socket } of many) socket.write(piece)
  const refused = await Promise.race(many.map(async (one) => one.said((text) => text !== '')))
  expect(statusesOf(refused)).toEqual(['429'])
  expect(refused.toLowerCase()).toContain('retry-after')
  await isServed()
  for (const { socket } of many) socket.destroy()
  await patient.stop()
  isBounded()
})

test.each<[name: string, body: () => Uint8Array<ArrayBuffer>, status: number]>([
  ['a bomb', () => bomb(), 400],
  ['a bomb in a bomb', () => gzipSync(bomb()), 400],
])('%s', async (_name, body, status) => {
  const packed = body()
  const post = async (): Promise<number> => {
    const headers = { authorization: AUTHORIZATION, 'content-encoding': 'gzip' }
    const init = { method: 'POST', headers, body: packed }
    return (await fetch(`${url}/v1/batch`, init)).status
  }
  const answers = Promise.all(count(10, post))
  await isServed()
  expect(await answers).toEqual(count(10, () => status))
  isBounded()
})

/** Some 300 KB that unpack to a gigabyte. */
function bomb(): Uint8Array<ArrayBuffer> {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  return Buffer.concat(count(5, () => member))
}

test('heads over the limit', async () => {
  const large = await open(`GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(statusesOf(await large.closed)).toEqual(['431'])
  const many = await open(`GET /healthz HTTP/1.1\r\nHost: a\r\n${'X-A: a\r\n'.repeat(4_000)}\r\n`)
  expect(statusesOf(await many.closed)).toEqual(['431'])
  const long = await open(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)
  expect(statusesOf(await long.closed)).toEqual(['431'])
  await isServed()
})

const health = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'

test('requests on each other’s heels are answered in turn, until rubbish comes', async () => {
  const pipelined = await open(health.repeat(100))
  await pipelined.said((text) => statusesOf(text).length === 100)
  pipelined.socket.write(`\u0000\u0001rubbish\r\n\r\n${health}`)
  expect(statusesOf(await pipelined.closed)).toEqual([...count(100, () => '200'), '400'])
  await isServed()
})

test.each<[name: string, text: string, status: string]>([
  ['two lengths', headOf('Content-Length: 2\r\nContent-Length: 3'), '400'],
  ['a length and pieces', headOf('Content-Length: 2\r\nTransfer-Encoding: chunked'), '400'],
  ['a length below nothing', headOf('Content-Length: -1'), '400'],
  ['a length beyond numbers', headOf(`Content-Length: ${'9'.repeat(30)}`), '400'],
  ['pieces that are none', `${headOf('Transfer-Encoding: chunked')}zz\r\n\r\n`, '400'],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', '400'],
  [
    'a host that is none',
    'GET /healthz HTTP/1.1\r\nHost: a b@/\\\r\nConnection: close\r\n\r\n',
    '400',
  ],
  ['a path that is none', 'GET healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '400'],
  ['a method that is none', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
  ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', ''],
  ['a trace', 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '405'],
  [
    'an upgrade',
    'GET /healthz HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade, close\r\n\r\n',
    '200',
  ],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', '400'],
])('%s', async (_name, text, status) => {
  const { closed } = await open(Buffer.from(text, 'latin1'))
  const [first = ''] = statusesOf(await closed)
  expect(first).toBe(status)
  await isServed()
})

test('connections that just sit there', async () => {
  const crowded = await start({ connectionsMax: IDLE_CONNECTIONS + 10 })
  const idle: Line[] = []
  while (idle.length < IDLE_CONNECTIONS) {
    idle.push(...(await Promise.all(count(100, () => open('', crowded.url)))))
  }
  await isServed(crowded.url)
  isBounded()
  // Past the limit they are closed unread; those that were there stay.
  const more = await Promise.all(count(50, () => open(health, crowded.url)))
  const answered = await Promise.all(more.map(async (one) => one.said((text) => text !== '')))
  expect(answered.filter((text) => text === '').length).toBeGreaterThanOrEqual(40)
  expect(idle.filter(({ socket }) => socket.destroyed)).toEqual([])
  await isServed(crowded.url)
  for (const { socket } of [...idle, ...more]) socket.destroy()
  await crowded.stop()
})

test('who connects and says nothing is cut off', async () => {
  const silent = await Promise.all(count(50, () => open()))
  for (const { closed } of silent) expect(statusesOf(await closed)).toEqual(['408'])
})
