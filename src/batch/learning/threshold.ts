// From which score on a model may join: the lowest at which groups it has not seen show the precision that is asked for.
// Logins are masked, so cookies of one person must find each other among all others, as they will have to.
// Invariant: what cannot be shown is not claimed; without a threshold the model is not used.

import type { Pairs } from '../evidence/candidates.ts'
import { JOIN_PRECISION_MIN } from '../../core/evidence/drift.ts'
import { evidenceOfScore } from '../../core/evidence/model.ts'
import { shareBounds } from '../../core/evidence/share-bounds.ts'
import { joinGroups } from '../evidence/join-groups.ts'
import { LABEL, type Labelled } from './labels.ts'
import { logOdds } from './shift.ts'

export interface ThresholdInput {
  readonly pairs: Pairs
  /** Thousandths of a natural log-odd; of pairs with an answer as a model says that has seen neither group. */
  readonly scores: Int32Array
  readonly labelled: Labelled
  readonly groupOf: Int32Array
  readonly cookiesOf: Int32Array
  readonly answeredShare: number
  readonly estimatedShare: number
}

export interface Precisions {
  readonly precisionMin: number
  readonly rounds: number
}

/** What would be at one threshold. */
export interface Tried {
  readonly probability: number
  /** Pairs with an answer of whom each is the other's most alike: those that are one person's, and not. */
  readonly right: number
  readonly wrong: number
  /** Share of right ones among joins, as estimated among those without an answer, and its lower 95 % bound. */
  readonly joins: number
  readonly joinsAtLeast: number
  /** Pairs of cookies that come into one profile. */
  readonly pairsJoined: number
  /** Lower bound of the share of one person's among all pairs of cookies in profiles, those that logins join too. */
  readonly profilesAtLeast: number
}

export interface Chosen extends Tried {
  /** Thousandths of a natural log-odd. */
  readonly score: number
}

/**
 * Share of one person's among the pairs of cookies that logins bring together, since these err too (shared accounts,
 * landlines): what ten hard simulated worlds show (docs/measured.md).
 */
const LOGIN_PRECISION = 0.997

const PROBABILITIES = [
  0.5, 0.6, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.955, 0.96,
  0.965, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995,
] as const

export function chooseThreshold(
  input: ThresholdInput,
  limits: Precisions,
): { readonly tried: readonly Tried[]; readonly chosen: Chosen | null } {
  const trial = {
    answers: decidedAnswers(input),
    joinable: joinableFrom(input, scoreAt(PROBABILITIES[0])),
    certain: pairsWithin(input.cookiesOf),
    rounds: limits.rounds,
  }
  const tried = PROBABILITIES.map((p) => tryThreshold(input, p, trial))
  const fits = tried.find(
    ({ joinsAtLeast, profilesAtLeast }) =>
      profilesAtLeast >= limits.precisionMin && joinsAtLeast >= JOIN_PRECISION_MIN,
  )
  return {
    tried,
    chosen: fits === undefined ? null : { ...fits, score: scoreAt(fits.probability) },
  }
}

function scoreAt(p: number): number {
  return Math.round(logOdds(p) * 1_000)
}

/** Pairs with an answer of whom each is the other's most alike among all candidates. */
function decidedAnswers({ pairs, scores, labelled }: ThresholdInput): Int32Array {
  const best = new Map<number, number>()
  const offer = (cookie: number, pair: number): void => {
    const known = best.get(cookie)
    if (known === undefined || (scores[pair] ?? 0) > (scores[known] ?? 0)) best.set(cookie, pair)
  }
  for (let i = 0; i < scores.length; i++) {
    offer(pairs.a[i] ?? 0, i)
    offer(pairs.b[i] ?? 0, i)
  }
  return Int32Array.from(scores.keys()).filter(
    (i) =>
      labelled.label[i] !== LABEL.none &&
      best.get(pairs.a[i] ?? 0) === i &&
      best.get(pairs.b[i] ?? 0) === i,
  )
}

interface Trial {
  /** Pairs with an answer of whom each is the other's most alike. */
  readonly answers: Int32Array
  readonly joinable: Joinable
  /** Pairs of cookies that are in one group without the model. */
  readonly certain: number
  readonly rounds: number
}

function tryThreshold(
  { scores, labelled, answeredShare, estimatedShare }: ThresholdInput,
  p: number,
  { answers, joinable, certain, rounds }: Trial,
): Tried {
  const from = scoreAt(p)
  let [right, wrong] = [0, 0]
  for (const i of answers) {
    if ((scores[i] ?? 0) < from) continue
    if (labelled.label[i] === LABEL.same) right++
    else wrong++
  }
  // Among those without an answer one person's are rarer by so much.
  const rightWeight = estimatedShare / answeredShare
  const wrongWeight = (1 - estimatedShare) / (1 - answeredShare)
  const { share, atLeast } = weighedShare(right * rightWeight, wrong * wrongWeight, {
    sum: right * rightWeight + wrong * wrongWeight,
    squares: right * rightWeight ** 2 + wrong * wrongWeight ** 2,
  })
  const joined = pairsJoinedFrom(joinable, from, rounds)
  return {
    probability: p,
    right,
    wrong,
    joins: share,
    joinsAtLeast: atLeast,
    pairsJoined: joined,
    profilesAtLeast:
      certain + joined === 0
        ? 0
        : (LOGIN_PRECISION * (certain + joined * atLeast)) / (certain + joined),
  }
}

/** Wilson's lower bound, for as many answers as weigh alike (Kish). */
export function weighedShare(
  right: number,
  wrong: number,
  { sum, squares }: { readonly sum: number; readonly squares: number },
): { readonly share: number; readonly atLeast: number } {
  if (sum === 0) return { share: 0, atLeast: 0 }
  const share = right / (right + wrong)
  return { share, atLeast: shareBounds(share, (sum * sum) / squares).atLeast }
}

/** Groups that could be joined at all, numbered in the order of their smallest members, and how many cookies each has. */
interface Joinable {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly scores: Int32Array
  readonly cookies: Int32Array
}

function joinableFrom(
  { pairs, scores, labelled, groupOf, cookiesOf }: ThresholdInput,
  from: number,
): Joinable {
  const use = Int32Array.from(scores.keys()).filter(
    (i) => labelled.label[i] === LABEL.none && (scores[i] ?? 0) >= from,
  )
  const groups = [pairs.a, pairs.b].map((side) => use.map((i) => groupOf[side[i] ?? 0] ?? 0))
  const names = Int32Array.from(new Set(groups.flatMap((side) => [...side]))).toSorted()
  const numberOf = new Map([...names].map((name, i) => [name, i]))
  const [a = NONE, b = NONE] = groups.map((side) => side.map((name) => numberOf.get(name) ?? 0))
  const cookies = names.map((name) => cookiesOf[name] ?? 0)
  return { a, b, scores: use.map((i) => scores[i] ?? 0), cookies }
}

const NONE = new Int32Array(0)

/** Pairs of cookies that joining from a score on would bring together, guards left out of it. */
function pairsJoinedFrom(
  { a, b, scores, cookies }: Joinable,
  from: number,
  rounds: number,
): number {
  const use = Int32Array.from(scores.keys()).filter((i) => (scores[i] ?? 0) >= from)
  const of = (side: Int32Array): Int32Array => use.map((i) => side[i] ?? 0)
  const evidence = of(scores).map(evidenceOfScore)
  const { home } = joinGroups({ a: of(a), b: of(b), evidence }, cookies.length, rounds)
  const sizes = new Int32Array(cookies.length)
  for (let group = 0; group < cookies.length; group++) {
    const into = home[group] ?? 0
    sizes[into] = (sizes[into] ?? 0) + (cookies[group] ?? 0)
  }
  return pairsWithin(sizes) - pairsWithin(cookies)
}

function pairsWithin(cookiesOf: Int32Array): number {
  let pairs = 0
  for (const size of cookiesOf) pairs += (size * (size - 1)) / 2
  return pairs
}
