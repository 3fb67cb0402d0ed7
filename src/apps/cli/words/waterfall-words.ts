// What a model makes of two cookies as a table: what speaks for one person and what against, how much, and the sum.

import type { ComparedAnswer, ExplanationAnswer } from '../../answers/explanation-answer.ts'
import { counted, share } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrap.ts'
import { inWords } from './names.ts'

type Model = NonNullable<ExplanationAnswer['model']>

interface Told {
  readonly together: boolean
  readonly name: (text: string) => string
  /** Without the tables. */
  readonly isOneOfMany: boolean
}

/** Why they are apart, and of all pairs that the model compares a table. */
export function modelLines(
  terminal: Terminal,
  { scored_by: version, because, pairs }: Model,
  { together, name, isOneOfMany }: Told,
): string[] {
  const lines =
    because === null
      ? []
      : wrapped(
          `Not joined by model ${version}: ${inWords(because, new Map())}.`,
          terminal.width,
          '',
        )
  for (const pair of isOneOfMany ? [] : pairs) {
    const [from, to] = [name(pair.from), name(pair.to)]
    const head = together
      ? `Why ${from} and ${to} are alike:`
      : `The most alike of the two are ${from} and ${to}:`
    lines.push(...(lines.length > 0 ? [''] : []), head, ...pairLines(terminal, pair))
  }
  return lines
}

/** Thousandths of a natural log-odd in a bit: one bit more doubles the odds. */
const PER_BIT = 1_000 * Math.LN2
/** Less is not worth a line. */
const SHOWN_FROM = 0.05 * PER_BIT

function pairLines(terminal: Terminal, pair: ComparedAnswer): string[] {
  const { signals, bias, sum, join_from: from, probability, threshold } = pair
  const shown = signals.filter(({ weight }) => Math.abs(weight ?? 0) >= SHOWN_FROM)
  const left = signals.length - shown.length
  const most = Math.max(Math.abs(bias), ...shown.map(({ weight }) => Math.abs(weight ?? 0)))
  const row = (words: string, weight: number): readonly string[] => [
    words,
    bits(weight),
    bar(weight, most),
  ]
  const rest = shown.reduce((remaining, { weight }) => remaining - (weight ?? 0), sum - bias)
  const rows = [
    row('before anything is known of them', bias),
    ...shown.map(({ words, weight }) => row(words, weight ?? 0)),
    ...(left > 0 ? [row(`${counted(left, 'other signal')}, each next to nothing`, rest)] : []),
    ['all together', bits(sum), ''],
  ]
  const columns = [
    { head: 'WHAT IS KNOWN', widthMin: 20 },
    { head: 'BITS', align: 'right', widthMin: 6 },
    { head: ' AGAINST│FOR', widthMin: BAR_WIDTH },
  ] as const
  const [head = '', ...body] = tableLines(columns, rows, terminal.width)
  const verdict = sum >= from ? 'no less than' : 'less than'
  return [
    terminal.paint('bold', head),
    ...body,
    ...wrapped(
      `${bits(sum)} bits stand for ${share(probability, 4)}, ${verdict} the ${share(threshold, 4)} (${bits(from)} bits) that it takes. A bit more doubles the odds.`,
      terminal.width,
      '',
    ),
  ]
}

/** `+2.31`; a true minus, so that columns keep their width. */
function bits(weight: number): string {
  const text = Math.abs(weight / PER_BIT).toFixed(2)
  if (text === '0.00') return text
  return `${weight < 0 ? '−' : '+'}${text}`
}

const HALF = 8
const BAR_WIDTH = 2 * HALF + 1

/** To the left of the line what speaks against, to the right what speaks for; the strongest is as long as there is room. */
function bar(weight: number, most: number): string {
  const length = most === 0 ? 0 : Math.round((Math.abs(weight) / most) * HALF)
  const [against, forIt] = weight < 0 ? [length, 0] : [0, length]
  return `${'░'.repeat(against).padStart(HALF)}│${'█'.repeat(forIt)}`
}
