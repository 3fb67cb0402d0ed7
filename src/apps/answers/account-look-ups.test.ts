// Look-ups in a real data directory: cursors, what is refused, and what a reader beside a writer may show.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { ingest, understand } from '../../flows/ingest.ts'
import type { Account } from '../account/account.ts'
import { openAccount, openToLook } from '../account/open-account.ts'
import { accountLookUps } from './account-look-ups.ts'
import { graphAnswer, statsAnswer, timelineAnswer, type TimelineAnswer } from './answer.ts'
import { cursorOf } from './cursor.ts'
import type { Answered, LookUps } from './look-ups.ts'

const RECEIVED_AT = Date.UTC(2026, 2, 2, 12)
const MINUTE = 60_000
const EVENTS = 7

let directory: string
let account: Account
let lookUps: LookUps

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-look-ups-'))
  account = await openAccount(directory, { configuration: null, notice: () => {} })
  lookUps = accountLookUps(account)
  for (let n = 0; n < EVENTS; n++) await send({ anonymousId: 'c-1', messageId: `m${n}` }, n)
})

afterAll(async () => {
  await account.close()
  await rm(directory, { recursive: true, force: true })
})

/** A page view, so many minutes after noon. */
async function send(fields: Record<string, unknown>, minute: number): Promise<void> {
  const timestamp = new Date(RECEIVED_AT + minute * MINUTE).toISOString()
  const message = { type: 'page', timestamp, ...fields }
  const envelope = { receivedAt: RECEIVED_AT + minute * MINUTE, historical: true, site: 'default' }
  const incoming = { raw: JSON.stringify(message), message, envelope }
  const { resolved } = await ingest(account, [understand(account.extraction, incoming)])
  await resolved
}

function valueOf<T>(answered: Answered<T>): T {
  if (!answered.ok) throw new Error(answered.message)
  return answered.value
}

function idsOf({ events }: TimelineAnswer): readonly string[] {
  return events.map((event) => event.event_id)
}

test('a timeline goes on at its cursor', async () => {
  const first = timelineAnswer.parse(valueOf(await lookUps.timeline('cookie:c-1', 4)))
  expect(idsOf(first)).toEqual(['m3', 'm4', 'm5', 'm6'])
  const second = valueOf(await lookUps.timeline('cookie:c-1', 4, first.next ?? ''))
  expect(idsOf(second)).toEqual(['m0', 'm1', 'm2'])
  expect(second.next).toBeNull()
})

test('a graph, by identifier or id', async () => {
  await send({ anonymousId: 'c-2', messageId: 'ip', context: { ip: '203.0.113.7' } }, 0)
  const graph = graphAnswer.parse(valueOf(await lookUps.graph('cookie:c-2', 500)))
  expect(graph.nodes).toMatchObject([
    { identifier: 'cookie:c-2', profile: graph.profile },
    { identifier: 'ip:203.0.113.7', profile: null },
  ])
  expect(graph.edges).toMatchObject([
    {
      from: 'cookie:c-2',
      kind: 'ip_match',
      confidence: 0.4,
      effective_confidence: 0,
      holds: false,
    },
  ])
  expect(valueOf(await lookUps.graph(graph.profile, 1))).toMatchObject({ truncated: true })
  expect(await lookUps.graph('cookie:never', 500)).toMatchObject({ ok: false, status: 404 })
})

test.each([
  '',
  'next',
  '1.1',
  Buffer.from('1.x').toString('base64url'),
  Buffer.from('1.1;').toString('base64url'),
  Buffer.from('01.1').toString('base64url'),
  Buffer.from('9999999999999999.1').toString('base64url'),
  `${cursorOf({ at: 1, position: 1 })}=`,
])('%j is no cursor', async (before) => {
  expect(await lookUps.timeline('cookie:c-1', 4, before)).toMatchObject({ ok: false, status: 400 })
})

test('a reader pages through what its graph knows of, however much the log is ahead', async () => {
  await account.resolver.flush()
  const reader = await openToLook(directory, { configuration: null, notice: () => {} })
  try {
    // Durable and not in the reader's graph: written after it was opened.
    for (let n = 0; n < 5; n++) await send({ anonymousId: 'c-1', messageId: `later ${n}` }, 60 + n)
    const read = accountLookUps(reader)
    const first = valueOf(await read.timeline('cookie:c-1', 4))
    expect(idsOf(first)).toEqual(['m3', 'm4', 'm5', 'm6'])
    const second = valueOf(await read.timeline('cookie:c-1', 4, first.next ?? ''))
    expect([idsOf(second), second.next]).toEqual([['m0', 'm1', 'm2'], null])
  } finally {
    await reader.close()
  }
})

test('stats: people on the day they were first seen on, whenever it was told', async () => {
  const before = statsAnswer.parse(valueOf(await lookUps.stats()))
  expect(before.log_records).toBe(account.log.end())
  const login = { type: 'track', event: 'Signed In', properties: { email: 'ana@example.com' } }
  await send({ ...login, anonymousId: 'c-3', messageId: 's1' }, 24 * 60)
  await send({ ...login, anonymousId: 'c-4', messageId: 's2' }, -24 * 60)
  await send({ anonymousId: 'c-5', messageId: 's3' }, 24 * 60)
  const { identifiers, profiles, edges, days, ...rest } = valueOf(await lookUps.stats())
  expect(identifiers.by_type).toEqual({ cookie: 5, email: 1, ip: 1 })
  expect(identifiers.total).toBe(7)
  expect(profiles).toEqual({
    total: 4,
    by_kind: { anonymous: 3, person: 1, shared: 0 },
    by_state: { provisional: 4, confirmed: 0, awaiting_batch: 0 },
  })
  expect(edges).toBe(before.edges + 2)
  expect(days).toEqual([
    { day: '2026-03-01', cookies: 1, people: 1 },
    { day: '2026-03-02', cookies: 2, people: 2 },
    { day: '2026-03-03', cookies: 2, people: 1 },
  ])
  const { log_records: records } = before
  const promiscuous = { total: 0, by_type: {} }
  expect(rest).toMatchObject({ log_records: records + 3, promiscuous, questions: 0, waiting: 0 })
})

test('of many days the stats have the latest thirty that have anything', async () => {
  for (let n = 1; n <= 40; n++) {
    await send({ anonymousId: `d-${n}`, messageId: `d-${n}` }, -48 * 60 * n)
  }
  const { days } = valueOf(await lookUps.stats())
  expect(days).toHaveLength(30)
  expect(days.at(-1)?.day).toBe('2026-03-03')
  const inOrder = days.map(({ day }) => day)
  expect(inOrder.toSorted()).toEqual(inOrder)
})

test('an identifier and its own profile: it and another that the profile holds', async () => {
  const sent = { traits: { email: 'bea@example.com' }, anonymousId: 'c-b1', messageId: 'b1' }
  await send({ ...sent, type: 'identify' }, 1)
  await send({ ...sent, type: 'identify', anonymousId: 'c-b2', messageId: 'b2' }, 2)
  const { id, identifiers } = valueOf(await lookUps.profile('cookie:c-b1'))
  expect(identifiers).toHaveLength(3)
  for (const { identifier } of identifiers) {
    const explained = valueOf(await lookUps.explain(identifier, id))
    expect(explained).toMatchObject({ together: true, a: identifier })
    expect(explained.b).not.toBe(identifier)
    expect(valueOf(await lookUps.explain(id, identifier))).toMatchObject({ b: identifier })
  }
  expect(await lookUps.explain(id, id)).toMatchObject({
    status: 400,
    message: expect.stringContaining('both') as string,
  })
  const alone = valueOf(await lookUps.profile('cookie:c-1'))
  const none = { status: 400, message: `the profile ${alone.id} holds no other identifier` }
  expect(await lookUps.explain('cookie:c-1', alone.id)).toMatchObject(none)
  expect(valueOf(await lookUps.explain('cookie:c-1', id))).toMatchObject({ together: false })
})
