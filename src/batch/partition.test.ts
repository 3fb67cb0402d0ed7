// The law that makes a batch worth anything: computed at once from the log's columns, or decided piece by piece by the
// live path, the profiles are the same.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf, withLog } from '../../test/batch/engine.ts'
import { decreeOrErasureArb, told } from '../../test/worlds/decrees.ts'
import { play } from '../../test/worlds/play.ts'
import { ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { createMemoryIdentityStore } from '../adapters/memory/index.ts'
import type { Fact } from '../core/edge/fact.ts'
import type { View } from '../core/profile/view/view.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { SoleResolver } from '../flows/resolve-events.ts'
import type { LogRecord } from '../ports/event-log.ts'
import type { Membership } from '../ports/identity-store.ts'
import { standingOf } from './decrees.ts'
import { partition } from './partition.ts'
import { type DecisionRow, DECISIONS_SQL, decidedOf } from './stages/decisions.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 25

/** Each profile as its members, in words. */
function liveProfiles(view: View): readonly string[] {
  const profiles = new Map<string, string[]>()
  for (const node of view.nodes()) {
    if (node.component === '') continue
    const members = profiles.get(node.profile) ?? []
    profiles.set(node.profile, members)
    members.push(`${node.type}:${node.namespace}:${node.value}`)
  }
  return [...profiles]
    .map(([id, members]) => {
      const record = view.profiles.get(id)
      const held = members.length === 1 ? 0 : (record?.weakest ?? 0)
      return `${members.toSorted().join(' ')} ${held}${record?.kind === 'shared' ? ' shared' : ''}`
    })
    .toSorted()
}

async function batchProfiles(engine: BatchEngine): Promise<readonly string[]> {
  const rows = await engine.rows<{ members: string[]; weakest: number; shared: number }>(`
    SELECT list_sort(list(concat(i.type, ':', i.namespace, ':', i.value))) AS members,
      any_value(m.weakest) AS weakest, max(m.shared) AS shared
    FROM membership m JOIN identifier i ON i.node = m.node GROUP BY m.grp`)
  return rows
    .map(({ members, weakest, shared }) => {
      const names = members.toSorted().join(' ')
      const held = members.length === 1 ? 0 : weakest
      return `${names} ${held}${shared === 1 ? ' shared' : ''}`
    })
    .toSorted()
}

const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)

const worldWithDecrees = fc.tuple(
  smallWorld,
  fc.array(decreeOrErasureArb, { maxLength: 6, size: 'max' }),
)

for (const merge of [0.85, 0.28, 'learned'] as const) {
  const policy = smallPolicy(merge, WORLDS)

  test(
    `a batch over the log decides as the live path does (threshold ${merge})`,
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(smallWorld, { minLength: WORLDS, maxLength: WORLDS }),
          async (worlds) => {
            const facts = worlds.flatMap((world, i) => apart(i, world))
            const live = liveProfiles(play(policy, [facts]))
            const batch = await withLog(facts.map(messageOf), async ({ engine, columns }) => {
              const parts = await columns()
              await partition(engine, { parts, policy, standing: standingOf([]) }, () => undefined)
              return batchProfiles(engine)
            })
            expect(batch).toEqual(live)
          },
        ),
        { numRuns: RUNS },
      )
    },
  )

  test(
    `and so it does with decrees between the messages (threshold ${merge})`,
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(worldWithDecrees, { minLength: WORLDS, maxLength: WORLDS }),
          async (worlds) => {
            const records = worlds.flatMap(([facts, decrees], i) =>
              recordsOf(i, apart(i, facts), decrees),
            )
            await withLog(records, async ({ engine, log, columns }) => {
              const store = createMemoryIdentityStore()
              const resolver = new SoleResolver({ log, store, policy, ids })
              await resolver.catchUp()
              await resolver.flush()
              const parts = await columns()
              const decisions = await engine.rows<DecisionRow>(
                DECISIONS_SQL(
                  engine.dialect,
                  parts.map((part) => part.events),
                ),
              )
              const standing = standingOf(decisions.map(decidedOf))
              const cut = await columns(standing.cuts)
              await partition(engine, { parts: cut, policy, standing }, () => undefined)
              expect(await batchMembers(engine)).toEqual(membersOf(await store.membership()))
            })
          },
        ),
        { numRuns: RUNS },
      )
    },
  )
}

function recordsOf(
  world: number,
  facts: readonly Fact[],
  decrees: Parameters<typeof told>[1],
): LogRecord[] {
  const nameOf = (order: number): string => `d${world}-${order}`
  return told(facts, decrees, nameOf).flatMap(({ facts: some, decree }, order) =>
    decree === null
      ? some.map(messageOf)
      : [{ kind: 'decision', id: nameOf(order), at: 1, author: 'sam', decision: decree }],
  )
}

/** Each profile as the numbers of its members. */
function membersOf({ members, profileOf }: Membership): readonly string[] {
  const profiles = new Map<number, bigint[]>()
  members.forEach((member, i) => {
    const profile = profileOf[i] ?? -1
    profiles.set(profile, [...(profiles.get(profile) ?? []), member])
  })
  return [...profiles.values()]
    .map((list) => BigInt64Array.from(list).toSorted().join(' '))
    .toSorted()
}

async function batchMembers(engine: BatchEngine): Promise<readonly string[]> {
  const rows = await engine.rows<{ members: bigint[] }>(`
    SELECT list_sort(list(i.id)) AS members FROM membership m JOIN identifier i ON i.node = m.node GROUP BY m.grp`)
  return rows.map(({ members }) => members.join(' ')).toSorted()
}
