// What was learned in words: what it was learned from, how far it can be relied on, or why it is not used; the weights.

import {
  type ModelAnswer,
  SWITCHED_OFF,
  type TrainingAnswer,
} from '../../answers/knowledge-answer.ts'
import type { Invocation } from '../invocation.ts'
import { count, counted, duration, share } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrap.ts'

const MS_PER_SECOND = 1_000
/** A weight is thousandths of a natural log-odd. */
const SCALE = 1_000

/** `ms`: how long it took. */
export function sayLearned(
  { terminal, calledAs, dataTyped }: Pick<Invocation, 'terminal' | 'calledAs' | 'dataTyped'>,
  { version, used, reason, training }: ModelAnswer,
  ms: number,
): void {
  // What is off has not learned now; its training is of an earlier time.
  if (training !== null && reason !== SWITCHED_OFF) sayTraining(terminal, training, ms)
  if (used && version !== null) {
    const all = `${calledAs} resolve${dataTyped}`
    terminal.say(
      `Model ${version} is what is decided by from now on; all else is decided anew by the next run: ${all}`,
    )
    return
  }
  const text = `No model is used, the fixed rules hold: ${reason ?? ''}.`
  for (const line of wrapped(text, terminal.width, '')) terminal.say(line)
}

function sayTraining(terminal: Terminal, training: TrainingAnswer, ms: number): void {
  const { candidate_pairs: candidates, same_pairs: same, different_pairs: different } = training
  const { ruled_pairs: ruled, fitted_on: fittedOn, threshold } = training
  terminal.say(
    `Looked at ${counted(candidates, 'pair')} of cookies that may be one person's, in ${duration(ms)}.`,
  )
  const stewards = ruled === 0 ? '' : `, ${count(ruled)} of them by stewards`
  const rows = [
    ['answers', `${count(same)} pairs are one person's, ${count(different)} are not${stewards}`],
  ]
  if (fittedOn > 0)
    rows.push(
      ['fitted', `on ${counted(fittedOn, 'pair')}${fittingTime(training)}`],
      [
        "one person's",
        `${percent(training.answered_share)} of the pairs with an answer, ${percent(training.estimated_share)} of the others, as estimated`,
      ],
    )
  if (threshold !== null) {
    const { right, wrong } = threshold
    rows.push(
      [
        'joins',
        `from ${percent(threshold.probability)} on: of ${counted(right + wrong, 'pair')} held out of training, ${count(right)} rightly; they vouch for ${counted(threshold.vouched_for, 'join')}`,
      ],
      [
        'precision',
        `of joins ${share(threshold.join_precision)} (at least ${share(threshold.join_precision_at_least)}), of all pairs in profiles at least ${share(threshold.profile_precision_at_least)}`,
      ],
      ['would join', `${counted(threshold.pairs_joined, 'pair')} of identifiers`],
    )
  }
  for (const [name = '', text = ''] of rows) terminal.say(`  ${name.padEnd(13)} ${text}`)
}

function fittingTime({ seconds }: TrainingAnswer): string {
  return seconds === null ? '' : ` in ${duration(seconds * MS_PER_SECOND)}`
}

/** What a run learned, or why it goes by no model, in one line. */
export function trainingLine(training: TrainingAnswer): string {
  const { fitted_on: fittedOn, threshold, refused } = training
  if (threshold === null) return `no model: ${refused ?? ''}`
  return `learned from ${counted(fittedOn, 'pair')}${fittingTime(training)}: joins from ${percent(threshold.probability)} on, ${share(threshold.profile_precision_at_least)} of pairs in profiles right at least`
}

/** `97.5 %`. */
function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}

const SIGNALS_SHOWN = 12
const BAR_WIDTH = 24

/** Of the strongest signals what speaks most for one person, and most against. */
export function sayWeights(terminal: Terminal, { model }: ModelAnswer): void {
  if (model === null) {
    terminal.say('There are no weights to show.')
    return
  }
  const strongest = model.signals
    .map((one) => {
      const sorted = one.weights.toSorted((x, y) => y.weight - x.weight)
      const [most, least] = [sorted[0], sorted.at(-1)]
      return {
        ...one,
        most,
        least,
        reach: Math.abs(most?.weight ?? 0) + Math.abs(least?.weight ?? 0),
      }
    })
    .toSorted((x, y) => y.reach - x.reach)
    .slice(0, SIGNALS_SHOWN)
  const heaviest = Math.max(
    1,
    ...strongest.flatMap(({ most, least }) => [most, least].map((w) => Math.abs(w?.weight ?? 0))),
  )
  const rows = strongest.flatMap(({ meaning, unit, most, least }) =>
    [most, least].flatMap((one, i) => {
      if (one === undefined || (i === 1 && one === most)) return []
      const value = unit === 'kind' ? one.value : `${one.value} ${unit}`
      return [[i === 0 ? meaning : '', value, signed(one.weight), bar(one.weight, heaviest)]]
    }),
  )
  const columns = [
    { head: 'Signal', widthMin: 20 },
    { head: 'Value', widthMin: 12 },
    { head: 'Weight', align: 'right', widthMin: 6 },
    { head: '', widthMin: BAR_WIDTH },
  ] as const
  terminal.say('')
  for (const line of tableLines(columns, rows, Math.min(terminal.tableWidth, terminal.width)))
    terminal.say(line)
  terminal.say('')
  terminal.say(
    `Weights are log-odds; two are joined from ${signed(model.join_from)} on, beginning at ${signed(model.bias)}. All of them: --json`,
  )
}

function signed(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${(Math.abs(weight) / SCALE).toFixed(2)}`
}

/** To the right of the middle for, to the left against. */
function bar(weight: number, heaviest: number): string {
  const half = BAR_WIDTH / 2
  const length = Math.round((Math.abs(weight) / heaviest) * half)
  if (weight < 0) return `${' '.repeat(half - length)}${'█'.repeat(length)}│`
  return `${' '.repeat(half)}│${'█'.repeat(length)}`
}
