// Evidence as a waterfall: each signal's weight from where the one before it ended, to the sum, beside what it takes.
// Invariant: what is drawn is the model itself; bias and weights add up to the sum.

import { useState } from 'preact/hooks'

import type { ExplanationAnswer } from 'selfsame/client'

import { edgeWords, percent } from './words.ts'

type Compared = NonNullable<ExplanationAnswer['model']>['pairs'][number]
type Signal = ExplanationAnswer['signals'][number]

/** Weights are thousandths of a natural log-odd. */
const UNIT = 1_000
/** A weight below it is little; several such are one step until somebody wants to see them. */
const LITTLE = 150
const LITTLE_FROM = 4

export function Waterfall({ pair }: { readonly pair: Compared }) {
  const [isWhole, setWhole] = useState(false)
  const little = pair.signals.filter(isLittle).length
  const folds = little >= LITTLE_FROM && !isWhole
  const steps = folds ? folded(stepsOf(pair), little) : stepsOf(pair)
  const ends = steps.flatMap(({ from, to }) => [from, to])
  const low = Math.min(0, pair.join_from, ...ends)
  const high = Math.max(0, pair.join_from, ...ends)
  const at = (value: number): number => ((value - low) / Math.max(1, high - low)) * 100
  const reached = pair.sum >= pair.join_from
  return (
    <figure class="waterfall">
      <ol>
        {steps.map(({ name, words, from, to, weight }) => (
          <li key={name} class={weight < 0 ? 'against' : 'for'}>
            <span class="waterfall-words">{words}</span>
            <span class="waterfall-track" aria-hidden="true">
              <span class="waterfall-line" style={{ left: `${at(pair.join_from)}%` }} />
              <span
                class="waterfall-bar"
                style={{
                  left: `${at(Math.min(from, to))}%`,
                  width: `${Math.max(0.6, at(Math.max(from, to)) - at(Math.min(from, to)))}%`,
                }}
              />
            </span>
            <span class="waterfall-weight">{signed(weight)}</span>
          </li>
        ))}
        <li class="sum">
          <span class="waterfall-words">
            together: one person with <b>{percent(pair.probability)}</b>
          </span>
          <span class="waterfall-track" aria-hidden="true">
            <span class="waterfall-line" style={{ left: `${at(pair.join_from)}%` }} />
            <span class="waterfall-dot" style={{ left: `${at(pair.sum)}%` }} />
          </span>
          <span class="waterfall-weight">{signed(pair.sum)}</span>
        </li>
      </ol>
      {little >= LITTLE_FROM && (
        <button
          type="button"
          class="small"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'Fold those of little weight' : `Show ${little} of little weight`}
        </button>
      )}
      <figcaption>
        {reached ? 'Enough' : 'Not enough'}: to join two it takes {percent(pair.threshold)}, a sum
        of {signed(pair.join_from)} (the line). Weights are natural log-odds.
        {pair.met
          ? ''
          : ' The two were never at one address while few were there; only such are joined.'}
      </figcaption>
    </figure>
  )
}

interface Step {
  readonly name: string
  readonly words: string
  readonly from: number
  readonly to: number
  readonly weight: number
}

function stepsOf({ bias, signals }: Compared): readonly Step[] {
  let at = bias
  const start = { name: 'bias', words: 'two cookies before anything is known', from: 0, to: bias }
  const weighed = signals.filter(({ weight }) => weight !== null && weight !== 0)
  return [
    { ...start, weight: bias },
    ...weighed.map(({ name, words, weight }) => {
      const from = at
      at += weight ?? 0
      return { name, words, from, to: at, weight: weight ?? 0 }
    }),
  ]
}

function isLittle({ weight }: Pick<Signal, 'weight'>): boolean {
  return weight !== null && weight !== 0 && Math.abs(weight) < LITTLE
}

/** The heaviest come first, so those of little weight stand at the end: one step from where the others came to. */
function folded(steps: readonly Step[], little: number): readonly Step[] {
  const [start, ...rest] = steps
  if (start === undefined) return steps
  const heavy = rest.filter((step) => !isLittle(step))
  const weight = rest.filter(isLittle).reduce((sum, step) => sum + step.weight, 0)
  const words = `${little} signals of little weight`
  let at = start.to
  const moved = [...heavy, { name: 'little', words, weight }].map((step) => {
    const from = at
    at += step.weight
    return { ...step, from, to: at }
  })
  return [start, ...moved]
}

function signed(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${(Math.abs(weight) / UNIT).toFixed(2)}`
}

/** The same of fixed rules: what each signal is worth by itself, and what they come to. */
export function RuleSignals({ of }: { readonly of: ExplanationAnswer }) {
  if (of.signals.length === 0) return null
  return (
    <figure class="waterfall">
      <ol>
        {of.signals.map((signal) => (
          <RuleSignal key={signal.name} signal={signal} threshold={of.threshold} />
        ))}
        <li class="sum">
          <span class="waterfall-words">together</span>
          <Share of={of.score} threshold={of.threshold} />
          <span class="waterfall-weight">{percent(of.score)}</span>
        </li>
      </ol>
      <figcaption>
        {of.score >= of.threshold ? 'Enough' : 'Not enough'}: to join two it takes{' '}
        {percent(of.threshold)} (the line).
      </figcaption>
    </figure>
  )
}

function RuleSignal({
  signal,
  threshold,
}: {
  readonly signal: Signal
  readonly threshold: number
}) {
  return (
    <li class="for">
      <span class="waterfall-words" title={edgeWords(signal.name)}>
        {signal.words}
      </span>
      <Share of={signal.confidence} threshold={threshold} />
      <span class="waterfall-weight">{percent(signal.confidence)}</span>
    </li>
  )
}

function Share({ of, threshold }: { readonly of: number; readonly threshold: number }) {
  return (
    <span class="waterfall-track" aria-hidden="true">
      <span class="waterfall-line" style={{ left: `${threshold * 100}%` }} />
      <span class="waterfall-bar" style={{ left: '0%', width: `${of * 100}%` }} />
    </span>
  )
}
