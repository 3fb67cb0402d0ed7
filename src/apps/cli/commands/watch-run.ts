// A run, or learning, that the server does: begun there and watched from here.

import { setTimeout as wait } from 'node:timers/promises'

import type { RunAnswer, WantedRun } from '../../answers/run-answer.ts'
import { UserError } from '../../user-error.ts'
import { answeredBy, clientOf, type Reached } from '../server-client.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { valueOf } from '../unanswered.ts'
import { stageLines } from '../words/run-words.ts'

export interface RunLimitOptions {
  /** Megabytes. */
  readonly memory: number | undefined
  readonly threads: number | undefined
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
