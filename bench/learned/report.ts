// The figures of the learned benchmark for people, and what must hold of them.

import { type Bound, boundOf } from '../../src/evaluation/index.ts'
import type { Trouble } from '../../src/simulator/index.ts'
import type { Frame } from '../accuracy/world.ts'
import { ANYHOW, type Reached, type Right, type WorldFigures } from './figures.ts'
import type { Speed } from './speed.ts'

/** Where what is learned misleads, profiles must be so precise at least. */
const TROUBLED_PRECISION_MIN = 0.98
/** Of the recall of the bound at the wanted precision. */
const SHARE_OF_BOUND_MIN = 0.85
/** Of recall, from which trees would be worth what they cost. */
const TREES_AHEAD_MAX = 0.02
const PAIRS_PER_S_MIN = 500_000
const LIVE_US_MAX = 20
const TRAINING_S_MAX = 20

export interface Head {
  readonly machine: string
  readonly frame: Frame
  readonly seeds: number
  readonly precisionMin: number
}

export function headLines({ machine, frame, seeds, precisionMin }: Head): string[] {
  const { people, days, seed, hard, trouble = 'none' } = frame
  const suffering = trouble === 'none' ? '' : ` with trouble: ${trouble}`
  return [
    machine,
    `${hard ? 'hard' : 'clean'} world${suffering}, ${people} people, ${days} days, seeds ${seed} to ${seed + seeds - 1}; precision asked for ${precisionMin}`,
  ]
}

export function worldLines(one: WorldFigures): string[] {
  const { training } = one
  const said =
    training.refused ??
    `joins from ${one.probability}; ${training.samePairs} and ${training.differentPairs} pairs with an answer`
  return [
    `seed ${one.seed}: ${one.messages} messages, ${one.pairs} candidate pairs, learned in ${one.trainingSeconds.toFixed(1)} s, result ${one.result}`,
    `  fixed rules              ${rightText(one.fixed)}`,
    `  learned                  ${rightText(one.learned)}  ${said}`,
    ...(one.anyhow === null ? [] : [`  were it used from ${ANYHOW}  ${rightText(one.anyhow)}`]),
    ...[
      ['learned, swept', one.learnedReaches] as const,
      ['additive, told the truth', one.boundReaches] as const,
      ['trees, told the truth', one.treesReach] as const,
    ].flatMap(([name, reach]) =>
      reach === null ? [] : [`  ${name.padEnd(24)} ${reachedText(reach)}`],
    ),
  ]
}

function rightText({ precision, recall }: Right): string {
  return `precision ${precision.toFixed(4)}  recall ${recall.toFixed(4)}`
}

function reachedText({ probability, ...right }: Reached): string {
  const from = probability === null ? 'joins nobody' : `from ${probability.toFixed(3)}`
  return `${rightText(right)}  ${from}`
}

export interface Check {
  readonly name: string
  readonly value: number
  readonly wanted: string
  readonly holds: boolean
  /** A floor that a world may never fall through; else a goal. */
  readonly floor: boolean
}

/** Means over worlds, with their bounds where there are two or more. */
export interface Summary {
  readonly means: Readonly<Record<string, Bound | number>>
  readonly checks: readonly Check[]
}

export function summaryOf(
  worlds: readonly WorldFigures[],
  trouble: Trouble,
  precisionMin: number,
): Summary {
  const means: Record<string, Bound | number> = {}
  const add = (name: string, of: (one: WorldFigures) => number | undefined): void => {
    const list = worlds.flatMap((one) => of(one) ?? [])
    if (list.length === worlds.length)
      means[name] = list.length > 1 ? boundOf(list) : (list[0] ?? 0)
  }
  add('fixed precision', (one) => one.fixed.precision)
  add('fixed recall', (one) => one.fixed.recall)
  add('learned precision', (one) => one.learned.precision)
  add('learned recall', (one) => one.learned.recall)
  add('precision were it used anyhow', (one) => one.anyhow?.precision)
  add('learned recall, swept', (one) => one.learnedReaches?.recall)
  add('additive recall, told the truth', (one) => one.boundReaches?.recall)
  add('trees recall, told the truth', (one) => one.treesReach?.recall)
  add('share of the bound', (one) => shareOf(one, () => 0))
  add('share of what the bound finds beyond fixed rules', (one) =>
    shareOf(one, (it) => it.fixed.recall),
  )
  add('trees ahead of additive', ({ treesReach, boundReaches }) =>
    treesReach === null || boundReaches === null
      ? undefined
      : treesReach.recall - boundReaches.recall,
  )
  return {
    means,
    checks: checksOf(means, trouble === 'none' ? precisionMin : TROUBLED_PRECISION_MIN),
  }
}

function shareOf(one: WorldFigures, from: (one: WorldFigures) => number): number | undefined {
  const { learnedReaches, boundReaches } = one
  if (learnedReaches === null || boundReaches === null) return undefined
  const there = boundReaches.recall - from(one)
  return there <= 0 ? 1 : (learnedReaches.recall - from(one)) / there
}

const meanOf = (one: Bound | number): number => (typeof one === 'number' ? one : one.mean)

function checksOf(means: Summary['means'], precisionMin: number): readonly Check[] {
  const of = (
    name: string,
    wanted: string,
    holds: (value: number) => boolean,
    floor = false,
  ): Check[] => {
    const mean = means[name]
    if (mean === undefined) return []
    const value = meanOf(mean)
    return [{ name, value, wanted, holds: holds(value), floor }]
  }
  const isPrecise = (value: number): boolean => value >= precisionMin
  return [
    ...of('learned precision', `at least ${precisionMin}`, isPrecise, true),
    ...of(
      'share of the bound',
      `at least ${SHARE_OF_BOUND_MIN}`,
      (value) => value >= SHARE_OF_BOUND_MIN,
    ),
    ...of(
      'trees ahead of additive',
      `at most ${TREES_AHEAD_MAX}, or they are worth their cost`,
      (value) => value <= TREES_AHEAD_MAX,
    ),
  ]
}

export function summaryLines({ means, checks }: Summary): string[] {
  const lines = Object.entries(means).map(([name, mean]) => {
    const text =
      typeof mean === 'number'
        ? mean.toFixed(4)
        : `${mean.mean.toFixed(4)} ± ${(mean.high - mean.mean).toFixed(4)}`
    return `${name.padEnd(50)} ${text}`
  })
  const held = checks.map(
    ({ name, value, wanted, holds }) =>
      `${holds ? 'held  ' : 'MISSED'}  ${name}: ${value.toFixed(4)} (${wanted})`,
  )
  return [...lines, ...held]
}

export function speedLines(speed: Speed): string[] {
  const line = (name: string, value: string, wanted: string, holds: boolean): string =>
    `${holds ? 'held  ' : 'MISSED'}  ${name}: ${value} (${wanted})`
  return [
    line(
      'read, bin and score, pairs/s in the one thread of a run',
      round(speed.pairs_per_s),
      `at least ${round(PAIRS_PER_S_MIN)}`,
      speed.pairs_per_s >= PAIRS_PER_S_MIN,
    ),
    `        one pass over the same arrays: ${round(speed.floor_pairs_per_s)} pairs/s`,
    line(
      'live, µs a pair',
      `${speed.live_us_per_pair.toFixed(1)}, over ${speed.live_pairs} pairs`,
      `at most ${LIVE_US_MAX}`,
      speed.live_us_per_pair <= LIVE_US_MAX,
    ),
    line(
      'training, s',
      `${speed.training_s.toFixed(1)} on ${speed.training_pairs} pairs`,
      `at most ${TRAINING_S_MAX}`,
      speed.training_s <= TRAINING_S_MAX,
    ),
  ]
}

function round(value: number): string {
  return String(Math.round(value / 1_000) * 1_000)
}
