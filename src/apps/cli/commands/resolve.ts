// `resolve`: the batch run. Computes everything again, puts the live profiles right, publishes the tables.
// Where a server has the data open, the server runs it and this command watches.

import { readsOtherwise } from '../../../core/policy/compile-policy.ts'
import type { ActivePolicy } from '../../account/active-policy.ts'
import { readConfiguration } from '../../account/configuration.ts'
import type { Account } from '../../account/account.ts'
import { openAccount } from '../../account/open-account.ts'
import { answerOfRun, type RunAnswer } from '../../answers/run-answer.ts'
import { runAccount, usualLimits } from '../../batch/run-account.ts'
import { stoppedWords } from '../../account/active-rules.ts'
import { DONE, INTERRUPTED, type Invocation, openOptionsOf } from '../invocation.ts'
import type { Reached } from '../server-client.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { sayRun, stageLines } from '../words/run-words.ts'
import { doneWhereItCan, refuseLimits, type RunLimitOptions, watchRun } from './watch-run.ts'

export interface ResolveOptions extends RunLimitOptions {
  readonly dryRun: boolean
}

const HALF_CHANGED =
  'Not all profiles are decided yet by the active policy and what was learned last: run `selfsame resolve` again.'

const TABLES_BEHIND =
  'Profiles are decided by the configuration and by what was learned by now; the tables are not: run `selfsame resolve` again.'

export async function resolve(invocation: Invocation, options: ResolveOptions): Promise<number> {
  const { terminal, json } = invocation
  const done = await doneWhereItCan(invocation, {
    here: (signal) => runHere(invocation, options, signal),
    there: (server, signal) => runThere(invocation, server, options, signal),
  })
  if (done === null) return INTERRUPTED
  const { outcome: run, ms } = done
  for (const notice of run.outcome?.notices ?? []) terminal.note(`note: ${notice}`)
  const { outcome, training } = run
  if (json) terminal.say(JSON.stringify({ ...outcome, training }))
  else sayRun(invocation, run, ms)
  return DONE
}

/** Null when it was interrupted. */
async function runHere(
  invocation: Invocation,
  options: ResolveOptions,
  signal: AbortSignal,
): Promise<RunAnswer | null> {
  const { terminal } = invocation
  const openOptions = await openOptionsOf(invocation)
  // That the configuration differs is told below: here it is what the person wants.
  const quiet = { ...openOptions, notice: () => undefined }
  const account = await openAccount(invocation.dataDirectory, quiet)
  const before = rulesOf(account)
  try {
    noteChange(account.active, options, terminal)
    if (account.active.policy.knowledge?.stopped === true)
      terminal.note(`note: ${stoppedWords(account.learned.drift)}`)
    const usual = usualLimits()
    const startedAt = Date.now()
    const lines = stageLines(terminal)
    const outcome = await runAccount(account, {
      settings: account.active.configured,
      memoryMegabytesMax: options.memory ?? usual.memoryMegabytesMax,
      threads: options.threads ?? usual.threads,
      dryRun: options.dryRun,
      signal,
      told: lines,
      at: startedAt,
    })
    const { dryRun } = options
    const { training } = outcome
    const done = {
      state: 'done',
      dryRun,
      learn: false,
      startedAt,
      stages: [],
      error: null,
    } as const
    return answerOfRun({ ...done, outcome, training })
  } catch (cause) {
    if (!signal.aborted) throw cause
    terminal.note('interrupted: no tables were published, the last ones stay as they are')
    if (!account.active.settled) terminal.note(HALF_CHANGED)
    else if (rulesOf(account) !== before) terminal.note(TABLES_BEHIND)
    return null
  } finally {
    await account.close()
  }
}

/** What is decided by: the same text, the same rules. */
function rulesOf({ active: { policy } }: Account): string {
  return `${policy.version} ${policy.knowledge?.version ?? ''}`
}

function noteChange(
  { settings, configured, configurationDiffers, policy }: ActivePolicy,
  { dryRun }: ResolveOptions,
  terminal: Terminal,
): void {
  if (!configurationDiffers) return
  const what = dryRun ? 'this run tries it and changes nothing' : 'this run makes it the active one'
  terminal.note(
    `note: the configuration decides otherwise than the active policy ${policy.version}; ${what}`,
  )
  if (!readsOtherwise(settings, configured)) return
  terminal.note(
    'note: it also reads messages otherwise (sites, events, identifier types, contact fields …); that concerns later messages, those in the log stay as they were read',
  )
}

async function runThere(
  { configurationFile, environment, terminal }: Invocation,
  server: Reached,
  { dryRun, memory, threads }: ResolveOptions,
  signal: AbortSignal,
): Promise<RunAnswer | null> {
  const { settings } = await readConfiguration(configurationFile, environment)
  const wanted = {
    dry_run: dryRun,
    ...(settings !== null && { settings: { ...settings } }),
  }
  refuseLimits(server, { memory, threads })
  return watchRun(server, wanted, terminal, signal)
}
