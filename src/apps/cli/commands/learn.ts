// `learn`: learns from the log, and has what comes from now on decided by it. Where a server has the data open, the server
// learns and this command watches.

import { openAccount } from '../../account/open-account.ts'
import { accountLookUps } from '../../answers/account-look-ups.ts'
import type { ModelAnswer } from '../../answers/knowledge-answer.ts'
import { learnAccount, usualLimits } from '../../batch/run-account.ts'
import { DONE, INTERRUPTED, type Invocation, openOptionsOf } from '../invocation.ts'
import { type Reached, serverLookUps } from '../server-client.ts'
import { valueOf } from '../unanswered.ts'
import { sayLearned, sayWeights } from '../words/model-words.ts'
import { stageLines } from '../words/run-words.ts'
import { doneWhereItCan, refuseLimits, type RunLimitOptions, watchRun } from './watch-run.ts'

export interface LearnOptions extends RunLimitOptions {
  readonly weights: boolean
}

export async function learn(invocation: Invocation, options: LearnOptions): Promise<number> {
  const { terminal, json } = invocation
  const done = await doneWhereItCan(invocation, {
    here: (signal) => learnHere(invocation, options, signal),
    there: (server, signal) => learnThere(invocation, server, options, signal),
  })
  if (done === null) return INTERRUPTED
  const { outcome: learned, ms } = done
  if (json) terminal.say(JSON.stringify(learned))
  else {
    sayLearned(invocation, learned, ms)
    if (options.weights) sayWeights(terminal, learned)
  }
  return DONE
}

/** Null when it was interrupted. */
async function learnHere(
  invocation: Invocation,
  { memory, threads }: LearnOptions,
  signal: AbortSignal,
): Promise<ModelAnswer | null> {
  const { terminal, dataDirectory } = invocation
  const account = await openAccount(dataDirectory, await openOptionsOf(invocation))
  try {
    const usual = usualLimits()
    await learnAccount(account, {
      memoryMegabytesMax: memory ?? usual.memoryMegabytesMax,
      threads: threads ?? usual.threads,
      signal,
      told: stageLines(terminal),
      at: Date.now(),
    })
    return valueOf(await accountLookUps(account).model())
  } catch (cause) {
    if (!signal.aborted) throw cause
    terminal.note('interrupted: what was known before is still what decisions go by')
    return null
  } finally {
    await account.close()
  }
}

async function learnThere(
  { terminal }: Invocation,
  server: Reached,
  options: LearnOptions,
  signal: AbortSignal,
): Promise<ModelAnswer | null> {
  refuseLimits(server, options)
  const done = await watchRun(server, { learn: true }, terminal, signal)
  return done === null ? null : valueOf(await serverLookUps(server).model())
}
