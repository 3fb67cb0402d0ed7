// Shaped worlds through the live path and through the batch, and what the two say otherwise of each.
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import { standingOf } from '../../src/batch/decrees.ts'
import { partition } from '../../src/batch/partition.ts'
import { type DecisionRow, DECISIONS_SQL, decidedOf } from '../../src/batch/stages/decisions.ts'
import type { Policy } from '../../src/core/index.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { ResolverLimits } from '../../src/flows/resolver-limits.ts'
import type { BatchEngine } from '../../src/ports/batch-engine.ts'
import type { EventLog, LogRecord } from '../../src/ports/event-log.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { nameOfDecree, type ShapedWorld, shapedWorld } from '../worlds/shaped-world.ts'
import { ids } from '../worlds/small-world.ts'
import { messageOf, withLog } from './engine.ts'

const NODES = 1_000_000
/** After each of so many parts of the log what waits is decided, as a run does it. */
const STEPS = 6
/** What the live path keeps in memory: everything, or hardly anything. */
export const LIVE = {
  memory: {},
  store: { catchUpRecordsMax: 40, viewNodesMax: 300, unstoredMax: 100 },
} as const satisfies Record<string, Partial<ResolverLimits>>

/** World -> its profiles: members in words, what holds them, whether the one member is several people's. */
type Worlds = ReadonlyMap<number, ReadonlySet<string>>

interface Placed {
  readonly type: string
  readonly namespace: string
  readonly value: string
  readonly profile: string | number
}

function worldsOf(
  placed: readonly Placed[],
  heldOf: (profile: string | number) => { weakest: number; shared: boolean },
): Worlds {
  const profiles = new Map<string | number, string[]>()
  const worlds = new Map<number, Set<string>>()
  for (const { type, namespace, value, profile } of placed) {
    const members = profiles.get(profile) ?? []
    profiles.set(profile, members)
    members.push(`${type}:${namespace}:${value}`)
  }
  for (const [profile, members] of profiles) {
    const { weakest, shared } = heldOf(profile)
    const world = Number(members[0]?.split('-').at(-1))
    const told = worlds.get(world) ?? new Set()
    worlds.set(world, told)
    const held = members.length === 1 ? 0 : weakest
    told.add(`${members.toSorted().join(' ')} ${held}${shared ? ' shared' : ''}`)
  }
  return worlds
}

async function playLive(
  log: EventLog,
  store: IdentityStore,
  policy: Policy,
  limits: Partial<ResolverLimits>,
): Promise<Worlds> {
  const resolver = new SoleResolver({ log, store, policy, ids, limits })
  const step = Math.ceil(log.end() / STEPS)
  for (let at = 0; at < log.end(); at += step) {
    const records = await log.read(at + 1, step)
    const some = limits.catchUpRecordsMax ?? records.length
    for (let n = 0; n < records.length; n += some) await resolver.apply(records.slice(n, n + some))
    while ((await resolver.decideWaiting(NODES)) > 0);
  }
  await resolver.flush()
  const nodes = await store.scanNodes('', NODES)
  const members = nodes.filter(({ component }) => component !== '')
  const profiles = [...new Set(members.map(({ profile }) => profile))]
  const loaded = await store.load({ nodes: [], crowds: [], profiles }, LIMITS)
  const records = new Map(loaded.profiles.map((profile) => [profile.id, profile]))
  return worldsOf(members, (profile) => {
    const record = records.get(String(profile))
    return { weakest: record?.weakest ?? 0, shared: record?.kind === 'shared' }
  })
}

const LIMITS = { componentNodesMax: 1, componentEdgesMax: 1, sightingsPerDayMax: 1 }

async function playBatch(engine: BatchEngine): Promise<Worlds> {
  const rows = await engine.rows<Placed & { weakest: number; shared: number }>(`
    SELECT i.type AS type, i.namespace AS namespace, i.value AS value, m.grp AS profile, m.weakest AS weakest,
      m.shared AS shared
    FROM membership m JOIN identifier i ON i.node = m.node`)
  const held = new Map(rows.map((row) => [row.profile, row]))
  return worldsOf(rows, (profile) => {
    const { weakest = 0, shared = 0 } = held.get(profile) ?? {}
    return { weakest, shared: shared === 1 }
  })
}

function recordsOf({ seed, told }: ShapedWorld): readonly LogRecord[] {
  return told.flatMap(({ facts, decree }, order): readonly LogRecord[] => {
    if (decree === null) return facts.map(messageOf)
    const id = nameOfDecree(seed, order)
    return [{ kind: 'decision', id, at: 1, author: 'sam', decision: decree }]
  })
}

/** A world of which the two do not say the same: up to three profiles that only one has. */
export interface Difference {
  readonly seed: number
  readonly shapes: readonly string[]
  readonly batch: readonly string[]
  readonly live: readonly string[]
}

const NONE: ReadonlySet<string> = new Set()

/** What only one of two says of each world, a few of them. */
function differences(worlds: readonly ShapedWorld[], batch: Worlds, live: Worlds): Difference[] {
  return worlds.flatMap(({ seed, shapes }) => {
    const [there, here] = [batch.get(seed) ?? NONE, live.get(seed) ?? NONE]
    const onlyBatch = [...there].filter((one) => !here.has(one))
    const onlyLive = [...here].filter((one) => !there.has(one))
    if (onlyBatch.length + onlyLive.length === 0) return []
    return [{ seed, shapes, batch: onlyBatch.slice(0, 3), live: onlyLive.slice(0, 3) }]
  })
}

/** Worlds that come out of the batch otherwise than live. */
export async function differencesOf(
  seeds: readonly number[],
  policy: Policy,
  keeps: keyof typeof LIVE,
): Promise<readonly Difference[]> {
  const worlds = seeds.map((seed) => shapedWorld(seed, policy))
  const records = worlds.flatMap(recordsOf)
  return withLog(records, async ({ engine, log, columns }) => {
    const parts = await columns()
    const events = parts.map((part) => part.events)
    const rows = await engine.rows<DecisionRow>(DECISIONS_SQL(engine.dialect, events))
    const standing = standingOf(rows.map(decidedOf))
    const cut = await columns(standing.cuts)
    await partition(engine, { parts: cut, policy, standing }, () => undefined)
    const batch = await playBatch(engine)
    const store = openSqliteStore(':memory:')
    const live = await playLive(log, store, policy, LIVE[keeps])
    await store.close()
    return differences(worlds, batch, live)
  })
}
