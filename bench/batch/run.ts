// How long and how much memory does a batch run take, from the log of a simulated world to published tables, and how does
// that grow? node bench/batch/run.ts [--millions N,N…] [--log DIRECTORY] [--seed S] [--hard] [--memory MB] [--threads N]
// [--json]. A directory given with --log is kept and used again: ten million messages take half an hour to write. Sizes
// below that of the log are its first messages.

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { defaultSettings } from '../../src/apps/account/installation.ts'
import { measure } from '../ingest/child.ts'
import { writeWorldLog } from './world-log.ts'

const { values } = parseArgs({
  options: {
    millions: { type: 'string', default: '1,10' },
    log: { type: 'string' },
    seed: { type: 'string', default: '1' },
    hard: { type: 'boolean', default: false },
    memory: { type: 'string', default: '4500' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
})
const MILLION = 1e6
const sizes = values.millions
  .split(',')
  .map((millions) => Math.round(Number(millions) * MILLION))
  .toSorted((a, b) => a - b)
const largest = sizes.at(-1) ?? 0
const seed = Number(values.seed)
const { hard, memory, threads } = values
const PUBLISH = new URL('./publish.ts', import.meta.url).pathname
const FLOOR = new URL('./columns-floor.ts', import.meta.url).pathname

/** Of ten million messages. */
const WANTED = { messages: 10 * MILLION, secondsMax: 60, megabytesMax: 6_000 }
/** Ten times as many messages may take eleven times as long. */
const GROWTH_MAX = 1.1
const TOLD_EVERY = 500_000

type Figures = Record<string, number | string>

interface Published {
  /** Those of the messages that were no repetition. */
  readonly records: number
  readonly seconds: number
  readonly cpu_seconds: number
  readonly identifiers: number
  readonly profiles: number
  readonly peak_mb: number
  readonly result: string
}

interface Run extends Published {
  readonly messages: number
}

/** What a log was made of; beside it as `world.json`. */
interface World {
  readonly messages: number
  readonly seed: number
  readonly hard: boolean
}

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures = await run()
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(28), value)
} finally {
  await rm(folder, { recursive: true })
}

async function run(): Promise<Figures> {
  const world = await worldLog(values.log ?? join(folder, 'world'))
  const figures: Figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    world: `${hard ? 'hard' : 'clean'}, ${world.made.messages} messages`,
    seed,
    threads,
    memory_mb: memory,
  }
  const runs: Run[] = []
  for (const size of sizes) {
    const limits = ['--up-to', String(size), '--memory', memory, '--threads', threads]
    const { output: floored } = await measure([FLOOR, world.log, ...limits])
    const floor = JSON.parse(floored) as { seconds: number }
    const { output } = await measure([PUBLISH, world.log, ...limits])
    const published = JSON.parse(output) as Published
    runs.push({ messages: size, ...published })
    Object.assign(figures, told(size / MILLION, published, floor.seconds))
  }
  return { ...figures, ...targets(runs) }
}

/** The log in a directory, written unless it is there. */
async function worldLog(directory: string): Promise<{ log: string; made: World }> {
  const log = join(directory, 'log')
  const note = join(directory, 'world.json')
  if (existsSync(note)) {
    const made = JSON.parse(await readFile(note, 'utf8')) as World
    if (made.seed !== seed || made.hard !== hard || made.messages < largest)
      throw new Error(
        `${directory} holds another world: ${JSON.stringify(made)}; name another directory`,
      )
    return { log, made }
  }
  if (existsSync(log))
    throw new Error(`the log in ${directory} was not written to its end; remove it`)
  await mkdir(directory, { recursive: true })
  const made = { messages: largest, seed, hard }
  await writeWorldLog(log, defaultSettings(), made, (done) => {
    if (done % TOLD_EVERY === 0) console.error(`${done} of ${largest} messages written`)
  })
  await writeFile(note, `${JSON.stringify(made)}\n`)
  return { log, made }
}

function told(millions: number, one: Published, floorSeconds: number): Figures {
  const name = `${millions}m_`
  return {
    [`${name}records`]: one.records,
    [`${name}seconds`]: round(one.seconds),
    [`${name}cpu_seconds`]: round(one.cpu_seconds),
    [`${name}records_per_s`]: Math.round(one.records / one.seconds),
    [`${name}peak_mb`]: one.peak_mb,
    [`${name}floor_seconds`]: round(floorSeconds),
    [`${name}times_floor`]: round(one.seconds / floorSeconds),
    [`${name}identifiers`]: one.identifiers,
    [`${name}profiles`]: one.profiles,
    [`${name}result`]: one.result,
  }
}

function targets(runs: readonly Run[]): Figures {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined) return {}
  const figures: Figures = {}
  if (last.messages > first.messages) {
    const times = last.messages / first.messages
    const growth = last.seconds / first.seconds
    figures['growth'] =
      `${round(growth)} times as long for ${round(times)} times as many messages, ${round(GROWTH_MAX * times)} at most: ${verdict(growth <= GROWTH_MAX * times)}`
  }
  if (last.messages === WANTED.messages) {
    const { secondsMax, megabytesMax } = WANTED
    figures['target_seconds'] = `${secondsMax} s at most: ${verdict(last.seconds <= secondsMax)}`
    figures['target_peak'] = `${megabytesMax} MB at most: ${verdict(last.peak_mb <= megabytesMax)}`
  }
  return figures
}

function verdict(isHeld: boolean): string {
  return isHeld ? 'held' : 'missed'
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
