// How fast are a processor on Kafka and Redis and an archive, and how soon does who listens hear of a change?
// Usage: node bench/stack/run.ts [--messages N] [--seconds S] [--seed S] [--built] [--profile FOLDER] [--json]
// Broker, registry, Redis, producer and listener share the machine's cores with what is measured.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { commandLine } from '../command-line.ts'
import { openRedisStore } from '../../src/adapters/redis/index.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import type { SharedLog } from '../../src/ports/shared-log.ts'
import { measure } from '../ingest/child.ts'
import { resultOf } from '../ingest/result.ts'
import { quantile } from '../serve/loads.ts'
import { latencies } from './latency.ts'
import { cpuSecondsOf, datasetBytes, type Servers, startServers, toldTo } from './servers.ts'
import { startWorker, type Worker } from './worker.ts'
import { ACCOUNT, fill, openLog, world } from './world.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300000' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    built: { type: 'boolean', default: false },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const messages = Number(values.messages)
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const CLI = commandLine(values.built)
const FLOOR = new URL('./floor.ts', import.meta.url).pathname
const PER_SECOND = 1_000
const NODE = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
const TOPICS = `selfsame.${ACCOUNT}`
const POSITIONS = `{${ACCOUNT}}:main:at`

const PROCESSED = { counter: 'selfsame_processed_records_total', lag: 'selfsame_lag_records' }
const ARCHIVED = { counter: 'selfsame_archived_records_total', lag: 'selfsame_archive_lag_records' }

type Figures = Record<string, number | string>

const round = (value: number): number => Math.round(value * 100) / 100

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
const servers = await startServers()
try {
  const figures = await run(servers)
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(32), value)
} finally {
  await servers.stop()
  await rm(folder, { recursive: true, force: true })
}

async function run(stack: Servers): Promise<Figures> {
  const log = await openLog(stack)
  const filled = await fill(log, messages, seed)
  const graph = stack.environment.SELFSAME_GRAPH
  const processor = await worker(stack, 'process', PROCESSED)
  const processing = await processorFigures(stack, processor)
  const store = await openRedisStore(graph, { account: ACCOUNT })
  const result = await resultOf({ store })
  const size = await sizeFigures(stack, Number(result['identifiers']))
  const latency = await latencyFigures(stack, log, store)
  await processor.stop()
  await store.close()
  await log.close()
  const floor = await floorPerSecond(stack, processing)
  const archive = await worker(stack, 'archive', ARCHIVED)
  const archived = await archive.done(messages)
  await archive.stop()
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    messages,
    bytes_per_message: Math.round(filled.rawBytes),
    appended_per_s: Math.round(filled.recordsPerSecond),
    ...processing,
    floor_per_s: Math.round(floor),
    times_floor: round(Number(processing['processed_per_s']) / floor),
    ...size,
    ...latency,
    archived_per_s: Math.round(archived.recordsPerSecond),
    archive_cpu_us: round(archived.cpuUsPerRecord),
    archive_cores: round(archived.cores),
    archive_peak_mb: Math.round(archived.peakBytes / 1e6),
    ...result,
  }
}

function worker(stack: Servers, command: string, watched: typeof PROCESSED): Promise<Worker> {
  const args = [...NODE, CLI, command, '--data', join(folder, 'data')]
  return startWorker({ args, environment: stack.environment, ...watched })
}

async function processorFigures(stack: Servers, processor: Worker): Promise<Figures> {
  const { pids } = stack
  const before = { kafka: cpuSecondsOf(pids.kafka), redis: cpuSecondsOf(pids.redis) }
  const pace = await processor.done(messages)
  const told = await toldTo(stack.redis)
  const usOf = (name: 'kafka' | 'redis'): number =>
    round(((cpuSecondsOf(pids[name]) - before[name]) * 1e6) / messages)
  return {
    processed_per_s: Math.round(pace.recordsPerSecond),
    processor_cpu_us: round(pace.cpuUsPerRecord),
    processor_cores: round(pace.cores),
    processor_peak_mb: Math.round(pace.peakBytes / 1e6),
    redis_writes: told.writes,
    redis_bytes: told.bytes,
    redis_cpu_us: usOf('redis'),
    kafka_cpu_us: usOf('kafka'),
  }
}

async function sizeFigures({ redis }: Servers, identifiers: number): Promise<Figures> {
  const bytes = await datasetBytes(redis)
  return {
    redis_mb: Math.round(bytes / 1e6),
    redis_bytes_per_identifier: Math.round(bytes / identifiers),
  }
}

async function latencyFigures(
  { environment, redis }: Servers,
  log: SharedLog,
  store: IdentityStore,
): Promise<Figures> {
  const records = [...world(Math.ceil(seconds * PER_SECOND), seed + 1)]
  const measured = await latencies(
    {
      url: environment.SELFSAME_LOG,
      topic: `${TOPICS}.changes`,
      redis,
      positions: POSITIONS,
      log,
      profiles: () => profilesIn(store),
    },
    records,
    PER_SECOND,
  )
  const of = (name: string, times: readonly number[]): Figures => ({
    [`${name}_p50_ms`]: round(quantile(times, 0.5)),
    [`${name}_p99_ms`]: round(quantile(times, 0.99)),
  })
  return {
    changes_seen: measured.changes.length,
    ...of('to_change', measured.changes),
    ...of('to_stored', measured.stored),
    ...of('acknowledged', measured.acknowledged),
    ...of('producer_late', measured.late),
  }
}

/** By key, profiles of identifiers. */
async function profilesIn(store: IdentityStore): Promise<ReadonlyMap<string, string>> {
  const profiles = new Map<string, string>()
  for (let after = '', page = await store.scanNodes('', 10_000); page.length > 0;) {
    for (const { key, profile } of page) if (profile !== '') profiles.set(key, profile)
    after = page.at(-1)?.key ?? after
    page = await store.scanNodes(after, 10_000)
  }
  return profiles
}

async function floorPerSecond({ environment }: Servers, written: Figures): Promise<number> {
  const { SELFSAME_LOG: log, SELFSAME_GRAPH: graph } = environment
  const sizes = [messages, written['redis_writes'], written['redis_bytes']].map(String)
  const args = [FLOOR, log, `${graph}/1`, `${TOPICS}.events`, ...sizes]
  const { output } = await measure(args)
  return (JSON.parse(output) as { recordsPerSecond: number }).recordsPerSecond
}
