// Learning on pairs whose answers are drawn from a known model: it is found again, sense is kept, what cannot be shown is
// not claimed, and equal input gives an equal model.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dice } from '../../../test/dice.ts'
import { scoreOf } from '../../core/evidence/learned/model.ts'
import { AT, BIN_COUNTS, SENSES, SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { VerdictRecord } from '../../core/profile/view/records.ts'
import { calibrate } from './calibrate.ts'
import { fit } from './fit.ts'
import { LABEL, labelPairs } from './labels.ts'
import { ruledBy } from './learn-from-log.ts'
import { learn, type LearnInput, type LearnLimits } from './learn.ts'
import { probability, shiftedPrior } from './shift.ts'

const LIMITS: LearnLimits = {
  pairsMax: 200_000,
  answersMin: 100,
  precisionMin: 0.99,
  rounds: 10,
  inUse: null,
}

/**
 * Pairs of cookies that meet nobody else: two cookies a pair. One person's are told by the device and the browser, and
 * are `share` of all; of the first `answered` an answer is known.
 */
function pairsFor(count: number, answered: number, share: number, sharp: number): LearnInput {
  const roll = dice(7)
  const bins = new Uint8Array(count * SIGNAL_COUNT)
  const label = new Uint8Array(count).fill(LABEL.none)
  const groupOf = Int32Array.from({ length: 2 * count }, (_, i) => i)
  const membersOf = new Int32Array(2 * count).fill(1)
  for (let i = 0; i < count; i++) {
    const same = roll() < share
    const told = (yes: number): number => (roll() < (same ? yes : 1 - yes) ? 2 : 1)
    bins[i * SIGNAL_COUNT + AT.browser] = told(0.8)
    bins[i * SIGNAL_COUNT + AT.device] = same ? (roll() < sharp ? 3 : 1) : roll() < 0.001 ? 3 : 1
    bins[i * SIGNAL_COUNT + AT.pages] = 1 + Math.floor(roll() * 5)
    if (i >= answered) continue
    label[i] = same ? LABEL.same : LABEL.different
    if (!same) continue
    groupOf[2 * i + 1] = 2 * i
    membersOf[2 * i] = 2
    membersOf[2 * i + 1] = 0
  }
  const pairs = {
    a: Int32Array.from({ length: count }, (_, i) => 2 * i),
    b: Int32Array.from({ length: count }, (_, i) => 2 * i + 1),
  }
  return { pairs, bins, labelled: { label, ruled: new Uint8Array(count) }, groupOf, membersOf }
}

test('what tells one person from two gets the weight, what does not gets none', () => {
  const { model, training } = learn(pairsFor(20_000, 8_000, 0.3, 0.95), LIMITS)
  expect(training.refused).toBeNull()
  const weight = (signal: number, bin: number): number => model?.weights[signal]?.[bin] ?? 0
  expect(weight(AT.device, 3) - weight(AT.device, 1)).toBeGreaterThan(3_000)
  const browser = weight(AT.browser, 2) - weight(AT.browser, 1)
  // ln 16 = 2.77, less what pulls to zero.
  expect(browser).toBeGreaterThan(1_700)
  expect(browser).toBeLessThan(2_900)
  expect(Math.abs(weight(AT.pages, 1) - weight(AT.pages, 5))).toBeLessThan(500)
  expect(model?.weights.every((bins) => bins[0] === 0)).toBe(true)
})

test('equal input, equal model', () => {
  const input = pairsFor(6_000, 3_000, 0.3, 0.95)
  expect(learn(input, LIMITS)).toEqual(learn(input, LIMITS))
})

test('too few answers, or none that convince: no model, and the reason', () => {
  const few = learn(pairsFor(2_000, 200, 0.3, 0.95), LIMITS)
  expect(few.model).toBeNull()
  expect(few.training.refused).toMatch(
    /^logins answer for \d+ pairs .* at least 100 of each are needed$/,
  )
  const blind = learn(pairsFor(6_000, 3_000, 0.3, 0.01), LIMITS)
  expect(blind.training.chosen).toBeNull()
  // Whoever used it all the same would join nobody.
  expect(blind.model?.joinFrom).toBeGreaterThan(1e9)
  expect(blind.training.refused).toBe(
    'at no threshold held-out pairs show a precision of 0.99 with 95 % confidence',
  )
})

test('few who answer do not vouch for many who do not', () => {
  const { model, training } = learn(pairsFor(60_000, 6_000, 0.3, 0.95), LIMITS)
  expect(training.chosen).toBeNull()
  expect(model?.joinFrom).toBeGreaterThan(1e9)
  expect(training.refused).toMatch(
    /^those who sign in are too few, or too unlike the others, to vouch for them: \d+ held-out answers for \d+ joins from 0\.\d+ on; at most 5 joins an answer$/,
  )
})

test('a limit on the pairs is kept', () => {
  const { training } = learn(pairsFor(6_000, 3_000, 0.3, 0.95), { ...LIMITS, pairsMax: 1_000 })
  expect(training.fittedOn).toBeLessThanOrEqual(1_000)
  expect(training.fittedOn).toBeGreaterThan(800)
})

test('where one person’s are rarer than among those with an answer, that is found out', () => {
  const input = pairsFor(30_000, 0, 0.05, 0.95)
  const answered = pairsFor(10_000, 10_000, 0.3, 0.95)
  const fitted = fit(
    {
      bins: answered.bins,
      label: answered.labelled.label,
      weight: new Float64Array(10_000).fill(1),
    },
    Int32Array.from({ length: 10_000 }, (_, i) => i),
  )
  const said = Float64Array.from({ length: 30_000 }, (_, i) => {
    let sum = fitted.bias
    for (let signal = 0; signal < SIGNAL_COUNT; signal++)
      sum += fitted.blocks[signal]?.[input.bins[i * SIGNAL_COUNT + signal] ?? 0] ?? 0
    return probability(sum)
  })
  expect(Math.abs(shiftedPrior(said, 0.3) - 0.05)).toBeLessThan(0.01)
  expect(shiftedPrior(new Float64Array(0), 0.3)).toBe(0.3)
})

test('weights of a signal with a sense rise or fall, whatever the answers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const roll = dice(seed)
      const count = 300
      const bins = Uint8Array.from({ length: count * SIGNAL_COUNT }, (_, i) =>
        Math.floor(roll() * (BIN_COUNTS[i % SIGNAL_COUNT] ?? 1)),
      )
      const label = Uint8Array.from({ length: count }, () => (roll() < 0.5 ? 1 : 0))
      const use = Int32Array.from({ length: count }, (_, i) => i)
      const { blocks } = fit({ bins, label, weight: new Float64Array(count).fill(1) }, use)
      const broken = SENSES.filter((sense, signal) => {
        const weights = [...(blocks[signal] ?? [])].slice(1)
        const sign = sense === 'up' ? 1 : -1
        const sorted = weights.toSorted((x, y) => sign * (x - y))
        return sense !== 'free' && weights.join() !== sorted.join()
      })
      expect(broken).toEqual([])
    }),
    { numRuns: 20 },
  )
})

test('scores that are too sure are calmed until they come true', () => {
  const roll = dice(3)
  const truth = Float64Array.from({ length: 20_000 }, () => 4 * roll() - 3)
  const labels = Uint8Array.from(truth, (score) => (roll() < probability(score) ? 1 : 0))
  const { factor, summand } = calibrate(
    truth.map((score) => 2 * score + 1),
    labels,
    new Float64Array(truth.length).fill(1),
  )
  expect(Math.abs(factor - 0.5)).toBeLessThan(0.05)
  expect(Math.abs(summand + 0.5)).toBeLessThan(0.1)
})

test('who answers: one group, an id of which a person has one, or a steward', () => {
  const pairs = { a: Int32Array.of(0, 0, 0, 0, 2), b: Int32Array.of(1, 2, 3, 4, 4) }
  // 0 and 1 are one group; 2 has another user id than it, 3 the same, 4 none.
  const groupOf = Int32Array.of(0, 0, 2, 3, 4)
  const held = {
    group: Int32Array.of(0, 2, 3),
    slot: Int32Array.of(1, 1, 1),
    value: Int32Array.of(7, 8, 7),
  }
  const { same, different, none } = LABEL
  const plain = labelPairs(pairs, groupOf, held, [])
  expect([...plain.label]).toEqual([same, different, none, none, none])
  const ruled = labelPairs(pairs, groupOf, held, [
    { a: 4, b: 0, same: false },
    { a: 2, b: 4, same: true },
  ])
  expect([...ruled.label]).toEqual([same, different, none, different, same])
  expect([...ruled.ruled]).toEqual([0, 0, 0, 1, 1])
})

const verdict = (
  id: string,
  what: 'same' | 'different',
  a: readonly string[],
  b: readonly string[],
): VerdictRecord => ({
  id,
  question: null,
  verdict: what,
  a,
  b,
  order: 1,
  at: 0,
  author: 'sam',
  note: '',
})

test('a verdict counts for what the steward was shown: not for logins of one side, nor where it gave way', () => {
  // 0, 1 and 2, 3 are one group by logins, and all four by a "same"; 4 and 5 are two.
  const groupOf = Int32Array.of(0, 0, 0, 0, 4, 5)
  const singled = new Map(['k0', 'k1', 'k2', 'k3', 'k4', 'k5'].map((key, node) => [key, node]))
  const rulings = ruledBy(
    [
      verdict('older', 'different', ['k0'], ['k2']),
      verdict('newer', 'same', ['k0', 'k1'], ['k2', 'k3']),
      verdict('other', 'different', ['k4'], ['k5', 'unknown']),
    ],
    singled,
    groupOf,
  )
  const pairs = { a: Int32Array.of(0, 0, 1, 2, 0, 4), b: Int32Array.of(1, 2, 3, 3, 4, 5) }
  const nothing = new Int32Array(0)
  const held = { group: nothing, slot: nothing, value: nothing }
  const { label, ruled } = labelPairs(pairs, groupOf, held, rulings)
  const { same, different, none } = LABEL
  expect([...label]).toEqual([same, same, same, same, none, different])
  expect([...ruled]).toEqual([0, 1, 1, 0, 0, 1])
})

test.each([
  { said: LABEL.different, towards: -1 },
  { said: LABEL.same, towards: 1 },
])('answers of one kind move the weight of what they are about: $towards', ({ said, towards }) => {
  const answered = 3_000
  const input = pairsFor(6_000, answered, 0.3, 0.95)
  // Of those with a login and of those without every fortieth are of the kind that is asked about.
  const kind = [...input.pairs.a.keys()].filter((i) => i % 40 === 0)
  for (const i of kind) input.bins[i * SIGNAL_COUNT + AT.zone] = 2
  const open = kind.filter((i) => i >= answered)
  const ask = open.slice(0, 30)
  const label = input.labelled.label.slice()
  const ruled = input.labelled.ruled.slice()
  for (const i of ask) {
    label[i] = said
    ruled[i] = 1
  }
  const before = learn(input, LIMITS)
  const after = learn({ ...input, labelled: { label, ruled } }, LIMITS)
  expect(after.training.ruledPairs).toBe(30)
  const weight = (of: typeof before): number => of.model?.weights[AT.zone]?.[2] ?? 0
  expect(towards * (weight(after) - weight(before))).toBeGreaterThan(500)
  // And with it what the next run thinks of those of the kind that nobody was asked about, as against all others.
  const score = ({ model }: typeof before, i: number): number =>
    model === null ? 0 : scoreOf(model, input.bins, i * SIGNAL_COUNT)
  const others = [...input.pairs.a.keys()].filter((i) => i >= answered && i % 40 !== 0)
  const mean = (of: readonly number[]): number =>
    of.reduce((sum, i) => sum + score(after, i) - score(before, i), 0) / of.length
  expect(towards * (mean(open.slice(30)) - mean(others))).toBeGreaterThan(300)
})

test('a threshold stays while it fits, and a new one must leave room', () => {
  const input = pairsFor(20_000, 8_000, 0.3, 0.95)
  const { training, model } = learn(input, LIMITS)
  const joinFrom = model?.joinFrom ?? 0
  // One that fits by a hair: asked for is just what it shows.
  const hair = { ...LIMITS, precisionMin: (training.chosen?.profilesAtLeast ?? 0) - 1e-6 }
  const fresh = learn(input, hair).training.chosen
  expect(fresh?.score).toBeGreaterThan(joinFrom)
  expect(learn(input, { ...hair, inUse: joinFrom }).training.chosen?.score).toBe(joinFrom)
  // It goes when it fits no more.
  const stricter = { ...LIMITS, precisionMin: hair.precisionMin + 2e-6, inUse: joinFrom }
  expect(learn(input, stricter).training.chosen?.score).not.toBe(joinFrom)
})

test('what nothing could show is not asked of the data', () => {
  const { training } = learn(pairsFor(6_000, 3_000, 0.3, 0.95), { ...LIMITS, precisionMin: 0.998 })
  expect(training.refused).toBe(
    'profiles cannot be shown to be more precise than 0.997, which is what logins alone are taken to be: "learned.precision" asks for 0.998',
  )
})
