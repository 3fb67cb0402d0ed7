// Which pairs of profiles are asked about, by cases: a model that goes by three signals alone.
import { scorePairs } from '../evidence/alike-cookies.ts'
import type { WeighedPairs } from '../evidence/weigh-pairs.ts'
import { expect, test } from 'vitest'
import { PAIR_BIN_COUNTS } from '../../core/evidence/learned/model.ts'
import { AT, BIN_COUNTS, MISSING, SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'
import { evidenceOf } from '../../core/policy/evidence-unit.ts'
import { type DoubtfulInput, doubtfulPairs, kindsOf } from './doubtful-pairs.ts'

const weights = BIN_COUNTS.map((bins) => new Int32Array(bins))
weights[AT.device]?.set([0, -1_000, 0, 1_500])
weights[AT.browser]?.set([0, -200, 200])
weights[AT.zone]?.set([0, -300, 0])

const knowledge: Knowledge = {
  version: 'v7',
  model: {
    bias: 500,
    weights,
    pairWeights: PAIR_BIN_COUNTS.map((bins) => new Int32Array(bins)),
    joinFrom: 2_000,
  },
  witnesses: {
    number: new BigInt64Array(0),
    cookies: new Uint32Array(0),
    devices: new Uint32Array(0),
    shape: new Uint8Array(0),
    cookiesInAll: 0,
    clue: new Uint32Array(0),
    clueCookies: new Uint32Array(0),
  },
  stopped: false,
}

interface Case {
  readonly pairs: readonly (readonly [a: number, b: number, device: number, browser: number])[]
  /** Profiles by their nodes; others are alone. */
  readonly profiles?: readonly (readonly number[])[]
  /** Node and what it was logged in with. */
  readonly held?: readonly (readonly [node: number, value: number])[]
  readonly rulings?: DoubtfulInput['rulings']
  readonly questionsMax?: number
  readonly stopped?: boolean
}

const NODES = 20

function asked({ pairs, profiles = [], held = [], rulings = [], ...rest }: Case) {
  const bins = new Uint8Array(pairs.length * SIGNAL_COUNT)
  pairs.forEach(([, , device, browser], i) => {
    bins[i * SIGNAL_COUNT + AT.device] = device + 1
    bins[i * SIGNAL_COUNT + AT.browser] = browser + 1
  })
  const groupOf = Int32Array.from({ length: NODES }, (_, i) => i)
  const cookiesOf = new Int32Array(NODES).fill(1)
  for (const nodes of profiles) {
    for (const node of nodes) groupOf[node] = nodes[0] ?? 0
    cookiesOf[nodes[0] ?? 0] = nodes.length
  }
  const weighed: WeighedPairs = {
    known: knowledge.witnesses,
    pairs: {
      a: Int32Array.from(pairs, ([a]) => a),
      b: Int32Array.from(pairs, ([, b]) => b),
    },
    bins,
    read: (pair, into) => {
      into.fill(MISSING)
      into[AT.device] = pairs[pair]?.[2] ?? 0
      into[AT.browser] = pairs[pair]?.[3] ?? 0
    },
  }
  return doubtfulPairs({
    weighed,
    scores: scorePairs(weighed, knowledge.model),
    knowledge: { ...knowledge, stopped: rest.stopped === true },
    groupOf,
    cookiesOf,
    held: {
      group: Int32Array.from(held, ([node]) => groupOf[node] ?? 0),
      slot: new Int32Array(held.length),
      value: Int32Array.from(held, ([, value]) => value),
    },
    rulings,
    questionEvidence: evidenceOf(0.5),
    questionsMax: rest.questionsMax ?? 100,
  })
}

const names = (given: Case): readonly string[] => asked(given).map(({ a, b }) => `${a} ${b}`)

const cases: readonly (Case & { readonly what: string; readonly wanted: readonly string[] })[] = [
  {
    what: 'what is as likely as not comes before what is likelier; what is unlikely is not asked',
    pairs: [
      [0, 1, 1, 1], // 0.67
      [2, 3, 1, 0], // 0.57
      [4, 5, 2, 0], // 0.86
      [6, 7, 0, 1], // 0.43
    ],
    wanted: ['2 3', '0 1', '4 5'],
  },
  {
    what: 'more cookies on both sides come before fewer',
    pairs: [
      [0, 1, 1, 0],
      [2, 4, 2, 0],
    ],
    profiles: [
      [2, 3],
      [4, 5],
    ],
    wanted: ['2 4', '0 1'],
  },
  {
    what: 'two profiles are asked about once, by the pair that is most alike; one profile is not',
    pairs: [
      [0, 2, 1, 0],
      [1, 2, 1, 1],
      [0, 1, 1, 1],
    ],
    profiles: [[0, 1]],
    wanted: ['1 2'],
  },
  {
    what: 'what reached the threshold and is apart is asked about too',
    pairs: [[0, 1, 2, 1]], // 0.90
    wanted: ['0 1'],
  },
  {
    what: 'two logins answer, the same login does not',
    pairs: [
      [0, 1, 1, 1],
      [2, 3, 1, 1],
      [4, 5, 1, 1],
    ],
    held: [
      [0, 10],
      [1, 11],
      [2, 12],
      [3, 12],
      [4, 13],
    ],
    wanted: ['2 3', '4 5'],
  },
  {
    what: 'a verdict answers, either way and either way round',
    pairs: [
      [0, 1, 1, 1],
      [2, 3, 1, 1],
      [4, 5, 1, 1],
    ],
    rulings: [
      { a: 1, b: 0, same: false },
      { a: 2, b: 3, same: true },
    ],
    wanted: ['4 5'],
  },
  {
    what: 'no more than so many, the most valuable',
    pairs: [
      [0, 1, 2, 0],
      [2, 3, 1, 0],
      [4, 5, 1, 1],
    ],
    questionsMax: 2,
    wanted: ['2 3', '4 5'],
  },
]

test.each(cases)('$what', ({ wanted, ...given }) => {
  expect(names(given)).toEqual(wanted)
})

test('the reason says how likely, by which model, what it would take, and what speaks for and against it', () => {
  const [open] = asked({ pairs: [[0, 1, 2, 0]] })
  expect(open).toMatchObject({
    scoredBy: 'v7',
    reason: '85.8 % by model v7 (88.1 % joins): the same device signature, but different browsers',
  })
  const [refused] = asked({ pairs: [[0, 1, 2, 1]] })
  expect(refused?.reason).toBe(
    '90 % by model v7 (88.1 % joins), but one of them is more like somebody else, or nearly as much: the same device signature, the same browser',
  )
  const [stopped] = asked({ pairs: [[0, 1, 2, 1]], stopped: true })
  expect(stopped?.reason).toContain('but the model is stopped and joins nobody')
})

test('a kind is what sets a pair apart from the others, not what all have in common', () => {
  const bins = new Uint8Array(3 * SIGNAL_COUNT)
  for (const pair of [0, 1, 2]) {
    bins[pair * SIGNAL_COUNT + AT.device] = 3
    bins[pair * SIGNAL_COUNT + AT.browser] = pair === 2 ? 1 : 2
  }
  const [first, second, third] = kindsOf(knowledge.model, bins, [0, 1, 2])
  expect(first).toBe(second)
  expect(first).not.toBe(third)
  expect(third).toBe(1 * SIGNAL_COUNT + AT.browser)
})
