// `resolve`: the batch run. Computes everything again, puts the live profiles right, publishes the tables.

import { availableParallelism, totalmem } from 'node:os'

import type { RunOutcome } from '../../../flows/run-batch.ts'
import { openAccount } from '../../account/open-account.ts'
import { runAccount } from '../../batch/run-account.ts'
import { DONE, INTERRUPTED, interruptible, type Invocation, openOptionsOf } from '../invocation.ts'
import { count, counted, duration } from '../terminal/numbers.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ResolveOptions {
  readonly dryRun: boolean
  /** Megabytes. */
  readonly memory: number | undefined
  readonly threads: number | undefined
}

/** The rest is for the process itself and the files' cache. */
const MEMORY_SHARE = 0.5
const MEGABYTE = 1e6

export async function resolve(invocation: Invocation, options: ResolveOptions): Promise<number> {
  const { terminal, json } = invocation
  const account = await openAccount(invocation.dataDirectory, await openOptionsOf(invocation))
  try {
    const startedAt = performance.now()
    const outcome = await interruptible((signal) =>
      runAccount(account, {
        settings: account.active.settings,
        memoryMegabytesMax: options.memory ?? Math.floor((totalmem() * MEMORY_SHARE) / MEGABYTE),
        threads: options.threads ?? availableParallelism(),
        dryRun: options.dryRun,
        signal,
        told: stageLines(terminal),
        at: Date.now(),
      }).catch((cause: unknown) => {
        if (signal.aborted) return null
        throw cause
      }),
    )
    if (outcome === null) {
      terminal.note('interrupted: nothing was published; the last tables stay as they are')
      return INTERRUPTED
    }
    if (json) terminal.say(JSON.stringify(outcome))
    else sayOutcome(terminal, outcome, performance.now() - startedAt)
    return DONE
  } finally {
    await account.close()
  }
}

/** A line a stage, with its rows and seconds, for whoever watches. */
function stageLines(terminal: Terminal): (stage: string, rows: number | null) => void {
  let began = performance.now()
  return (stage, rows) => {
    if (!terminal.isWatched) return
    if (rows === null) {
      began = performance.now()
      terminal.moving(`${stage} …`)
      return
    }
    terminal.moving('')
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    terminal.note(`${stage.padEnd(20)} ${count(rows).padStart(12)} rows ${seconds.padStart(7)} s`)
  }
}

function sayOutcome(terminal: Terminal, outcome: RunOutcome, ms: number): void {
  const { run, profiles, identifiers, upTo, confirmed, doubtful, newer, awaiting, contested } =
    outcome
  const name = run === null ? 'Dry run' : `Run ${run}`
  terminal.say(
    `${name}: ${counted(upTo, 'record')} to ${counted(profiles, 'profile')} of ${counted(identifiers, 'identifier')} in ${duration(ms)}.`,
  )
  terminal.say(`  ${count(confirmed)} profiles newly confirmed`)
  if (awaiting > 0)
    terminal.say(
      `  ${counted(awaiting, 'neighbourhood')} decided that had been too large to decide live`,
    )
  if (doubtful > 0)
    terminal.say(
      `  ${count(doubtful)} identifiers decided anew, ${count(newer)} of them with newer facts than the run`,
    )
  terminal.say(`  ${count(contested)} identifiers needed a guard or a judgement`)
  if (run !== null) terminal.say('Ask the tables: selfsame sql "SELECT count(*) FROM profiles"')
}
