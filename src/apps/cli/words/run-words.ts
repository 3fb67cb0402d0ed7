// A batch run in words: a line a stage while it goes on, then what it found and did.

import type { RunAnswer } from '../../answers/run-answer.ts'
import type { Invocation } from '../invocation.ts'
import { count, counted, duration } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { trainingLine } from './model-words.ts'

/** Told of a stage: when it begins (rows null), and when it is done, with its seconds where they are known. */
export type StageLines = (stage: string, rows: number | null, seconds?: number | null) => void

export function stageLines(terminal: Terminal): StageLines {
  let began = performance.now()
  return (stage, rows, told) => {
    if (!terminal.isWatched) return
    if (rows === null) {
      began = performance.now()
      terminal.moving(`${stage} …`)
      return
    }
    terminal.moving('')
    const seconds = (told ?? (performance.now() - began) / 1_000).toFixed(1)
    terminal.note(`${stage.padEnd(20)} ${count(rows).padStart(12)} rows ${seconds.padStart(7)} s`)
  }
}

/** `ms`: how long it took. */
export function sayRun(
  { terminal, calledAs, dataTyped }: Invocation,
  { outcome, training, dry_run: dryRun }: RunAnswer,
  ms: number,
): void {
  if (outcome === null) return
  const { run, profiles, identifiers, up_to: upTo, confirmed, awaiting } = outcome
  const name = run === null ? 'Dry run' : `Run ${run}`
  terminal.say(
    `${name}: ${counted(upTo, 'record')} to ${counted(profiles, 'profile')} of ${counted(identifiers, 'identifier')} in ${duration(ms)}.`,
  )
  if (!dryRun) terminal.say(`  ${counted(confirmed, 'profile')} newly confirmed`)
  if (awaiting > 0)
    terminal.say(
      `  ${counted(awaiting, 'neighbourhood')} decided that had been too large to decide live`,
    )
  sayDifferences(terminal, outcome)
  if (training !== null) terminal.say(`  ${trainingLine(training)}`)
  if (!dryRun)
    terminal.say(`Ask the tables: ${calledAs} sql${dataTyped} "SELECT count(*) FROM profiles"`)
}

function sayDifferences(
  terminal: Terminal,
  { run, merges, splits, moves, largest }: NonNullable<RunAnswer['outcome']>,
): void {
  if (moves === 0) {
    terminal.say(run === null ? '  no profile would change' : '  nothing had to be put right')
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
  for (const line of tableLines(columns, rows, terminal.tableWidth)) terminal.say(`  ${line}`)
  if (merges + splits > largest.length)
    terminal.say(`  (the ${count(largest.length)} largest of them)`)
}
