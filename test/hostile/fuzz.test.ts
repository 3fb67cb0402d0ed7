// Requests bent out of shape against the real server, with its real log and graph: whatever comes is taken, or refused as
// the protocols say and kept with its reason; it never breaks anything, and the next good message is taken.
// SELFSAME_BODIES says how many; 100,000 in the full measure.
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import { idsWith } from '../../src/apps/account/secret.ts'
import type { Account } from '../../src/apps/account/account.ts'
import { listen } from '../../src/apps/server/node.ts'
import { trustedProxies } from '../../src/apps/server/who/client-address.ts'
import { verifyGraph } from '../../src/flows/verify-graph.ts'
import { openInstallation, type Installation } from '../server/installation.ts'
import { hostileRequest, type HostileRequest } from './requests.ts'

const RUNS = Number(process.env['SELFSAME_RUNS'] ?? 100)
const BODIES = Number(process.env['SELFSAME_BODIES'] ?? RUNS * 10)
/** Requests under way at once. */
const TOGETHER = 10
/** Of the bodies, those that come over a socket. */
const OVER_SOCKETS = 0.1
/** For one installation: its file of rejects has an end. */
const BODIES_TOGETHER = 5_000
const MINUTES = 10

let installation: Installation
let account: Account
const KEY = 'wk-hostile'

beforeEach(async () => {
  installation = await openInstallation({ limits: { messagesPerSecond: 1_000_000 } })
  const [first] = installation.accounts
  if (first === undefined) throw new Error('no account')
  account = first
  await installation.writeKey('default', 'default', KEY)
})

afterEach(async () => installation.close())

type Send = (request: HostileRequest) => Promise<Response>

/** What became of the messages of one request, as its answer says it. */
interface Said {
  /** Null where the answer does not say: a pixel answers with its image. */
  readonly accepted: number | null
  /** The body was refused as a whole, and kept; without a key it is nobody's. */
  readonly refused: boolean
  /** Why messages were refused. */
  readonly reasons: readonly string[]
}

const KEYED = new Set([`Basic ${btoa(`${KEY}:`)}`, `Basic ${btoa(KEY)}`])

async function saidOf({ path, headers }: HostileRequest, response: Response): Promise<Said> {
  const { status } = response
  const text = await response.text()
  const keyed = KEYED.has(headers['authorization'] ?? '')
  if (status !== 200) {
    expect(keyed ? [400, 413] : [400, 401, 413]).toContain(status)
    expect(text).not.toBe('')
    return { accepted: 0, refused: keyed, reasons: [] }
  }
  expect(keyed).toBe(true)
  if (path.startsWith('/pixel')) return { accepted: null, refused: false, reasons: [] }
  const { messages } = JSON.parse(text) as { messages: { status: string; reason?: string }[] }
  for (const one of messages) expect(one.status).toMatch(/^(accepted|duplicate|rejected)$/)
  const accepted = messages.filter((one) => one.status === 'accepted').length
  return { accepted, refused: false, reasons: messages.flatMap(({ reason }) => reason ?? []) }
}

const outcomes = async (): Promise<Map<string, number>> => {
  const { values } = await installation.parts.metrics.messages.get()
  return new Map(values.map(({ labels, value }) => [String(labels.outcome), value]))
}

const reasonsKept = async (count: number): Promise<readonly string[]> => {
  const page = await installation.parts.accounts.get('default')?.kept.list(null, count)
  return (page?.rejects ?? []).map(({ reason }) => reason)
}

let good = 0

/** Sends them all at once, and a good one after them; holds what was answered against log, rejects and counts. */
async function holds(requests: readonly HostileRequest[], send: Send): Promise<void> {
  const [end, before] = [account.log.end(), await outcomes()]
  const answers = await Promise.all(requests.map(send))
  const said = await Promise.all(answers.map((answer, i) => saidOf(requests[i]!, answer)))
  const after = await outcomes()
  const grown = (outcome: string): number => (after.get(outcome) ?? 0) - (before.get(outcome) ?? 0)
  // Every accepted message is in the log once, and the server counts the same.
  expect(account.log.end() - end).toBe(grown('accepted'))
  if (said.every((one) => one.accepted !== null)) {
    expect(said.reduce((sum, one) => sum + (one.accepted ?? 0), 0)).toBe(grown('accepted'))
  }
  // Every refusal is kept, with its reason.
  const refused = said.filter((one) => one.refused).length + grown('rejected')
  const kept = refused === 0 ? [] : await reasonsKept(refused)
  expect(kept).toHaveLength(refused)
  for (const reason of said.flatMap((one) => one.reasons)) expect(kept).toContain(reason)
  const messageId = `good-${++good}`
  const body = new TextEncoder().encode(JSON.stringify({ anonymousId: 'c-good', messageId }))
  const headers = { authorization: `Basic ${btoa(`${KEY}:`)}` }
  const taken = await send({ method: 'POST', path: '/v1/page?resolve=sync', headers, body })
  expect(taken.status).toBe(200)
  expect(await taken.json()).toMatchObject({
    messages: [{ status: 'accepted', message_id: messageId }],
  })
  expect(Object.keys(Object.prototype)).toEqual([])
  expect({}).not.toHaveProperty('polluted')
}

const sendOver =
  (fetching: (url: string, init: RequestInit) => Response | Promise<Response>): Send =>
  async ({ method, path, headers, body }) =>
    fetching(path, { method, headers, ...(method === 'POST' && { body }) })

/** The graph is what its log says. */
async function verified(): Promise<void> {
  const { log, store, resolver, active, secret } = account
  await resolver.flush()
  const scratch = createMemoryIdentityStore()
  const parts = { log, graph: store, scratch, policy: active.policy, ids: idsWith(secret) }
  const { differences, records } = await verifyGraph({
    ...parts,
    settled: true,
    replayed: () => {},
  })
  expect(differences).toEqual([])
  expect(records).toBe(log.end())
}

const property = (send: Send, bodies: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      fc.array(hostileRequest(KEY), { minLength: TOGETHER, maxLength: TOGETHER }),
      async (requests) => holds(requests, send),
    ),
    {
      numRuns: Math.ceil(bodies / TOGETHER),
      interruptAfterTimeLimit: MINUTES * 60_000,
      markInterruptAsFailure: true,
    },
  )

/** How many there are in each turn. */
const turnsOf = (bodies: number): readonly number[] =>
  Array.from({ length: Math.ceil(bodies / BODIES_TOGETHER) }, (_, i) =>
    Math.min(BODIES_TOGETHER, bodies - i * BODIES_TOGETHER),
  )

test.each(turnsOf(BODIES * (1 - OVER_SOCKETS)))(
  '%i bent bodies',
  async (bodies) => {
    const connection = { remoteAddress: '203.0.113.7' }
    await property(
      sendOver((path, init) => installation.app.request(path, init, connection)),
      bodies,
    )
    await verified()
    expect(good).toBeGreaterThan(0)
  },
  2 * MINUTES * 60_000,
)

test.each(turnsOf(BODIES * OVER_SOCKETS))(
  '%i bent bodies over sockets',
  async (bodies) => {
    const address = { host: '127.0.0.1', port: 0 }
    const listening = await listen(installation.app, address, trustedProxies([]))
    try {
      await property(
        sendOver((path, init) => fetch(listening.url + path, init)),
        bodies,
      )
    } finally {
      await listening.stop()
    }
    await verified()
    expect(good).toBeGreaterThan(0)
  },
  2 * MINUTES * 60_000,
)
