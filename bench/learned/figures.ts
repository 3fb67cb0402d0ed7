// How right the profiles of one world are: by the fixed rules, as it learned, and at a precision that is asked for, beside
// what the same signals could tell if the truth were known.

import { hash } from 'node:crypto'

import { scorePairs } from '../../src/batch/evidence/alike-cookies.ts'
import type { Fitted } from '../../src/batch/learning/fit.ts'
import type { LearnLimits, Training } from '../../src/batch/learning/learn.ts'
import { probabilityOfScore } from '../../src/core/evidence/learned/model.ts'
import type { Model } from '../../src/core/policy/knowledge.ts'
import type { Score } from '../../src/evaluation/index.ts'
import { scoresByTruth, type Trees } from './upper-bound.ts'
import { type LearnedWorld, scoreOf } from './world.ts'

/** Of pairs of identifiers in profiles. */
export interface Right {
  readonly precision: number
  readonly recall: number
}

/** What is reached where pairs are joined from the lowest score on at which the precision is kept. */
export interface Reached extends Right {
  /** As said by whoever scored; null where nobody may be joined. */
  readonly probability: number | null
}

export interface WorldFigures {
  readonly seed: number
  readonly messages: number
  readonly pairs: number
  readonly fixed: Right
  /** At the threshold it chose; the fixed rules where it may not be used. */
  readonly learned: Right
  readonly probability: number | null
  /** What would be if it were used from `ANYHOW` on, whether it may be or not; null where there is no model. */
  readonly anyhow: Right | null
  readonly training: Training
  /** Fitting, calibrating and choosing the threshold. */
  readonly trainingSeconds: number
  /** At the wanted precision; null where not asked for. */
  readonly learnedReaches: Reached | null
  readonly boundReaches: Reached | null
  readonly treesReach: Reached | null
  /** Of the model and of who is with whom. */
  readonly result: string
}

export interface FiguresInput {
  readonly limits: LearnLimits
  /** Null: nothing is held beside it. */
  readonly bound: Fitted | null
  readonly trees: Trees | null
}

/** A probability. */
export const ANYHOW = 0.95
const ANYHOW_SCORE = Math.round(Math.log(ANYHOW / (1 - ANYHOW)) * 1_000)

/** The model is null where there was nothing to learn. */
export async function figuresOf(
  world: LearnedWorld,
  { limits, bound, trees }: FiguresInput,
): Promise<{ readonly figures: WorldFigures; readonly model: Model | null }> {
  const { frame, messages, judged } = world
  const began = performance.now()
  const { model, training } = await judged.learn(limits)
  const trainingSeconds = (performance.now() - began) / 1_000
  const scores = model && scorePairs({ ...judged.gathered, bins: judged.bins }, model)
  const used = training.refused === null
  const joined =
    used && scores !== null && model !== null
      ? await judged.joined(scores, model.joinFrom)
      : judged.said
  const reach = async (by: Int32Array | null): Promise<Reached | null> =>
    by === null || bound === null ? null : reached(world, by, limits.precisionMin)
  const figures = {
    seed: frame.seed,
    messages,
    pairs: judged.gathered.pairs.a.length,
    fixed: rightOf(scoreOf(world, judged.said)),
    learned: rightOf(scoreOf(world, joined)),
    probability: training.chosen?.probability ?? null,
    anyhow: scores && rightOf(scoreOf(world, await judged.joined(scores, ANYHOW_SCORE))),
    training,
    trainingSeconds,
    learnedReaches: await reach(scores),
    boundReaches: await reach(bound && scoresByTruth(world, bound)),
    treesReach: await reach(trees && (await trees.scoresOf(world))),
    result: resultOf(joined, judged.members, model),
  }
  return { figures, model }
}

function rightOf({ pair_precision: precision, pair_recall: recall }: Score): Right {
  return { precision, recall }
}

const LOWEST = -4_000
const HIGHEST = 12_000
const STEP = 25

/** Halves the range of scores: the lower the score from which pairs are joined, the less precise. */
export async function reached(
  world: LearnedWorld,
  scores: Int32Array,
  precisionMin: number,
): Promise<Reached> {
  let found: Reached = { ...rightOf(scoreOf(world, world.judged.said)), probability: null }
  let [below, from] = [LOWEST, HIGHEST]
  while (from - below > STEP) {
    const score = Math.round((below + from) / 2)
    const right = rightOf(scoreOf(world, await world.judged.joined(scores, score)))
    if (right.precision >= precisionMin) {
      from = score
      found = { ...right, probability: probabilityOfScore(score) }
    } else below = score
  }
  return found
}

function resultOf(groupOf: Int32Array, members: Int32Array, model: Model | null): string {
  const groups = members.map((node) => groupOf[node] ?? 0)
  const text = `${groups.join()} ${JSON.stringify(model?.weights.map((one) => [...one]))}`
  return hash('sha256', text).slice(0, 16)
}
