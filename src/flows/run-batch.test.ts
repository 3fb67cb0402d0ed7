// Runs between the messages and decrees of a live system: nothing that arrives meanwhile is lost, profiles and ids stay
// what they are without runs, and the end is that of a fresh system which got everything and then made one run.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf } from '../../test/batch/engine.ts'
import { settingsOf } from '../../test/extraction.ts'
import { decreeOrErasureArb, told } from '../../test/worlds/decrees.ts'
import { ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { openDuckdbEngine } from '../adapters/duckdb/index.ts'
import { openFileLog } from '../adapters/file-log/index.ts'
import { openFileWarehouse } from '../adapters/file-warehouse/index.ts'
import { openSqliteStore } from '../adapters/sqlite/index.ts'
import { attributesOf } from '../core/index.ts'
import { conversionsOf, ownHostsOf } from '../core/policy/conversions.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { LogRecord } from '../ports/event-log.ts'
import type { Membership } from '../ports/identity-store.ts'
import { SoleResolver } from './resolve-events.ts'
import { runBatch, type RunOutcome } from './run-batch.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 20
/** Parts in which a log arrives; after all but the last of each pair comes a run, during which the last arrives. */
const PARTS = 5
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / 100)
const settings = settingsOf()

interface System {
  take(records: readonly LogRecord[]): Promise<void>
  /**
   * Makes a run; `early` arrives before the log is read, `late` between the partition and its reconciliation. Another
   * policy becomes the one that decides.
   */
  run(
    early?: readonly LogRecord[],
    late?: readonly LogRecord[],
    other?: Policy,
  ): Promise<RunOutcome>
  membership(): Promise<Membership>
}

async function withSystem<T>(policy: Policy, work: (system: System) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-runs-'))
  const log = await openFileLog(join(directory, 'log'), {
    account: 'default',
    segmentRecordsMax: 200,
  })
  const store = openSqliteStore(join(directory, 'graph.db'))
  const warehouse = openFileWarehouse(join(directory, 'warehouse'))
  const resolver = new SoleResolver({ log, store, policy, ids })
  let made = 0
  const take = async (records: readonly LogRecord[]): Promise<void> => {
    const positions = await log.append(records)
    await resolver.apply(
      records.flatMap((record, i) => {
        const position = positions[i] ?? null
        return position === null ? [] : [{ ...record, position }]
      }),
    )
  }
  const run = async (
    early: readonly LogRecord[] = [],
    late: readonly LogRecord[] = [],
    other: Policy | null = null,
  ): Promise<RunOutcome> => {
    await resolver.flush()
    const engine = await openDuckdbEngine({
      memoryMegabytesMax: 512,
      threads: 2,
      spillDirectory: join(directory, 'spill'),
      signal: new AbortController().signal,
    })
    const upTo = resolver.applied
    let [isEarly, isLate] = [true, true]
    try {
      return await runBatch({
        engine,
        warehouse,
        upTo,
        policy: other ?? policy,
        columns: async (cuts) => {
          if (isEarly) await take(early)
          isEarly = false
          const scratch = join(directory, `scratch-${made++}`)
          await mkdir(scratch)
          return log.columns({ upTo, cuts, scratch })
        },
        live: {
          membership: async () => {
            if (isLate) await take(late)
            isLate = false
            await resolver.flush()
            return store.membership()
          },
          changes: (after, limit) => store.changes(after, limit),
          questions: (after, limit) => store.questions(after, limit),
          decideAgain: (members) => resolver.decideAgain(members),
          confirm: (profiles) => resolver.confirm(profiles, { name: 'a run', at: made }),
          decideWaiting: () => resolver.decideWaiting(1_000),
          ask: (pairs) => resolver.ask(pairs),
          takeBack: (questions) => resolver.takeBack(questions),
          flush: () => resolver.flush(),
        },
        attributes: attributesOf(settings),
        journeys: {
          conversions: conversionsOf(settings),
          lookbackDays: settings.attribution.lookbackDays,
          ownHosts: ownHostsOf(settings),
        },
        startedAt: 0,
        now: () => 0,
        pastRuns: [],
        note: () => Promise.resolve(),
        learning: null,
        activate: async () => {
          if (other !== null) await resolver.decideBy(other, upTo)
        },
        settle: () => Promise.resolve(),
        mint: ids.mint,
        told: () => undefined,
        dryRun: false,
      })
    } finally {
      await engine.close()
    }
  }
  try {
    await resolver.catchUp()
    return await work({
      take,
      run,
      membership: async () => {
        await resolver.flush()
        return store.membership()
      },
    })
  } finally {
    await resolver.flush()
    await store.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  }
}

const worldWithDecrees = fc.tuple(
  smallWorld,
  fc.array(decreeOrErasureArb, { maxLength: 6, size: 'max' }),
)

type World = typeof worldWithDecrees extends fc.Arbitrary<infer T> ? T : never

/** All worlds side by side, in so many parts. */
function partsOf(worlds: readonly World[], count: number): readonly (readonly LogRecord[])[] {
  const logs = worlds.map(([facts, decrees], world) => {
    const nameOf = (order: number): string => `d${world}-${order}`
    return told(apart(world, facts), decrees, nameOf).flatMap(({ facts: some, decree }, order) =>
      decree === null
        ? some.map(messageOf)
        : [
            {
              kind: 'decision' as const,
              id: nameOf(order),
              at: 1,
              author: 'sam',
              decision: decree,
            },
          ],
    )
  })
  return Array.from({ length: count }, (_, part) =>
    logs.flatMap((log) =>
      log.slice((part * log.length) / count, ((part + 1) * log.length) / count),
    ),
  )
}

/** Each profile as its members, with its id where that is asked for. */
function profilesOf(
  { members, profileOf, ids: names }: Membership,
  withIds: boolean,
): readonly string[] {
  const profiles = new Map<number, bigint[]>()
  members.forEach((member, i) => {
    const profile = profileOf[i] ?? -1
    profiles.set(profile, [...(profiles.get(profile) ?? []), member])
  })
  return [...profiles]
    .map(([profile, list]) => {
      const held = BigInt64Array.from(list).toSorted().join(' ')
      return withIds ? `${names[profile]} ${held}` : held
    })
    .toSorted()
}

const threshold = fc.constantFrom<number | 'learned'>(0.85, 0.28, 'learned')

test(
  'live and runs in turn come to what one run over everything comes to',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        threshold,
        fc.array(worldWithDecrees, { minLength: WORLDS, maxLength: WORLDS }),
        async (merge, worlds) => {
          const policy = smallPolicy(merge, WORLDS)
          const [first = [], early = [], late = [], then = [], last = []] = partsOf(worlds, PARTS)
          const parts = [first, early, late, then, last]
          const inTurn = await withSystem(policy, async (system) => {
            await system.take(first)
            await system.run(early, late)
            const between = profilesOf(await system.membership(), true)
            await system.take(then)
            await system.run([], last)
            const outcome = await system.run()
            expect(outcome.newer).toBe(0)
            const end = await system.membership()
            expect([...end.confirmed].every((one) => one === 1)).toBe(true)
            return { between, end }
          })
          const atOnce = await withSystem(policy, async (system) => {
            await system.take(parts.flat())
            await system.run()
            const again = await system.run()
            expect(again).toMatchObject({ confirmed: 0, doubtful: 0, awaiting: 0 })
            return system.membership()
          })
          expect(profilesOf(inTurn.end, false)).toEqual(profilesOf(atOnce, false))
          const alone = await withSystem(policy, async (system) => {
            for (const part of parts.slice(0, 3)) await system.take(part)
            const between = profilesOf(await system.membership(), true)
            for (const part of parts.slice(3)) await system.take(part)
            return { between, end: await system.membership() }
          })
          expect(inTurn.between).toEqual(alone.between)
          expect(profilesOf(inTurn.end, true)).toEqual(profilesOf(alone.end, true))
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
)

test(
  'a run under another policy leaves what that one decides, whatever came in during it',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom([0.85, 0.28], [0.28, 0.85], [0.99, 0.85], [0.85, 0.99]),
        fc.array(worldWithDecrees, { minLength: WORLDS, maxLength: WORLDS }),
        async ([before = 0, after = 0], worlds) => {
          const [formerly, now] = [smallPolicy(before, WORLDS), smallPolicy(after, WORLDS)]
          const [first = [], early = [], late = [], last = []] = partsOf(worlds, 4)
          const changed = await withSystem(formerly, async (system) => {
            await system.take(first)
            await system.run(early, late, now)
            const between = profilesOf(await system.membership(), false)
            await system.take(last)
            return { between, end: profilesOf(await system.membership(), false) }
          })
          const alone = await withSystem(now, async (system) => {
            for (const part of [first, early, late]) await system.take(part)
            const between = profilesOf(await system.membership(), false)
            await system.take(last)
            return { between, end: profilesOf(await system.membership(), false) }
          })
          expect(changed).toEqual(alone)
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
)
