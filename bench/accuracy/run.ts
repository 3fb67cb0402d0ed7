// How right are the profiles of a simulated world, beside those of a shop without a resolver, and do the floors hold?
// Run: npm run bench:accuracy -- [--people 20000] [--days 60] [--seeds 10] [--seed 1] [--hard | --clean]
//      [--events] [--mistakes 20] [--config FILE] [--json]. Exits 1 when a floor is missed.

import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

import { type Bound, boundOf } from '../../src/evaluation/index.ts'
import { checkFloors, type Check } from './floors.ts'
import { eventScore } from './events.ts'
import { printMistakes } from './mistakes.ts'
import {
  checkLine,
  MEASURES,
  meanLines,
  scoreLine,
  tableHead,
  worldLine,
  type WorldResult,
} from './report.ts'
import { type Frame, partitionHash, playWorld, scoresOf } from './world.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '20000' },
    days: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    hard: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
    events: { type: 'boolean', default: false },
    config: { type: 'string' },
    mistakes: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const settings = settingsIn(values.config)
const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}`
const say = values.json ? () => {} : (text: string) => console.log(text)
say(machine)
const kinds = [...(values.hard ? [] : [false]), ...(values.clean ? [] : [true])]
const results = kinds.map((hard) => ({ hard, ...runKind(hard) }))
if (values.json) console.log(JSON.stringify({ machine, worlds: results.map(forMachines) }, null, 2))
process.exitCode = results.every(({ checks }) => checks.every((c) => c.holds)) ? 0 : 1

function runKind(hard: boolean): { worlds: WorldResult[]; checks: readonly Check[] } {
  const [people, days] = [Number(values.people), Number(values.days)]
  const [first, seeds] = [Number(values.seed), Number(values.seeds)]
  say(
    `\n${hard ? 'hard' : 'clean'} world, ${people} people, ${days} days, seeds ${first} to ${first + seeds - 1}`,
  )
  say(tableHead())
  const worlds: WorldResult[] = []
  for (let seed = first; seed < first + seeds; seed++) {
    worlds.push(runWorld({ people, days, seed, hard }))
  }
  for (const text of meanLines(worlds)) say(text)
  const checks = checkFloors(
    worlds.map(({ scores }) => scores),
    hard,
  )
  for (const check of checks) say(checkLine(check))
  say(`  result ${hashOf(worlds)}, at most ${megabytes(process.resourceUsage().maxRSS)} MB`)
  return { worlds, checks }
}

/** Plays, scores and prints one world; nothing of it is held afterwards but the figures. */
function runWorld(frame: Frame): WorldResult {
  const start = performance.now()
  const progress = (count: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r  seed ${frame.seed}: ${count} messages `)
  }
  const played = playWorld(frame, progress, settings)
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  const scores = scoresOf(played)
  const seconds = (performance.now() - start) / 1000
  const { messages, view } = played
  const events = values.events ? eventScore(played) : null
  const result = { seed: frame.seed, messages, seconds, hash: partitionHash(view), scores, events }
  say(worldLine(result))
  if (events !== null) say(scoreLine('  its events', events))
  if (values.mistakes !== undefined) printMistakes(played, Number(values.mistakes), say)
  return result
}

function settingsIn(file: string | undefined): object {
  const json: unknown = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
  if (typeof json === 'object' && json !== null) return json
  throw new Error(`${file} holds no configuration`)
}

function forMachines({ hard, worlds, checks }: (typeof results)[number]): object {
  const bounds: Record<string, Bound | null> = {}
  for (const measure of MEASURES) {
    const list = worlds.map(({ scores }) => scores.selfsame[measure])
    bounds[measure] = list.length > 1 ? boundOf(list) : null
  }
  return { hard, result: hashOf(worlds), worlds, bounds, checks }
}

function hashOf(worlds: readonly WorldResult[]): string {
  return hash('sha256', worlds.map((world) => world.hash).join()).slice(0, 16)
}

function megabytes(kilobytes: number): number {
  return Math.round(kilobytes / 1024)
}
