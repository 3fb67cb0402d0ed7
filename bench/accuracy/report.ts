// The figures as tables for people: one line a world and maker, the mean and its bound below, then the floors.

import { boundOf, type Score } from '../../src/evaluation/index.ts'
import type { Check } from './floors.ts'
import type { Beside } from './beside.ts'
import type { Scores } from './world.ts'

/** One world's figures. */
export interface WorldResult {
  readonly seed: number
  readonly messages: number
  readonly seconds: number
  readonly hash: string
  readonly scores: Scores
  /** To whom events were given; null when nobody asked. */
  readonly events: Score | null
}

const MAKERS: Readonly<Record<keyof Scores, string>> = {
  selfsame: 'selfsame',
  yardstick: 'yardstick: names, shared ones out',
  everyName: 'every name, shared ones out',
  names: 'union on e-mail and user id',
  everything: 'union on everything',
}
export const MEASURES = [
  'pair_precision',
  'pair_recall',
  'pair_f1',
  'pair_f05',
  'b3_precision',
  'b3_recall',
  'b3_f1',
  'b3_f05',
] as const
const COUNTS = [
  'profiles',
  'welded_profiles',
  'most_people_in_one',
  'shared_wrongly_owned',
] as const
const WIDTH = 9

export function tableHead(): string {
  const names = ['pair P', 'pair R', 'F1', 'F0.5', 'B3 P', 'B3 R', 'F1', 'F0.5']
  const counts = ['profiles', 'welded', 'most', 'sh.owned']
  return line('seed', [...names, ...counts, 'people', 'shared'])
}

export function worldLine({ seed, scores, messages, seconds, hash }: WorldResult): string {
  const { selfsame } = scores
  return `${scoreLine(String(seed), selfsame)}  ${messages} messages, ${seconds.toFixed(1)} s, ${hash}`
}

/** One score in the columns of the table. */
export function scoreLine(name: string, score: Score): string {
  const measures = MEASURES.map((measure) => score[measure].toFixed(4))
  const counts = COUNTS.map((count) => String(score[count]))
  return line(name, [...measures, ...counts, String(score.people), String(score.shared)])
}

/** Mean of each maker over the worlds (of the people in one profile the most); with two or more, half the width of its 95 % bound below. */
export function meanLines(worlds: readonly WorldResult[]): string[] {
  return (Object.keys(MAKERS) as (keyof Scores)[]).flatMap((maker) => {
    const scores = worlds.map((world) => world.scores[maker])
    const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    const means = MEASURES.map((measure) => meanOf(scores.map((s) => s[measure])).toFixed(4))
    const counts = COUNTS.map((count) => {
      const values = scores.map((s) => s[count])
      const worst = count === 'most_people_in_one'
      return (worst ? Math.max(...values) : meanOf(values)).toFixed(0)
    })
    const mean = line(MAKERS[maker], [...means, ...counts])
    if (worlds.length < 2) return [mean]
    const halves = MEASURES.map((measure) => {
      const { mean: middle, high } = boundOf(scores.map((s) => s[measure]))
      return `±${(high - middle).toFixed(4)}`
    })
    return [mean, line('', halves)]
  })
}

/** A world's two ways beside each other, and why they differ. */
export function besideLines(one: Beside): string[] {
  const { seed, live, batch, profiles, differing, awaiting, older, unexplained, examples } = one
  const share = ((100 * differing) / Math.max(profiles, 1)).toFixed(3)
  return [
    `${scoreLine(`${seed} live`, live)}  ${one.messages} messages, ${one.seconds.toFixed(1)} s`,
    scoreLine(`${seed} batch`, batch),
    `  ${differing} of ${profiles} live profiles differ (${share} %): ${awaiting} were awaiting the batch, ${older} had older knowledge, ${unexplained} neither`,
    ...examples.map((example) => `    ${example}`),
  ]
}

/** What must hold of a world both ways. */
export function checkBeside(one: Beside): readonly Check[] {
  const { live, batch, unexplained } = one
  return [
    {
      name: "pair precision of the batch, against live's",
      value: batch.pair_precision,
      floor: `>= ${live.pair_precision.toFixed(4)}`,
      holds: batch.pair_precision >= live.pair_precision,
    },
    {
      name: 'profiles that differ and neither waited nor had older knowledge',
      value: unexplained,
      floor: '0',
      holds: unexplained === 0,
    },
  ]
}

export function checkLine({ name, value, floor, holds }: Check): string {
  return `  ${holds ? 'holds ' : 'MISSED'}  ${name}: ${value.toFixed(4)} (${floor})`
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(34)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`
}
