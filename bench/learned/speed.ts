// What a pair costs: in a run, over arrays, beside a floor that only reads them once; live, with everything around a cookie
// put together for it alone; and what training costs on as many pairs as it takes at most.

import { learn, type LearnLimits } from '../../src/batch/learning/learn.ts'
import type { Lives } from '../../src/core/evidence/learned/lives.ts'
import { raritiesOf } from '../../src/core/evidence/learned/known-witnesses.ts'
import { scoreOf, writeBins } from '../../src/core/evidence/learned/model.ts'
import { readSignals } from '../../src/core/evidence/learned/read-signals.ts'
import { SIGNAL_COUNT } from '../../src/core/evidence/learned/signals.ts'
import { LABEL } from '../../src/batch/learning/labels.ts'
import type { GatheredPairs } from '../../src/batch/evidence/weigh-pairs.ts'
import type { Model } from '../../src/core/policy/knowledge.ts'
import { learnedPairs } from '../../src/core/profile/alike/learned-pairs.ts'
import { newPass } from '../../src/core/profile/view/neighbours.ts'
import { type Frame, playWorld } from '../accuracy/world.ts'
import type { LearnedWorld } from './world.ts'

export interface Speed {
  readonly pairs: number
  /** One thread. */
  readonly pairs_per_s: number
  readonly floor_pairs_per_s: number
  readonly live_pairs: number
  readonly live_us_per_pair: number
  readonly training_pairs: number
  readonly training_s: number
}

export interface SpeedInput {
  readonly world: LearnedWorld
  readonly model: Model
  readonly limits: LearnLimits
  /** A world that is decided live by the model. */
  readonly live: Frame
  /** How often each is timed; the best time counts. */
  readonly times: number
}

export function speedOf({ world, model, limits, live, times }: SpeedInput): Speed {
  const { gathered } = world.judged
  const pairs = gathered.pairs.a.length
  const best = (work: () => number): number => {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < times; i++) {
      const began = threadSeconds()
      kept += work()
      least = Math.min(least, threadSeconds() - began)
    }
    return least
  }
  return {
    pairs,
    pairs_per_s: pairs / best(() => scoreAll(gathered, model)),
    floor_pairs_per_s: pairs / best(() => readAll(gathered)),
    ...livePairs(live, model, gathered),
    ...training(world, limits),
  }
}

/** Of the processor: what else the machine does is no matter. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

/** What was computed, so that it is. */
let kept = 0

function scoreAll(
  { known, lives, numberOf, pairs: { a, b } }: GatheredPairs,
  model: Model,
): number {
  const rarities = raritiesOf(known)
  const values = new Int32Array(SIGNAL_COUNT)
  const bins = new Uint8Array(SIGNAL_COUNT)
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    readSignals(rarities, lives, numberOf[a[i] ?? 0] ?? 0, numberOf[b[i] ?? 0] ?? 0, values)
    writeBins(values, bins, 0)
    sum += scoreOf(model, bins)
  }
  return sum
}

/** Everything that is known of both cookies of each pair, added up. */
function readAll({ lives, numberOf, pairs: { a, b } }: GatheredPairs): number {
  const lists = listsOf(lives)
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    for (const cookie of [numberOf[a[i] ?? 0] ?? 0, numberOf[b[i] ?? 0] ?? 0])
      for (const { values, end } of lists)
        for (let at = cookie === 0 ? 0 : (end[cookie - 1] ?? 0); at < (end[cookie] ?? 0); at++)
          sum += values[at] ?? 0
  }
  return sum
}

function listsOf(lives: Lives): readonly { values: Int32Array; end: Int32Array }[] {
  const { addressEnd, signatureEnd, clueEnd, dayEnd } = lives
  const each = Int32Array.from({ length: lives.count }, (_, cookie) => cookie + 1)
  const perCookie = lives.rhythm.length / Math.max(lives.count, 1)
  return [
    { values: lives.addressRow.values, end: addressEnd.values },
    { values: lives.addressDay.values, end: addressEnd.values },
    { values: lives.addressHours.values, end: addressEnd.values },
    { values: lives.signatureRow.values, end: signatureEnd.values },
    { values: lives.clue.values, end: clueEnd.values },
    { values: lives.day.values, end: dayEnd.values },
    { values: lives.firstHour.values, end: each },
    { values: lives.lastHour.values, end: each },
    { values: lives.rhythm.values, end: each.map((end) => end * perCookie) },
  ]
}

/** Cookies one after the other, each with nothing made before: candidates found, lives put together, signals, score. */
function livePairs(
  frame: Frame,
  model: Model,
  { known }: GatheredPairs,
): Pick<Speed, 'live_pairs' | 'live_us_per_pair'> {
  const knowledge = { version: 'bench', model, witnesses: known, stopped: false }
  const { view, policy } = playWorld(frame, () => {}, {}, knowledge)
  // Every candidate is told.
  const all = { ...knowledge, model: { ...model, joinFrom: -(2 ** 31) } }
  const cookies = [...view.nodes()].filter(({ type }) => type === 'cookie')
  let pairs = 0
  const began = threadSeconds()
  for (const cookie of cookies) {
    pairs += learnedPairs(newPass(view, policy), all, cookie, []).size
  }
  return {
    live_pairs: pairs,
    live_us_per_pair: ((threadSeconds() - began) * 1e6) / Math.max(pairs, 1),
  }
}

/** Pairs with an answer, repeated until there are as many as it is fitted on at most. */
function training(
  { judged }: LearnedWorld,
  limits: LearnLimits,
): Pick<Speed, 'training_pairs' | 'training_s'> {
  const { gathered, labelled, bins, said } = judged
  const answered = Int32Array.from(labelled.label.keys()).filter(
    (i) => labelled.label[i] !== LABEL.none,
  )
  const open = Int32Array.from(labelled.label.keys()).filter(
    (i) => labelled.label[i] === LABEL.none,
  )
  const use = Int32Array.from(
    { length: limits.pairsMax + open.length },
    (_, i) =>
      (i < limits.pairsMax ? answered[i % answered.length] : open[i - limits.pairsMax]) ?? 0,
  )
  const of = (values: Int32Array): Int32Array => use.map((i) => values[i] ?? 0)
  const manyBins = new Uint8Array(use.length * SIGNAL_COUNT)
  use.forEach((one, i) =>
    manyBins.set(bins.subarray(one * SIGNAL_COUNT, (one + 1) * SIGNAL_COUNT), i * SIGNAL_COUNT),
  )
  const input = {
    pairs: { a: of(gathered.pairs.a), b: of(gathered.pairs.b) },
    bins: manyBins,
    labelled: {
      label: Uint8Array.from(use, (i) => labelled.label[i] ?? 0),
      ruled: new Uint8Array(use.length),
    },
    groupOf: said,
    membersOf: new Int32Array(said.length).fill(1),
  }
  const began = threadSeconds()
  const learned = learn(input, limits)
  return { training_pairs: learned.training.fittedOn, training_s: threadSeconds() - began }
}
