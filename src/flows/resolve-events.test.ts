// The resolver over a real store: restarts, evictions, decrees and erasures leave the same profiles as one quiet run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { digest, ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { createMemoryIdentityStore } from '../adapters/memory/index.ts'
import { openSqliteStore } from '../adapters/sqlite/index.ts'
import type { Fact } from '../core/edge/fact.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { EventLog, StoredRecord } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import { SoleResolver } from './resolve-events.ts'

function messages(facts: readonly Fact[], from = 1): StoredRecord[] {
  return facts.map((fact, i) => ({
    kind: 'message',
    fact,
    extractionVersion: 1,
    raw: '{}',
    position: from + i,
  }))
}

function decreeRecord(decree: Decree, position: number): StoredRecord {
  return {
    kind: 'decision',
    id: `d${position}`,
    at: 0,
    author: 'steward',
    decision: decree,
    position,
  }
}

/** A log that has everything already; the resolver only reads it. */
function written(records: readonly StoredRecord[]): EventLog {
  return {
    append: () => Promise.reject(new Error('only read')),
    read: (from, limit) => Promise.resolve(records.slice(from - 1, from - 1 + limit)),
    messagesOf: () => Promise.resolve([]),
    end: () => records.length,
    close: () => Promise.resolve(),
  }
}

async function inMemory<T>(task: (store: IdentityStore) => Promise<T>): Promise<T> {
  return task(createMemoryIdentityStore())
}

async function onDisk<T>(task: (store: IdentityStore) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'selfsame-resolver-'))
  const store = openSqliteStore(join(folder, 'graph.db'))
  try {
    return await task(store)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

async function partitionOf(store: IdentityStore): Promise<string> {
  const profiles = new Map<string, string[]>()
  for (const node of await store.scanNodes('', 10_000)) {
    if (node.component === '') continue
    expect(node.profile).not.toBe('')
    profiles.set(node.profile, [
      ...(profiles.get(node.profile) ?? []),
      `${node.type}:${node.value} (${node.clues.join()})`,
    ])
  }
  for (const [id, members] of profiles) {
    const found = await store.profile(id)
    expect(found?.profile.size).toBe(members.length)
  }
  return [...profiles.values()]
    .map((m) => m.toSorted().join(' '))
    .toSorted()
    .join('\n')
}

async function quietRun(policy: Policy, records: readonly StoredRecord[]): Promise<string> {
  return inMemory(async (store) => {
    const resolver = new SoleResolver({ log: written(records), store, policy, ids })
    await resolver.catchUp()
    return partitionOf(store)
  })
}

async function restlessRun(
  policy: Policy,
  records: readonly StoredRecord[],
  steps: readonly number[],
  where = inMemory,
): Promise<string> {
  return where(async (store) => {
    const log = written(records)
    const start = (): SoleResolver =>
      new SoleResolver({ log, store, policy, ids, limits: { viewNodesMax: 0 } })
    let resolver = start()
    await resolver.apply([])
    for (let at = 0, turn = 0; at < records.length; turn++) {
      const step = steps[turn % steps.length] ?? 1
      await resolver.apply(records.slice(at, at + 1 + (step % 5)))
      at += 1 + (step % 5)
      if (step % 3 === 0) await resolver.flush()
      // A new resolver without a flush is a crash: what was not stored comes again from the log.
      if (step % 7 === 0) resolver = start()
    }
    await resolver.flush()
    return partitionOf(store)
  })
}

const steps = fc.array(fc.nat(100), { minLength: 20, maxLength: 20 })

for (const [merge, where] of [
  [0.85, onDisk],
  [0.85, inMemory],
  [0.28, inMemory],
  ['learned', onDisk],
] as const) {
  const policy = smallPolicy(merge)
  test(`restarts, crashes and evictions change nothing (${merge}, ${where.name})`, async () => {
    await fc.assert(
      fc.asyncProperty(smallWorld, steps, async (facts, turns) => {
        const records = messages(facts)
        const quiet = await quietRun(policy, records)
        expect(await restlessRun(policy, records, turns, where)).toBe(quiet)
      }),
    )
  })
}

const decreeArb = fc.record({
  what: fc.constantFrom('same', 'different', 'different', 'undo', 'quarantine', 'release'),
  picks: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
  after: fc.nat(39),
})

/** Decrees between the facts, each about identifiers that were seen before it. */
function mixed(
  facts: readonly Fact[],
  decrees: readonly (typeof decreeArb extends fc.Arbitrary<infer T> ? T : never)[],
): { records: StoredRecord[]; last: StoredRecord[] } {
  const records: StoredRecord[] = []
  const given: { id: string; members: readonly string[] }[] = []
  const decisions: Decree[] = []
  facts.forEach((fact, i) => {
    records.push(...messages([fact], records.length + 1))
    const seen = [...new Set(facts.slice(0, i + 1).flatMap((f) => f.identifiers))]
      .filter((n) => n.type !== 'ip' && n.type !== 'device_signature')
      .map((n) => n.key)
    if (seen.length < 2) return
    for (const { what, picks, after } of decrees) {
      if (after !== i) continue
      const [a = '', b = '', c = '', d = ''] = picks.map((n) => seen[n % seen.length] ?? '')
      const undone = given[(picks[0] ?? 0) % Math.max(given.length, 1)]
      if (what === 'undo' && undone === undefined) continue
      const decree = ((): Decree => {
        if (what === 'same') return { type: 'verdict', verdict: 'same', a: [a], b: [b], note: '' }
        if (what === 'different')
          return {
            type: 'verdict',
            verdict: 'different',
            a: [...new Set([a, c])],
            b: [...new Set([b, d])],
            note: '',
          }
        if (what === 'undo')
          return { type: 'undo', of: undone?.id ?? '', members: undone?.members ?? [] }
        return { type: what === 'quarantine' ? 'quarantine' : 'release', identifier: a, note: '' }
      })()
      const record = decreeRecord(decree, records.length + 1)
      if (decree.type === 'verdict')
        given.push({ id: (record as { id: string }).id, members: [...decree.a, ...decree.b] })
      records.push(record)
      decisions.push(decree)
    }
  })
  const decided = records.filter((r) => r.kind === 'decision')
  const last = [
    ...messages(facts),
    ...decided.map((r, i) => ({ ...r, position: facts.length + 1 + i })),
  ]
  return { records, last }
}

test.each([0.85, 0.28, 'learned'] as const)(
  'decrees bind whenever they are given, over restarts too (%s)',
  async (merge) => {
    const policy = smallPolicy(merge)
    await fc.assert(
      fc.asyncProperty(
        smallWorld,
        fc.array(decreeArb, { maxLength: 6 }),
        steps,
        async (facts, decrees, turns) => {
          const { records, last } = mixed(facts, decrees)
          expect(await restlessRun(policy, records, turns)).toBe(await quietRun(policy, last))
        },
      ),
    )
  },
)

test.each([0.85, 0.28, 'learned'] as const)(
  'erasing identifiers leaves what would have been without them (%s)',
  async (merge) => {
    const policy = smallPolicy(merge)
    await fc.assert(
      fc.asyncProperty(
        smallWorld,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        steps,
        async (facts, picks, turns) => {
          const all = [...new Set(facts.flatMap((f) => f.identifiers.map((n) => n.key)))]
          if (all.length === 0) return
          const erased = new Set(picks.map((n) => all[n % all.length] ?? ''))
          const records = [
            ...messages(facts),
            decreeRecord({ type: 'erasure', identifiers: [...erased] }, facts.length + 1),
          ]
          const without = facts.map((fact): Fact => {
            const kept = fact.identifiers.map((n) => !erased.has(n.key))
            const index = kept.map((_, i) => kept.slice(0, i).filter(Boolean).length)
            return {
              ...fact,
              identifiers: fact.identifiers.filter((_, i) => kept[i]),
              edges: fact.edges
                .filter((e) => kept[e.from] && kept[e.to])
                .map((e) => ({ ...e, from: index[e.from] ?? 0, to: index[e.to] ?? 0 })),
            }
          })
          expect(await restlessRun(policy, records, turns)).toBe(
            await quietRun(policy, messages(without)),
          )
        },
      ),
    )
  },
)

test('two fresh systems give the same facts the same ids', async () => {
  const policy = smallPolicy(0.85)
  await fc.assert(
    fc.asyncProperty(smallWorld, async (facts) => {
      const records = messages(facts)
      const idsOf = async (): Promise<string> =>
        inMemory(async (store) => {
          await new SoleResolver({ log: written(records), store, policy, ids }).catchUp()
          const nodes = await store.scanNodes('', 10_000)
          return nodes.map((n) => `${n.key} ${n.profile}`).join('\n')
        })
      expect(await idsOf()).toBe(await idsOf())
    }),
  )
  expect(digest('x')).toHaveLength(64)
})

test('a flush stores what an earlier commit had no room for, and fails only if there still is none', async () => {
  const [facts = []] = fc.sample(smallWorld, { numRuns: 1, seed: 1 })
  const records = messages(facts)
  const policy = smallPolicy(0.85)
  await inMemory(async (store) => {
    let room = false
    const small: IdentityStore = {
      ...store,
      commit: (changes) =>
        room
          ? store.commit(changes)
          : Promise.reject(new StoreError('full', 'no room', { retryable: true })),
    }
    const resolver = new SoleResolver({ log: written(records), store: small, policy, ids })
    await resolver.catchUp()
    await expect(resolver.flush()).rejects.toMatchObject({ code: 'full' })
    await expect(resolver.storeBehind()).resolves.toBeUndefined()
    room = true
    await resolver.flush()
    expect(await store.position('log')).toBe(records.length)
    expect(await partitionOf(store)).toBe(await quietRun(policy, records))
  })
})
