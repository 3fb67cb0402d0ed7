// One simulated world through a log: decided message by message as a server does, then at once by a batch; where the two
// differ, whether the live path was waiting for the batch or had decided with what it knew then.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import { standingOf } from '../../src/batch/decrees.ts'
import { partition } from '../../src/batch/partition.ts'
import type { Key } from '../../src/core/index.ts'
import { numberOf } from '../../src/core/identifier/identifier.ts'
import { type Score, Scorer, type Truth } from '../../src/evaluation/index.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { BatchEngine } from '../../src/ports/batch-engine.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { compare, type Difference, type Member } from './differences.ts'
import { recordsOf } from './world-records.ts'
import { type Frame, ids, openWorld, truthOf } from './world.ts'

/** Both ways' figures over one world, and how they differ. */
export interface Beside extends Difference {
  readonly seed: number
  readonly messages: number
  readonly seconds: number
  readonly live: Score
  readonly batch: Score
}

/** Messages decided at once: what a busy server takes in some 20 ms. */
const MESSAGES_AT_ONCE = 200
const MEGABYTES = 1_000
const ALL = 100_000_000
const DECIDED_AT_ONCE = 1_000

/** Plays a world both ways, in a temporary folder. */
export async function playBoth(frame: Frame, settings: object = {}): Promise<Beside> {
  const started = performance.now()
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-accuracy-'))
  const world = openWorld(frame, settings)
  const { policy } = world
  const log = await openFileLog(join(directory, 'log'), { account: policy.account })
  const store = openSqliteStore(join(directory, 'graph.db'))
  const engine = await openDuckdbEngine({
    memoryMegabytesMax: MEGABYTES,
    threads: 2,
    spillDirectory: join(directory, 'spill'),
    signal: new AbortController().signal,
  })
  try {
    let messages = 0
    for (const records of recordsOf(world)) {
      messages += records.length
      await log.append(records)
    }
    await log.settle()
    const limits = { catchUpRecordsMax: MESSAGES_AT_ONCE }
    const resolver = new SoleResolver({ log, store, policy, ids, limits })
    await resolver.catchUp()
    await resolver.flush()
    const scratch = join(directory, 'columns')
    await mkdir(scratch)
    const parts = await log.columns({ upTo: log.end(), cuts: [], scratch })
    await partition(engine, { parts, policy, standing: standingOf([]) }, () => undefined)
    const groups = await groupsOf(engine)
    const members = await membersOf(store, groups)
    const truth = truthOf(world)
    const scores = {
      live: scoreOf(truth, members, ({ profile }) => profile),
      batch: scoreOf(truth, members, ({ group }) => group),
    }
    const waiting = new Set(await store.waiting(ALL))
    const difference = await compare(members, waiting, async (keys) => {
      for (let at = 0; at < keys.length; at += DECIDED_AT_ONCE)
        await resolver.decideAgain(keys.slice(at, at + DECIDED_AT_ONCE))
      while ((await resolver.decideWaiting(ALL)) > 0);
      await resolver.flush()
      return membersOf(store, groups)
    })
    const seconds = (performance.now() - started) / 1_000
    return { seed: frame.seed, messages, seconds, ...scores, ...difference }
  } finally {
    await engine.close()
    await store.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Number of a member -> its group in the batch. */
async function groupsOf(engine: BatchEngine): Promise<ReadonlyMap<bigint, number>> {
  const rows = await engine.rows<{ id: bigint; grp: number }>(
    'SELECT i.id AS id, m.grp AS grp FROM membership m JOIN identifier i ON i.node = m.node',
  )
  return new Map(rows.map(({ id, grp }) => [id, grp]))
}

async function membersOf(
  store: IdentityStore,
  groups: ReadonlyMap<bigint, number>,
): Promise<readonly Member[]> {
  const nodes = await store.scanNodes('', ALL)
  return nodes.flatMap(({ key, type, value, component, profile }) => {
    if (component === '') return []
    const group = groups.get(numberOf(key))
    if (group === undefined) throw new Error(`the batch knows no ${type} ${value}`)
    return [{ key, name: `${type}:${value}`, component, profile, group }]
  })
}

function scoreOf(
  truth: Truth,
  members: readonly Member[],
  profileOf: (member: Member) => string | number,
): Score {
  const scorer = new Scorer(truth)
  for (const member of members) scorer.assign(member.key satisfies Key, profileOf(member))
  return scorer.score()
}
