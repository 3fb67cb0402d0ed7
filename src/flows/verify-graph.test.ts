// A check that finds nothing in a sound graph, and what is wrong in one that is shown otherwise than it is.
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { openFileLog } from '../adapters/file-log/index.ts'
import { openSqliteStore } from '../adapters/sqlite/index.ts'
import { compilePolicy, createExtraction, parseSettings } from '../core/index.ts'
import { mintWith, type NodeRecord } from '../core/index.ts'
import type { EventLog } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { simulate } from '../simulator/index.ts'
import { ingest, understand, type Understood } from './ingest.ts'
import { SoleResolver } from './resolve-events.ts'
import { verifyGraph, type Verification } from './verify-graph.ts'

const digest = (text: string): string => hash('sha256', text)
const parsed = parseSettings({ phone: { defaultRegion: 'US' } })
if (!parsed.ok) throw new Error('the settings of this test are wrong')
const { settings } = parsed
const policy = compilePolicy(settings, digest)
const ids = { mint: mintWith(digest, 's'), question: (a: string, b: string) => digest(a + b) }

let directory: string
let log: EventLog

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-verify-test-'))
  log = await openFileLog(join(directory, 'log'), { account: 'default' })
  const store = openSqliteStore(join(directory, 'graph.db'))
  const resolver = new SoleResolver({ log, store, policy, ids })
  const extraction = createExtraction(settings, digest)
  let batch: Understood[] = []
  for (const { message, receivedAt, site } of simulate({ people: 60, seed: 7 })) {
    const envelope = { receivedAt, historical: false, site }
    const raw = JSON.stringify(message)
    batch.push(understand(extraction, { raw, message, envelope }))
    if (batch.length < 200) continue
    await (
      await ingest({ log, resolver }, batch)
    ).resolved
    batch = []
  }
  await resolver.flush()
  await store.close()
})

afterAll(async () => {
  await log.close()
  await rm(directory, { recursive: true, force: true })
})

/** The check of the graph as `change` shows it. */
async function verified(
  change: (graph: IdentityStore) => Partial<IdentityStore>,
  settled = true,
): Promise<Verification> {
  const stored = openSqliteStore(join(directory, 'graph.db'))
  const scratch = openSqliteStore(join(directory, `scratch-${scratches++}.db`))
  const changed = change(stored)
  const graph = new Proxy(stored, {
    get: (target, name: keyof IdentityStore) => changed[name] ?? target[name].bind(target),
  })
  try {
    return await verifyGraph({ log, graph, scratch, policy, settled, ids, replayed: () => {} })
  } finally {
    await stored.close()
    await scratch.close()
  }
}

/** Every node as `change` makes it; null leaves it out. */
const nodes =
  (change: (node: NodeRecord) => NodeRecord | null) =>
  (graph: IdentityStore): Partial<IdentityStore> => ({
    scanNodes: async (after, limit) => {
      const page = await graph.scanNodes(after, limit)
      return page.map((node) => change(node)).filter((node) => node !== null)
    },
  })

let stranger = ''
let scratches = 0

test('a sound graph', async () => {
  const { differences, identifiers, profiles, records } = await verified(() => ({}))
  expect(differences).toEqual([])
  expect(records).toBe(log.end())
  expect(identifiers).toBeGreaterThan(profiles)
})

test.each<[name: string, what: string, change: (graph: IdentityStore) => Partial<IdentityStore>]>([
  ['an identifier that is lost', 'missing', nodes((node) => (node.type === 'phone' ? null : node))],
  [
    'an identifier from nowhere',
    'unknown',
    nodes((node) => (node.type === 'phone' ? { ...node, key: node.key.replace(/.$/, 'x') } : node)),
  ],
  ['a wrong time', 'facts', nodes((node) => ({ ...node, lastSeen: node.lastSeen + 1 }))],
  [
    'a clue that nobody told',
    'facts',
    nodes((node) => ({ ...node, clues: node.clues.map((clue) => clue + 1) })),
  ],
  [
    'a profile nobody knows',
    'profile',
    nodes((node) => ({ ...node, profile: node.profile && 'prf_' })),
  ],
  [
    'a member in the wrong profile',
    'partition',
    (graph) => ({
      profile: async (id) => {
        const found = await graph.profile(id)
        stranger ||= id
        if (found === null || id === stranger) return found
        const moved = (await graph.profile(stranger))?.members ?? []
        return { ...found, members: [...found.members, ...moved] }
      },
    }),
  ],
  [
    'an id that leads nowhere',
    'lost_id',
    (graph) => ({
      changes: async (after, limit) => {
        const page = await graph.changes(after, limit)
        return page.map((change) => ({ ...change, profile: 'prf_lost' }))
      },
    }),
  ],
  [
    'wrong counts',
    'count',
    (graph) => ({
      counts: async () => {
        const counts = await graph.counts()
        return { ...counts, edges: counts.edges + 1 }
      },
    }),
  ],
])('%s', async (_name, what, change) => {
  const whats = (await verified(change)).differences.map((difference) => difference.what)
  expect(whats).toContain(what)
})

test('what another policy may have decided is not compared, and what it cannot change is', async () => {
  const apart = nodes((node) => (node.type === 'phone' ? { ...node, profile: '' } : node))
  expect((await verified(apart)).differences).not.toEqual([])
  const { differences, identifiers, waiting } = await verified(apart, false)
  expect(differences).toEqual([])
  expect(waiting).toBe(identifiers)
  const lost = nodes((node) => (node.type === 'phone' ? null : node))
  const whats = (await verified(lost, false)).differences.map(({ what }) => what)
  expect(new Set(whats)).toEqual(new Set(['missing']))
})
