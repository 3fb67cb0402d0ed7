// A series of kills of everything that one shared account runs on, while its messages come: kill, start again, and every
// few rounds let all of it drain and look. Invariant: a series begins with nothing, in topics and a database of its own.
import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'vitest'

import { openKafkaLog } from '../../../src/adapters/kafka/index.ts'
import type { SharedLog } from '../../../src/ports/shared-log.ts'
import { folder } from '../../cli/run.ts'
import { cutTo, mend, writtenBy } from '../../engines/append-only-file.ts'
import { readMessage } from '../../engines/read-message.ts'
import { diceOf, type Dice } from '../random.ts'
import { worldOf, type Sent } from '../world.ts'
import { send } from './load.ts'
import { expectAsAlone } from './alone.ts'
import { drainedFacts, expectArchived, onGraph } from './looks.ts'
import { expectTold, listenTo } from './told.ts'
import { Processes } from './processes.ts'
import type { Servers } from './servers.ts'

/** Rounds between two looks at everything. */
const LOOK_EVERY = 5
const PROCESSORS_MIN = 2
const PROCESSORS_MAX = 4
/** One in so many kills of Redis loses what it has not flushed, as where the machine went down with it. */
const LOSSY_ONE_IN = 3

const VICTIMS = [
  'processor',
  'redis',
  'archive',
  'processor',
  'broker',
  'redis',
  'processor',
  'all',
] as const
type Victim = (typeof VICTIMS)[number]

export interface SeriesPlan {
  readonly servers: Servers
  readonly seed: number
  readonly rounds: number
  readonly people: number
  /** Its number, from 1. */
  readonly series: number
}

interface Series {
  readonly servers: Servers
  readonly graph: string
  readonly processes: Processes
  readonly log: SharedLog
  readonly dice: Dice
  /** Of the server. */
  readonly url: string
  readonly listening: ReturnType<typeof listenTo>
  readonly acknowledged: Set<string>
  /** What was killed, for people. */
  readonly killed: string[]
}

/** @returns what was killed, for people */
export async function playStackSeries(plan: SeriesPlan): Promise<string> {
  const { seed, rounds, people } = plan
  const { sent } = worldOf(seed, { people, days: 12 })
  const series = await begin(plan)
  const { processes, log, listening, killed } = series
  try {
    const share = Math.ceil(sent.length / rounds)
    for (let round = 0; round < rounds; round++) {
      const victim = VICTIMS[(seed + round) % VICTIMS.length] ?? 'all'
      await playRound(series, sent.slice(round * share, (round + 1) * share), victim)
      if (round % LOOK_EVERY === LOOK_EVERY - 1 || round === rounds - 1) await look(series)
    }
    for (const ran of await processes.stop()) expect(ran).toMatchObject({ code: 0 })
  } catch (cause) {
    process.stderr.write(`seed ${seed}: ${killed.join(', ')}\n`)
    throw cause
  } finally {
    await processes.stop()
    await Promise.all([listening.stop(), log.close()])
  }
  return killed.join(', ')
}

async function begin({ servers, seed, series }: SeriesPlan): Promise<Series> {
  const { kafka, registry, redis } = servers
  const log = `${kafka.url}/series${series}`
  const graph = `${redis.url}/${series % 16}`
  const processes = new Processes(await folder())
  await processes.configure({ log, registry: registry.url, graph })
  const url = await processes.serve()
  await Promise.all([processes.archive(), processes.process(), processes.process()])
  const account = 'default'
  return {
    servers,
    graph,
    processes,
    url,
    log: await openKafkaLog({
      url: log,
      registry: registry.url,
      account,
      readMessage,
      sendMsMax: 4_000,
    }),
    dice: diceOf(seed),
    listening: listenTo(log),
    acknowledged: new Set(),
    killed: [],
  }
}

async function playRound(series: Series, sent: readonly Sent[], victim: Victim): Promise<void> {
  const { url, log, dice, acknowledged, killed, processes } = series
  const startedAt = Date.now()
  const sending = send(sent, { url, log, dice, pauseMs: dice.whole(0, 60) })
  // Whoever waits for it below meets its failure.
  sending.catch(() => undefined)
  await sleep(dice.whole(50, 700))
  const how = await kill(series, victim)
  for (const id of await sending) acknowledged.add(id)
  killed.push(`${how} (${Date.now() - startedAt} ms)`)
  expect(await processes.ended()).toEqual([])
}

async function kill(series: Series, victim: Victim): Promise<string> {
  if (victim === 'processor') return killProcessors(series)
  if (victim === 'redis') return killRedis(series)
  if (victim === 'broker') return killBroker(series)
  if (victim === 'archive') return killArchive(series)
  const all = [killProcessors(series), killRedis(series), killBroker(series), killArchive(series)]
  return (await Promise.all(all)).join(' + ')
}

async function killProcessors({ processes, dice }: Series): Promise<string> {
  const before = processes.processors.length
  const count = dice.whole(1, before)
  for (let one = 0; one < count; one++) {
    await processes.kill()
    await sleep(dice.whole(0, 100))
  }
  const wanted = dice.whole(PROCESSORS_MIN, PROCESSORS_MAX)
  while (processes.processors.length < wanted) await processes.process()
  return `${count} of ${before} processors`
}

async function killArchive({ processes }: Series): Promise<string> {
  await processes.killArchive()
  await processes.archive()
  return 'the archive'
}

async function killRedis({ servers: { redis }, dice }: Series): Promise<string> {
  const isLossy = dice.whole(1, LOSSY_ONE_IN) === 1
  const before = await writtenBy(redis)
  await sleep(dice.whole(0, 900))
  await redis.kill()
  if (isLossy) {
    const written = await writtenBy(redis)
    await cutTo(redis, dice.whole(before, written))
    await mend(redis)
  }
  await sleep(dice.whole(0, 500))
  await redis.restart()
  return isLossy ? 'Redis with a second lost' : 'Redis'
}

async function killBroker({ servers: { kafka }, dice }: Series): Promise<string> {
  await kafka.kill()
  await sleep(dice.whole(0, 500))
  await kafka.restart()
  return 'the broker'
}

async function look(series: Series): Promise<void> {
  const { log, graph, processes, acknowledged, listening, killed } = series
  const startedAt = Date.now()
  await onGraph(graph, async (store) => {
    const facts = await drainedFacts(log, store, processes.cwd)
    const drainedAt = Date.now()
    const ids = new Set(facts.map(({ id }) => id))
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
    await expectAsAlone(store, facts, processes.cwd)
    await expectArchived(processes.cwd, facts)
    await expectTold(store, listening)
    killed.push(
      `drained in ${drainedAt - startedAt}, looked in ${Date.now() - drainedAt} ms, ${facts.length} facts`,
    )
  })
  expect(await processes.ended()).toEqual([])
}
