// A run, or learning, where it can be done: here, or by the server that has the data open, watched from here.

import { setTimeout as wait } from 'node:timers/promises'

import { accountsIn } from '../../account/accounts.ts'
import { noData } from '../../account/opening.ts'
import type { RunAnswer, WantedRun } from '../../answers/run-answer.ts'
import { UserError } from '../../user-error.ts'
import { accountOf, interruptible, type Invocation } from '../invocation.ts'
import { serverOf } from '../reach-data.ts'
import { answeredBy, clientOf, type Reached } from '../server-client.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { valueOf } from '../unanswered.ts'
import { stageLines } from '../words/run-words.ts'

export interface RunLimitOptions {
  /** Megabytes. */
  readonly memory: number | undefined
  readonly threads: number | undefined
}

/** How it is done in either place; null when it was interrupted. */
export interface Places<Outcome> {
  readonly here: (signal: AbortSignal) => Promise<Outcome | null>
  readonly there: (server: Reached, signal: AbortSignal) => Promise<Outcome | null>
}

/** What came of it and how long it took, in ms; null when it was interrupted. Where there is no data, that is told. */
export async function doneWhereItCan<Outcome>(
  invocation: Invocation,
  { here, there }: Places<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly ms: number } | null> {
  const { dataDirectory } = invocation
  const name = await accountOf(invocation)
  if (!(await accountsIn(dataDirectory)).includes(name)) throw await noData(dataDirectory, name)
  const server = await serverOf(invocation)
  const began = performance.now()
  const outcome = await interruptible((signal) =>
    server === null ? here(signal) : there(server, signal),
  )
  return outcome === null ? null : { outcome, ms: performance.now() - began }
}

const LOOK_EVERY_MS = 500

/** @throws {UserError} for limits, which are not for a server's run. */
export function refuseLimits({ url }: Reached, { memory, threads }: RunLimitOptions): void {
  if (memory === undefined && threads === undefined) return
  throw new UserError('--memory and --threads are for a run of this command', {
    hint: `The server at ${url} runs it, within its own limits. Leave them out, or stop the server.`,
    exitCode: 2,
  })
}

/** Null when it was interrupted, which ends the watching only: the run is the server's. */
export async function watchRun(
  server: Reached,
  wanted: WantedRun,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunAnswer | null> {
  const client = clientOf(server)
  const started = valueOf(await answeredBy(server, client.startRun(wanted)))
  const lines = stageLines(terminal)
  let told = 0
  for (;;) {
    const { latest } = valueOf(await answeredBy(server, client.runs()))
    for (const stage of (latest?.stages ?? []).filter(({ rows }) => rows !== null).slice(told)) {
      lines(stage.name, stage.rows, stage.seconds)
      told++
    }
    if (latest?.state === 'failed') throw new UserError(latest.error ?? 'the run failed')
    if (latest?.state === 'done' && latest.started_at === started.started_at) return latest
    await wait(LOOK_EVERY_MS)
    if (!signal.aborted) continue
    terminal.note(`the run goes on in the server at ${server.url}; GET /v1/runs tells how`)
    return null
  }
}
