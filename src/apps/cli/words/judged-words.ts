// What a model says of pairs, held against a truth, for people: a curve, figures at thresholds, whether what is said comes
// true, and the mistakes that teach most.

import type { CurvePoint } from '../../../evaluation/index.ts'
import type { Mistake, ModelScore } from '../commands/judge-pairs.ts'
import { count, share } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const PLACES = 3

export function modelLines(
  terminal: Terminal,
  model: ModelScore | null,
  refused: string | null,
): string[] {
  if (model === null) return refused === null ? [] : ['', `No model is used: ${refused}.`]
  return [
    '',
    `Model ${model.version} joins from a probability of ${share(model.threshold)}. Of ${count(model.pairs)} candidate pairs that no login decides, ${count(model.pairs_true)} are one person's; average precision ${share(model.average_precision)}.`,
    '',
    ...curveLines(model.curve),
    '',
    ...thresholdLines(terminal, model),
    '',
    ...calibrationLines(terminal, model),
    '',
    ...model.mistakes.flatMap((mistake) => mistakeLines(mistake)),
  ]
}

const PLOT_ROWS = 10
const PLOT_COLUMNS = 50

/** Precision upwards, recall to the right. */
function curveLines(curve: readonly CurvePoint[]): string[] {
  const rows = Array.from({ length: PLOT_ROWS + 1 }, () =>
    Array.from({ length: PLOT_COLUMNS + 1 }, () => ' '),
  )
  for (const { precision, recall } of curve) {
    const row = rows[PLOT_ROWS - Math.round(precision * PLOT_ROWS)]
    if (row !== undefined) row[Math.round(recall * PLOT_COLUMNS)] = '●'
  }
  const scale = ' 0   recall'.padEnd(PLOT_COLUMNS - 1)
  return [
    'precision of pairs',
    ...rows.map((row, i) => {
      const mark = i % 5 === 0 ? (1 - i / PLOT_ROWS).toFixed(1) : ''
      return `${mark.padStart(4)} │${row.join('').trimEnd()}`
    }),
    `     └${'─'.repeat(PLOT_COLUMNS + 1)}`,
    `     ${scale} 1`,
  ]
}

function right(heads: readonly string[]) {
  return heads.map((head) => ({ head, align: 'right' as const }))
}

function thresholdLines({ width }: Terminal, { thresholds }: ModelScore): string[] {
  const columns = right([
    'JOINED FROM',
    'PAIRS: PRECISION',
    'RECALL',
    'PROFILES: PRECISION',
    'RECALL',
  ])
  const rows = thresholds.map((at) => [
    `${at.chosen ? '→ ' : ''}${share(at.probability)}`,
    share(at.precision, PLACES),
    share(at.recall, PLACES),
    share(at.profiles_precision, 4),
    share(at.profiles_recall, 4),
  ])
  return tableLines(columns, rows, width)
}

const BAR = 30

function calibrationLines({ width }: Terminal, model: ModelScore): string[] {
  const columns = [...right(['SAID', 'TRUE', 'PAIRS']), { head: '' }]
  const rows = model.calibration.map(({ said, true: came, pairs }) => [
    said === null ? '' : share(said, 2),
    came === null ? '' : share(came, 2),
    count(pairs),
    came === null ? '' : '█'.repeat(Math.round(came * BAR)),
  ])
  return tableLines(columns, rows, width)
}

const KINDS = {
  joined: 'two people, joined',
  apart: 'one person, apart',
} as const satisfies Record<Mistake['kind'], string>

function mistakeLines({ kind, a, b, probability, signals }: Mistake): string[] {
  return [
    `${KINDS[kind]} (${share(probability)}): ${a} and ${b}`,
    ...signals.map(({ weight, words }) => `  ${weightText(weight)}  ${words}`),
  ]
}

/** `+1.24`: natural log-odds. */
function weightText(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${(Math.abs(weight) / 1_000).toFixed(2)}`
}
