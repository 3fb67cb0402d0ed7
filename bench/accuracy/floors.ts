// What must hold of the figures, world by world or for their mean: the accuracy this project promises.

import { boundOf, type Score } from '../../src/evaluation/index.ts'
import type { Scores } from './world.ts'

/** Floors of a kind of world; a mean of several seeds must reach them with the low end of its 95 % bound. */
export const FLOORS = {
  pairPrecisionMin: { clean: 0.999, hard: 0.99, troubled: 0.98 },
  /** In any single world. */
  peopleInOneMax: 3,
  /** Pair recall, as a part of the yardstick's. */
  recallPartMin: 0.9,
  /** How far B-cubed F0.5 must lead each baseline in a hard world to be clearly above it. */
  hardLeadMin: 0.02,
} as const

export interface Check {
  readonly name: string
  readonly value: number
  readonly floor: string
  readonly holds: boolean
}

/** In a world with a trouble recall may go as far as it must, precision may not. */
export function checkTroubled(worlds: readonly Scores[]): readonly Check[] {
  return [atLeast(worlds, 'pair precision', precisionOf, FLOORS.pairPrecisionMin.troubled)]
}

/** Checks the scores of one kind of world, one of each seed. */
export function checkFloors(worlds: readonly Scores[], hard: boolean): readonly Check[] {
  const least = (name: string, valueOf: (scores: Scores) => number, min: number): Check =>
    atLeast(worlds, name, valueOf, min)
  const most = Math.max(...worlds.map(({ selfsame }) => selfsame.most_people_in_one))
  const precision = FLOORS.pairPrecisionMin[hard ? 'hard' : 'clean']
  const checks: Check[] = [
    least('pair precision', precisionOf, precision),
    least('pair recall / yardstick', recallPart, FLOORS.recallPartMin),
    {
      name: 'most people in one profile',
      value: most,
      floor: `<= ${FLOORS.peopleInOneMax}`,
      holds: most <= FLOORS.peopleInOneMax,
    },
  ]
  if (!hard) return checks
  return [
    ...checks,
    least('B-cubed F0.5 above "names"', (s) => lead(s.selfsame, s.names), FLOORS.hardLeadMin),
    least(
      'B-cubed F0.5 above "everything"',
      (s) => lead(s.selfsame, s.everything),
      FLOORS.hardLeadMin,
    ),
  ]
}

function atLeast(
  worlds: readonly Scores[],
  name: string,
  valueOf: (scores: Scores) => number,
  min: number,
): Check {
  const value = lowEnd(worlds.map(valueOf))
  return { name, value, floor: `>= ${min}`, holds: value >= min }
}

function precisionOf({ selfsame }: Scores): number {
  return selfsame.pair_precision
}

function recallPart({ selfsame, yardstick }: Scores): number {
  return yardstick.pair_recall === 0 ? 1 : selfsame.pair_recall / yardstick.pair_recall
}

function lead(ours: Score, theirs: Score): number {
  return ours.b3_f05 - theirs.b3_f05
}

/** The low end of the bound; of a single world its value. */
function lowEnd(values: readonly number[]): number {
  return values.length > 1 ? boundOf(values).low : (values[0] ?? 0)
}
