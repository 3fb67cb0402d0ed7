// How long does a run that changes nothing take to find that out, in a live graph of a million profiles?
// Usage: node bench/batch/reconcile.ts [--profiles N] [--data DIRECTORY] [--seed S] [--stages] [--json]
// A data directory given with --data is kept and used again: filling it takes a few minutes. The graph has a few profiles
// more than asked for: one in a thousand people gives two e-mails.

import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { openAccount } from '../../src/apps/account/open-account.ts'
import { runAccount, usualLimits } from '../../src/apps/batch/run-account.ts'
import type { RunOutcome } from '../../src/flows/run-batch.ts'
import { measure } from '../ingest/child.ts'
import { writePeople } from './people-file.ts'

const { values } = parseArgs({
  options: {
    profiles: { type: 'string', default: '1000000' },
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    stages: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const people = Number(values.profiles)
const seed = Number(values.seed)
const CLI = new URL('../../src/apps/cli/main.ts', import.meta.url).pathname
const SECONDS_MAX = 5
/** Of a million profiles. */
const WANTED_AT = 1_000_000
/** What a run does because there is a live graph, beside computing everything again. */
const RECONCILING = [
  'live profiles',
  'comparison',
  'decided again',
  'confirmed',
  'names',
  'questions',
  'history',
]

type Figures = Record<string, number | string>

interface TimedRun {
  readonly outcome: RunOutcome
  readonly seconds: number
  /** s, by stage. */
  readonly stages: ReadonlyMap<string, number>
}

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures = await run(values.data ?? join(folder, 'data'))
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(24), value)
} finally {
  await rm(folder, { recursive: true })
}

async function run(data: string): Promise<Figures> {
  await fill(data)
  const account = await openAccount(data, { configuration: null, notice: () => undefined })
  try {
    const timed = async (): Promise<TimedRun> => {
      const stages = new Map<string, number>()
      const startedAt = Date.now()
      let began = performance.now()
      const outcome = await runAccount(account, {
        ...usualLimits(),
        settings: account.active.configured,
        dryRun: false,
        signal: new AbortController().signal,
        at: startedAt,
        told: (stage, rows) => {
          const now = performance.now()
          if (rows === null) began = now
          else stages.set(stage, (now - began) / 1_000)
        },
      })
      return { outcome, seconds: (Date.now() - startedAt) / 1_000, stages }
    }
    // The first confirms what is there; the second has nothing to do.
    const first = await timed()
    const second = await timed()
    return figuresOf(first, second)
  } finally {
    await account.close()
  }
}

async function fill(data: string): Promise<void> {
  const note = join(data, 'people.json')
  const made = JSON.stringify({ people, seed })
  if (existsSync(note)) {
    const holds = await readFile(note, 'utf8')
    if (holds !== made) throw new Error(`${data} holds ${holds}; name another directory`)
    return
  }
  if (existsSync(data)) throw new Error(`${data} was not filled to its end; remove it`)
  const file = join(folder, 'people.ndjson')
  await writePeople(file, people, seed)
  await measure([CLI, 'ingest', file, '--data', data, '--json'])
  await writeFile(note, made)
}

function figuresOf(first: TimedRun, second: TimedRun): Figures {
  const { outcome, stages } = second
  if (outcome.confirmed + outcome.doubtful > 0)
    throw new Error('the second run had something to do')
  const seconds = RECONCILING.reduce((sum, stage) => sum + (stages.get(stage) ?? 0), 0)
  const named = (prefix: string, of: ReadonlyMap<string, number>, which: readonly string[]) =>
    Object.fromEntries(
      which.flatMap((stage) => {
        const took = of.get(stage)
        return took === undefined
          ? []
          : [[`${prefix}${stage.replaceAll(' ', '_')}_s`, round(took)] as const]
      }),
    )
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    people,
    profiles: outcome.profiles,
    identifiers: outcome.identifiers,
    first_run_s: round(first.seconds),
    first_confirmed: first.outcome.confirmed,
    ...named('first_', first.stages, ['confirmed']),
    run_s: round(second.seconds),
    ...named('', stages, values.stages ? [...stages.keys()] : RECONCILING),
    reconcile_s: round(seconds),
    ...(people === WANTED_AT && {
      target: `${SECONDS_MAX} s at most: ${seconds <= SECONDS_MAX ? 'held' : 'missed'}`,
    }),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
