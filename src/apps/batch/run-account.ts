// A batch run over an account that is open here: the computing in a thread, the writing by this process.
// Invariant: one run of an account at a time; what a run that was killed left behind is removed by the next.

import { mkdir, rm, rmdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

import type { Settings } from '../../core/index.ts'
import type { ConfirmingRun } from '../../core/profile/view/confirm.ts'
import type { RunOutcome } from '../../flows/run-batch.ts'
import type { Training } from '../../batch/learning/learn.ts'
import type { Told } from '../../batch/stage.ts'
import type { Account } from '../account/account.ts'
import { UserError } from '../user-error.ts'
import { announceRuns } from './announce-runs.ts'
import { noteRun, readPastRuns } from './past-runs.ts'
import type {
  AskName,
  Asks,
  Done,
  Failure,
  FromThread,
  RunLimits,
  RunTask,
  ToThread,
} from './thread-messages.ts'

export interface RunOptions extends RunLimits {
  /** The settings to decide by: those of the account, or in a dry run others. */
  readonly settings: Settings
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly told: Told
  /** Now, ms. */
  readonly at: number
}

/** Of the machine's memory; the rest is for the process itself and the files' cache. */
const MEMORY_SHARE = 0.5
const MEGABYTE = 1e6

/** What a run may use unless it is told. */
export function usualLimits(): RunLimits {
  return {
    memoryMegabytesMax: Math.floor((totalmem() * MEMORY_SHARE) / MEGABYTE),
    threads: availableParallelism(),
  }
}

/** Components that were too large to decide live and are decided by one run. */
const WAITING_MAX = 100_000

/** @throws {UserError} when a stage fails, with its name; an aborted run fails with the signal's reason. */
export async function runAccount(account: Account, options: RunOptions): Promise<RunOutcome> {
  const { outcome } = await doInThread(account, options, false)
  if (outcome === null) throw new Error('a run without an outcome')
  const notice = options.dryRun ? null : await announced(account)
  return notice === null ? outcome : { ...outcome, notices: [...outcome.notices, notice] }
}

/** The run is published, whether or not the feed could be told: it is when the data is opened next. */
async function announced({ store, layout }: Account): Promise<string | null> {
  try {
    await announceRuns(store, layout)
    return null
  } catch (cause) {
    return `the feed of changes does not tell of this run yet: ${messageOf(cause)}`
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/**
 * Learns by the active settings, and makes what it learned what decisions go by from then on; null where these settings
 * learn nothing. @throws {UserError} as a run does.
 */
export async function learnAccount(
  account: Account,
  options: Omit<RunOptions, 'settings' | 'dryRun'>,
): Promise<Training | null> {
  const { settings } = account.active
  const { training } = await doInThread(account, { ...options, settings, dryRun: false }, true)
  return training
}

async function doInThread(
  account: Account,
  options: RunOptions,
  onlyLearns: boolean,
): Promise<Done> {
  const { layout, resolver, secret } = account
  await resolver.flush()
  const scratch = join(layout.warehouseDirectory, '.work')
  await rm(scratch, { recursive: true, force: true })
  const spillDirectory = join(scratch, 'spill')
  await mkdir(spillDirectory, { recursive: true, mode: 0o700 })
  try {
    const task: RunTask = {
      memoryMegabytesMax: options.memoryMegabytesMax,
      threads: options.threads,
      settings: options.settings,
      secret,
      upTo: resolver.applied,
      inUse: thresholdInUse(account),
      startedAt: options.at,
      pastRuns: await readPastRuns(layout),
      dryRun: options.dryRun,
      onlyLearns,
      graph: account.graphPlace,
      warehouseDirectory: layout.warehouseDirectory,
      spillDirectory,
    }
    // Nobody tells the thread of an interruption that came before it began.
    options.signal.throwIfAborted()
    return await inThread(task, workFor(account, task, scratch, options), options)
  } finally {
    await rm(scratch, { recursive: true, force: true })
    await removeEmpty(layout.warehouseDirectory)
  }
}

/** Null also where new logins have contradicted it. */
function thresholdInUse({ active: { policy } }: Account): number | null {
  const { knowledge } = policy
  return knowledge === null || knowledge.stopped ? null : knowledge.model.joinFrom
}

/** A run that published nothing leaves no directories behind that it found none of. */
async function removeEmpty(warehouseDirectory: string): Promise<void> {
  for (const path of [warehouseDirectory, dirname(warehouseDirectory)]) {
    try {
      await rmdir(path)
    } catch {
      return
    }
  }
}

/** What the process does for the thread. */
type Work = {
  readonly [Name in AskName]: (args: Asks[Name]['args']) => Promise<Asks[Name]['answer']>
}

function workFor(
  account: Account,
  { upTo, settings, pastRuns }: RunTask,
  scratch: string,
  { at }: RunOptions,
): Work {
  const { layout, log, resolver, store } = account
  const run: ConfirmingRun = { name: 'a batch run', at }
  let asked = 0
  return {
    membership: () => store.membership(),
    changes: ([after, limit]) => store.changes(after, limit),
    questions: ([after, limit]) => store.questions(after, limit),
    columns: async (cuts) => {
      const directory = join(scratch, `columns-${asked++}`)
      await mkdir(directory, { mode: 0o700 })
      return log.columns({ upTo, cuts, scratch: directory })
    },
    decideAgain: async (members) => {
      await resolver.decideAgain(members)
      return null
    },
    confirm: (profiles) => resolver.confirm(profiles, run),
    decideWaiting: () => resolver.decideWaiting(WAITING_MAX),
    activate: async (learned) => {
      await account.activate({ settings, learned }, upTo)
      return null
    },
    settle: async () => {
      await resolver.flush()
      await account.settle()
      return null
    },
    ask: (pairs) => resolver.ask(pairs),
    takeBack: async (questions) => {
      await resolver.takeBack(questions)
      return null
    },
    flush: async () => {
      await resolver.flush()
      return null
    },
    note: async (row) => {
      await noteRun(layout, scratch, [...pastRuns, row])
      return null
    },
  }
}

function inThread(task: RunTask, work: Work, { signal, told }: RunOptions): Promise<Done> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./batch-thread.${extension}`, import.meta.url), {
    workerData: task,
  })
  const say = (message: ToThread): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
    worker.postMessage(message)
  }
  const abort = (): void => say({ say: 'abort' })
  signal.addEventListener('abort', abort)
  return new Promise<Done>((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      if (message.say === 'told') told(message.stage, message.rows)
      else if (message.say === 'done') resolve(message.done)
      else if (message.say === 'failed')
        reject(signal.aborted ? signal.reason : failed(message.failure))
      else void answer(work, message, say)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('the thread of the run has ended')))
  }).finally(() => signal.removeEventListener('abort', abort))
}

async function answer(
  work: Work,
  { id, what, args }: Extract<FromThread, { say: 'ask' }>,
  say: (message: ToThread) => void,
): Promise<void> {
  try {
    // The thread sends what belongs to the name.
    const one = work[what] as (args: unknown) => Promise<unknown>
    say({ say: 'answer', id, answer: await one(args) })
  } catch (cause) {
    say({ say: 'refusal', id, message: messageOf(cause) })
  }
}

function failed({ message, sql }: Failure): UserError {
  const hint =
    sql === null
      ? 'Nothing was published; the last tables stay as they are.'
      : `Nothing was published. The SQL of the stage:\n${sql}`
  return new UserError(`the run failed: ${message}`, { hint })
}
