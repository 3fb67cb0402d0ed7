// A server that is stopped and killed while messages arrive and somebody listens: nothing is missed and nothing comes
// twice, on a connection that breaks with it. And when its graph is made anew, whoever listens is told.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { createClient, type StreamEvent } from '../../src/apps/client/index.ts'
import { folder, runJson, serve, type Served } from '../cli/run.ts'
import { line } from '../hostile/connection.ts'
import { flakyLine } from '../server/flaky-line.ts'

const VISITORS = 40

let sent = 0

/** So many visitors who sign in, each on a device of their own. */
async function visitors(url: string, writeKey: string, count = VISITORS): Promise<void> {
  const batch = Array.from({ length: count }, () => {
    const n = sent++
    return {
      type: 'identify',
      messageId: `m-${n}`,
      anonymousId: `c-${n}`,
      traits: { email: `visitor-${n % 30}@example.com` },
    }
  })
  const body = JSON.stringify({ writeKey, batch })
  expect((await fetch(`${url}/v1/batch?resolve=sync`, { method: 'POST', body })).status).toBe(200)
}

async function all(url: string, token: string): Promise<readonly string[]> {
  const client = createClient({ url, token })
  const sequences: number[] = []
  for (let after = 'start'; ;) {
    const { changes, next } = await client.changes(after, { limit: 1_000 })
    if (changes.length === 0) {
      const [epoch = ''] = next.split('-')
      return sequences.map((sequence) => `${epoch}-${sequence}`)
    }
    sequences.push(...changes.map(({ sequence }) => sequence))
    after = next
  }
}

/** Its graph has everything that was sent. */
async function stored({ url }: Served, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const behind = async (): Promise<string | undefined> => {
    const text = await (await fetch(`${url}/metrics`, { headers })).text()
    return /^selfsame_unstored_records (\d+)/m.exec(text)?.[1]
  }
  await expect.poll(behind, { timeout: 10_000 }).toBe('0')
}

test(
  'over stops and kills of the server everything is heard once',
  { timeout: 120_000 },
  async () => {
    const cwd = await folder()
    let server = await serve(cwd)
    const { token, writeKey } = server
    const flaky = await flakyLine(server.url)
    const stop = new AbortController()
    const heard: StreamEvent[] = []
    const listening = (async () => {
      const client = createClient({ url: flaky.url, token })
      for await (const event of client.stream({ after: 'start', signal: stop.signal }))
        heard.push(event)
    })()
    for (const end of ['SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
      await visitors(server.url, writeKey)
      const before = heard.length
      await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(before)
      // Some of what follows is told by this server, some by the next.
      await visitors(server.url, writeKey)
      server.running.child.kill(end)
      await server.running.ended
      server = await serve(cwd)
      flaky.leadTo(server.url)
    }
    await visitors(server.url, writeKey)
    await stored(server, token)
    const told = await all(server.url, token)
    await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(told.length)
    expect(heard.map(({ id }) => id)).toEqual(told)
    expect(heard.some(({ type }) => type === 'reset')).toBe(false)

    await server.stop()
    expect(await runJson(['verify'], { cwd })).toMatchObject({ differences: [] })
    await rm(join(cwd, 'selfsame-data', 'graph'), { recursive: true })
    server = await serve(cwd)
    flaky.leadTo(server.url)
    await expect.poll(() => heard.at(-1)?.type, { timeout: 30_000 }).toBe('reset')
    const [latest = ''] = (await all(server.url, token)).slice(-1)
    expect(heard.at(-1)?.id).toBe(latest)
    expect(latest.split('-')[0]).not.toBe(told[0]?.split('-')[0])
    stop.abort()
    await listening
    await flaky.close()
  },
)

test('a server that is told to stop ends what it tells, and waits for nobody', async () => {
  const server = await serve(await folder())
  const head = `GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\n\r\n`
  const listening = await line(server.url, head)
  await listening.said((text) => text.includes('hello'))
  server.running.child.kill('SIGTERM')
  // One that is cut off, as those are that are waited for in vain, has no end.
  expect(await listening.closed).toMatch(/event: hello[^]*\r\n0\r\n\r\n$/)
  expect((await server.running.ended).code).toBe(0)
})
