// How fast do messages become durable and resolved, how does that grow, and how soon is it back after a kill?
// Usage: node bench/ingest/run.ts [--messages N] [--growth K] [--single N] [--seed S] [--kills-after MS,MS…] [--built]
//        [--json]
// With --built the commands run as they are published, compiled; else from source.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commandLine } from '../command-line.ts'
import { openToLook } from '../../src/apps/account/open-account.ts'
import { measure, type Measured } from './child.ts'
import { afterKills } from './restart.ts'
import { resultOf } from './result.ts'
import { singleMessages } from './single.ts'
import { writeWorld } from './world-file.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    growth: { type: 'string', default: '5' },
    single: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    'kills-after': { type: 'string', default: '3000,5300,7600' },
    built: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const messages = Number(values.messages)
const growth = Number(values.growth)
const seed = Number(values.seed)
/** When the loads are killed: at other moments between two commits each. */
const killsAfterMs = values['kills-after'].split(',').map(Number)
const CLI = commandLine(values.built)
const FLOOR = new URL('./floor.ts', import.meta.url).pathname

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  await run()
} finally {
  await rm(folder, { recursive: true })
}

async function load(file: string, data: string): Promise<Measured> {
  return measure([CLI, 'ingest', file, '--data', data, '--json'])
}

async function run(): Promise<void> {
  const small = join(folder, 'small.ndjson')
  const world = await writeWorld(small, messages, seed)
  const floor = await measure([FLOOR, small, join(folder, 'floor.db')])
  const data = join(folder, 'data')
  const one = await load(small, data)
  const account = await openToLook(data, { configuration: null, notice: () => undefined })
  const result = await resultOf(account)
  await account.close()
  const single = await singleMessages(small, Number(values.single), folder)
  const large = join(folder, 'large.ndjson')
  await writeWorld(large, messages * growth, seed)
  const largeData = join(folder, 'large')
  const many = await load(large, largeData)
  const more = join(folder, 'more.ndjson')
  await writeWorld(more, messages, seed + 1)
  const restart = await afterKills(CLI, largeData, more, killsAfterMs)
  report({
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    messages: world.messages,
    bytes_per_message: Math.round(world.bytes / world.messages),
    messages_per_s: Math.round(messages / one.seconds),
    floor_messages_per_s: Math.round(messages / floor.seconds),
    times_floor: round(floor.seconds / one.seconds),
    peak_mb: Math.round(one.peakBytes / 1e6),
    growth,
    grown_messages_per_s: Math.round((messages * growth) / many.seconds),
    cost_growth: round(many.seconds / growth / one.seconds),
    grown_peak_mb: Math.round(many.peakBytes / 1e6),
    memory_growth: round(many.peakBytes / one.peakBytes),
    single_p50_ms: round(single.message.p50Ms),
    single_p99_ms: round(single.message.p99Ms),
    fsync_p50_ms: round(single.fsync.p50Ms),
    fsync_p99_ms: round(single.fsync.p99Ms),
    ready_after_kill_s: round(restart.readySeconds),
    ...result,
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function report(figures: Record<string, number | string>): void {
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(24), value)
}
