// How much of what is there does the learned scorer find, how precisely, and what does a pair cost? (docs/accuracy.md)
// Run: npm run bench:learned -- [--people 2000] [--days 60] [--seeds 2] [--seed 1] [--clean] [--trouble NAME]
//      [--precision 0.99] [--python PATH] [--no-speed] [--no-bound] [--json]. Exits 1 when profiles are less precise than
//      they must be. PATH is a Python with lightgbm and numpy; without one the trees are left out.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { type Trouble, TROUBLES } from '../../src/simulator/index.ts'
import type { Frame } from '../accuracy/world.ts'
import { figuresOf, type WorldFigures } from './figures.ts'
import { headLines, speedLines, summaryLines, summaryOf, worldLines } from './report.ts'
import { type Speed, speedOf } from './speed.ts'
import { fitToTruth, growTrees, hasTrees, NO_TREES } from './upper-bound.ts'
import { type LearnedWorld, openLearnedWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '2000' },
    days: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    clean: { type: 'boolean', default: false },
    trouble: { type: 'string', default: 'none' },
    precision: { type: 'string', default: '0.99' },
    python: { type: 'string', default: 'python3' },
    'no-speed': { type: 'boolean', default: false },
    'no-bound': { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    memory: { type: 'string', default: '4000' },
    json: { type: 'boolean', default: false },
  },
})
const trouble = troubleOf(values.trouble)
const [seed, seeds] = [Number(values.seed), Number(values.seeds)]
const engine = { megabytes: Number(values.memory), threads: Number(values.threads) }
/** As a run has them. */
const limits = {
  pairsMax: 200_000,
  answersMin: 100,
  precisionMin: Number(values.precision),
  rounds: 10,
  inUse: null,
}
const LIVE_PEOPLE_MAX = 1_000
const NOTHING_BESIDE = { bound: null, trees: null } as const
const say = values.json ? () => {} : (line: string) => console.log(line)

const frameOf = (one: number): Frame => ({
  people: Number(values.people),
  days: Number(values.days),
  seed: one,
  hard: !values.clean,
  trouble,
})

const folder = await mkdtemp(join(tmpdir(), 'selfsame-trees-'))
try {
  await main()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
  const beside = values['no-bound'] ? NOTHING_BESIDE : await trainBeside()
  for (const line of headLines({ machine, frame: frameOf(seed), seeds, ...limits })) say(line)
  if (beside.trees === null && !values['no-bound']) say(`trees: ${NO_TREES}`)
  const worlds: WorldFigures[] = []
  const speeds: Speed[] = []
  for (let one = seed; one < seed + seeds; one++) {
    await inWorld(frameOf(one), async (world) => {
      const { figures, model } = await figuresOf(world, { limits, ...beside })
      worlds.push(figures)
      for (const line of worldLines(figures)) say(line)
      if (one > seed || model === null || values['no-speed']) return
      const live = { ...frameOf(one), people: Math.min(LIVE_PEOPLE_MAX, Number(values.people)) }
      speeds.push(speedOf({ world, model, limits, live, times: 3 }))
    })
  }
  const summary = summaryOf(worlds, trouble, limits.precisionMin)
  for (const line of summaryLines(summary)) say(line)
  for (const line of speeds.flatMap(speedLines)) say(line)
  const trees = beside.trees && { with: beside.trees.with, trees: beside.trees.trees }
  if (values.json)
    console.log(
      JSON.stringify({ machine, trouble, worlds, summary, trees, speed: speeds[0] ?? null }),
    )
  process.exitCode = summary.checks.every(({ holds, floor }) => holds || !floor) ? 0 : 1
}

/** By the truth of a world whose seed is none of the others'. */
async function trainBeside() {
  return inWorld(frameOf(seed + seeds), async (world) => ({
    bound: fitToTruth(world),
    trees: hasTrees(values.python) ? await growTrees(world, values.python, folder) : null,
  }))
}

async function inWorld<T>(frame: Frame, work: (world: LearnedWorld) => Promise<T>): Promise<T> {
  const world = await openLearnedWorld(frame, engine)
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

function troubleOf(name: string): Trouble {
  const found = TROUBLES.find((known) => known === name)
  if (found !== undefined) return found
  throw new Error(`--trouble is one of ${TROUBLES.join(', ')}`)
}
