// How right are the profiles of a simulated world, beside those of a shop without a resolver, and do the floors hold?
// Run: npm run bench:accuracy -- [--people 20000] [--days 60] [--seeds 10] [--seed 1] [--hard | --clean]
//      [--trouble NAME] [--events] [--mistakes 20] [--config FILE] [--json] [--batch]. Exits 1 when a floor is missed.
// --batch: the live path through a log and a store, and the batch over the same log, beside each other.

import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

import { type Bound, boundOf } from '../../src/evaluation/index.ts'
import { type Trouble, TROUBLES } from '../../src/simulator/index.ts'
import { checkFloors, checkTroubled, type Check } from './floors.ts'
import { eventScore } from './events.ts'
import { playBoth } from './beside.ts'
import { printMistakes } from './mistakes.ts'
import {
  besideLines,
  checkBeside,
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
    trouble: { type: 'string', default: 'none' },
    events: { type: 'boolean', default: false },
    config: { type: 'string' },
    mistakes: { type: 'string' },
    batch: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const trouble = troubleOf(values.trouble)
const settings = settingsIn(values.config)
const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}`
const say = values.json ? () => {} : (text: string) => console.log(text)
say(machine)
const kinds = [...(values.hard ? [] : [false]), ...(values.clean ? [] : [true])]
if (values.batch) await runBeside()
else {
  const results = kinds.map((hard) => ({ hard, ...runKind(hard) }))
  tell(results.map(forMachines))
  exitBy(results.flatMap(({ checks }) => checks))
}

function tell(worlds: readonly object[]): void {
  if (values.json) console.log(JSON.stringify({ machine, worlds }, null, 2))
}

function exitBy(checks: readonly Check[]): void {
  process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1
}

/** Live and batch over the same log. */
async function runBeside(): Promise<void> {
  const worlds: object[] = []
  const checks: Check[] = []
  for (const hard of kinds) {
    say(headOf(hard))
    say(tableHead())
    for (const frame of framesOf(hard)) {
      const one = await playBoth(frame, settings)
      const own = checkBeside(one)
      for (const line of besideLines(one)) say(line)
      for (const check of own) if (!check.holds) say(checkLine(check))
      checks.push(...own)
      worlds.push({ hard, ...one })
    }
  }
  tell(worlds)
  exitBy(checks)
}

function headOf(hard: boolean): string {
  const [first, seeds] = [Number(values.seed), Number(values.seeds)]
  const suffering = trouble === 'none' ? '' : ` with ${trouble}`
  return `\n${hard ? 'hard' : 'clean'} world${suffering}, ${values.people} people, ${values.days} days, seeds ${first} to ${first + seeds - 1}`
}

function framesOf(hard: boolean): readonly Frame[] {
  const [people, days, first] = [Number(values.people), Number(values.days), Number(values.seed)]
  return Array.from({ length: Number(values.seeds) }, (_, i) => ({
    people,
    days,
    seed: first + i,
    hard,
    trouble,
  }))
}

function runKind(hard: boolean): { worlds: WorldResult[]; checks: readonly Check[] } {
  say(headOf(hard))
  say(tableHead())
  const worlds = framesOf(hard).map(runWorld)
  for (const text of meanLines(worlds)) say(text)
  const scores = worlds.map((world) => world.scores)
  const checks = trouble === 'none' ? checkFloors(scores, hard) : checkTroubled(scores)
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

function troubleOf(name: string): Trouble {
  const found = TROUBLES.find((known) => known === name)
  if (found !== undefined) return found
  throw new Error(`--trouble is one of ${TROUBLES.join(', ')}`)
}

function settingsIn(file: string | undefined): object {
  const json: unknown = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
  if (typeof json === 'object' && json !== null) return json
  throw new Error(`${file} holds no configuration`)
}

function forMachines({
  hard,
  worlds,
  checks,
}: { hard: boolean } & ReturnType<typeof runKind>): object {
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
