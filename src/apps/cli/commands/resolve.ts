// `resolve`: the batch run. Computes everything again, puts the live profiles right, publishes the tables.

import type { RunOutcome } from '../../../flows/run-batch.ts'
import { readsOtherwise } from '../../../core/policy/compile-policy.ts'
import type { ActivePolicy } from '../../account/active-policy.ts'
import { accountsIn } from '../../account/accounts.ts'
import { noData, openAccount } from '../../account/open-account.ts'
import { runAccount, usualLimits } from '../../batch/run-account.ts'
import {
  accountOf,
  DONE,
  INTERRUPTED,
  interruptible,
  type Invocation,
  openOptionsOf,
} from '../invocation.ts'
import { count, counted, duration } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ResolveOptions {
  readonly dryRun: boolean
  /** Megabytes. */
  readonly memory: number | undefined
  readonly threads: number | undefined
}

const HALF_CHANGED =
  'The configuration is the active policy by now, and not all profiles are decided by it yet: run `selfsame resolve` again.'

export async function resolve(invocation: Invocation, options: ResolveOptions): Promise<number> {
  const { terminal, json, dataDirectory } = invocation
  const name = await accountOf(invocation)
  if (!(await accountsIn(dataDirectory)).includes(name)) throw await noData(dataDirectory, name)
  const openOptions = await openOptionsOf(invocation)
  // That the configuration differs is told below: here it is what the person wants.
  const account = await openAccount(dataDirectory, {
    ...openOptions,
    notice: () => undefined,
  })
  try {
    const { version } = account.active.policy
    noteChange(account.active, options, terminal)
    const usual = usualLimits()
    const startedAt = performance.now()
    const outcome = await interruptible((signal) =>
      runAccount(account, {
        settings: account.active.configured,
        memoryMegabytesMax: options.memory ?? usual.memoryMegabytesMax,
        threads: options.threads ?? usual.threads,
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
      if (account.active.policy.version !== version) terminal.note(HALF_CHANGED)
      return INTERRUPTED
    }
    if (json) terminal.say(JSON.stringify(outcome))
    else sayOutcome(terminal, outcome, performance.now() - startedAt)
    return DONE
  } finally {
    await account.close()
  }
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
  if (run !== null) terminal.say(`  ${count(confirmed)} profiles newly confirmed`)
  sayDifferences(terminal, outcome)
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

function sayDifferences(terminal: Terminal, { run, differences }: RunOutcome): void {
  const { merges, splits, moves, largest } = differences
  if (moves === 0) {
    terminal.say(run === null ? '  nothing would change' : '  nothing had to be put right')
    return
  }
  const [merged, split, moved] =
    run === null
      ? ['would merge', 'would split off', 'would move']
      : ['merged', 'split off', 'moved']
  terminal.say(
    `  ${counted(merges, 'profile')} ${merged} into others, ${counted(splits, 'part')} ${split}, ${counted(moves, 'identifier')} ${moved}`,
  )

  const rows = largest.map(({ what, profiles, members, reason }) => [
    what,
    profiles.join(' '),
    count(members),
    reason,
  ])
  const columns = [
    { head: 'What' },
    { head: 'Profiles', widthMin: 24 },
    { head: 'Moved', align: 'right' },
    { head: 'Why', widthMin: 30 },
  ] as const
  for (const line of tableLines(columns, rows, terminal.width)) terminal.say(`  ${line}`)
}
