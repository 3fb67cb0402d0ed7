// What was refused is listed with its reason, and taken once that is mended; twice changes nothing.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  openInstallation,
  OPERATOR,
  type Installation,
} from '../../../../test/server/installation.ts'
import { listRejects } from '../../account/kept-rejects.ts'
import type { RejectsAnswer, ReplayAnswer } from '../../answers/reject-answer.ts'

let installation: Installation
let key: string

beforeAll(async () => {
  installation = await openInstallation({ limits: { segment: { messageBytesMax: 500 } } })
  key = await installation.writeKey('default')
})

afterAll(async () => installation.close())

const headers = { authorization: `Bearer ${OPERATOR}` }

async function ask<T>(path: string, method = 'GET'): Promise<T> {
  const response = await installation.app.request(path, { method, headers }, {})
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

async function send(...batch: readonly object[]): Promise<void> {
  const body = JSON.stringify({ batch, writeKey: key })
  await installation.app.request('/v1/batch', { method: 'POST', body }, {})
}

test('pages of rejects hold each once, latest first; a cursor that is none is refused', async () => {
  for (let i = 0; i < 25; i++) await send({ type: `wave ${i}`, anonymousId: 'c' })
  const types: string[] = []
  let next: string | null = ''
  for (let pages = 0; next !== null; pages++) {
    expect(pages).toBeLessThan(10)
    const before = next === '' ? '' : `&before=${encodeURIComponent(next)}`
    const page: RejectsAnswer = await ask(`/v1/rejects?limit=4${before}`)
    for (const { raw, reason, source, site } of page.rejects) {
      expect([reason, source, site]).toEqual(['unknown_type', '/v1/batch', 'default'])
      types.push((JSON.parse(raw ?? '') as { type: string }).type)
    }
    ;({ next } = page)
  }
  expect(types).toEqual(Array.from({ length: 25 }, (_, i) => `wave ${24 - i}`))
  const response = await installation.app.request('/v1/rejects?before=x', { headers }, {})
  expect(response.status).toBe(400)
})

test('what may be taken now is, once, and was received when it was; what is too large still is', async () => {
  const long = { type: 'page', anonymousId: 'c-long', messageId: 'long', name: 'x'.repeat(600) }
  await send(long, { type: 'wave', anonymousId: 'c' })
  const mended = JSON.stringify({ type: 'page', anonymousId: 'c-mended', messageId: 'mended' })
  const at = '2026-03-02T10:00:00.000Z'
  const reject = {
    at,
    source: '/v1/page',
    site: 'default',
    historical: false,
    reason: 'unreadable',
  }
  const line = JSON.stringify({ ...reject, detail: 'a bug of before', raw: mended })
  const directory = installation.accounts[0]?.layout.rejectsDirectory ?? ''
  await writeFile(join(directory, 'serve-2026-03-02T10-00-00-000Z.ndjson'), `${line}\n`)
  const log = installation.accounts[0]?.log
  const before = log?.end() ?? 0
  const replayed = await ask<ReplayAnswer>('/v1/rejects/replay', 'POST')
  expect(replayed.settled).toBe(1)
  expect(log?.end()).toBe(before + 1)
  const [record] = (await log?.read(before + 1, 1)) ?? []
  expect(record).toMatchObject({ fact: { id: 'mended', receivedAt: Date.parse(at) } })
  const again = await ask<ReplayAnswer>('/v1/rejects/replay', 'POST')
  expect(again).toEqual({ settled: 0, left: replayed.left })
  const { rejects } = await ask<RejectsAnswer>('/v1/rejects?limit=1000')
  expect(rejects.some(({ raw }) => raw?.includes('c-mended'))).toBe(false)
  expect(rejects.filter(({ reason }) => reason === 'too_large')).toHaveLength(1)
  expect(rejects).toHaveLength(replayed.left)
})

test('a file that is large, has no last line feed, or lines that are none, is read to its beginning', async () => {
  const directory = join(installation.directory, 'odd')
  await mkdir(directory)
  const line = (i: number): string =>
    JSON.stringify({
      at: '2026-03-02T10:00:00.000Z',
      source: 'ingest',
      reason: `r${i}`,
      detail: 'x'.repeat(i % 3 === 0 ? 50_000 : 10),
    })
  const lines = Array.from({ length: 40 }, (_, i) => line(i))
  const text = ['', 'no json', ...lines, '', '{"half":'].join('\n')
  await writeFile(join(directory, 'ingest-2026-03-02T10-15-00-123Z-1.ndjson'), text)
  await writeFile(join(directory, 'notes.txt'), 'not ours')
  const page = await listRejects(directory, null, 1_000)
  expect(page?.rejects.map(({ reason }) => reason)).toEqual(lines.map((_, i) => `r${39 - i}`))
  expect(page?.next).toBeNull()
  expect(await listRejects(join(directory, 'nothing'), null, 10)).toEqual({
    rejects: [],
    next: null,
  })
})
