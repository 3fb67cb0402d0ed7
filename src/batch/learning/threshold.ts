// From which score on a model may join: the lowest at which groups it has not seen show the precision that is asked for.
// Logins are masked, so cookies of one person must find each other among all others, as they will have to.
// Invariant: what cannot be shown is not claimed; without a threshold the model is not used.

import { JOIN_PRECISION_MIN } from '../../core/evidence/learned/drift.ts'
import { evidenceOfScore } from '../../core/evidence/learned/model.ts'
import { joinGroups } from '../evidence/join-groups.ts'
import { type JoinPrecision, joinPrecisions, type ScoredAnswers } from './join-precision.ts'
import { LABEL } from './labels.ts'
import { logOdds } from './shift.ts'

export interface ThresholdInput extends ScoredAnswers {
  readonly groupOf: Int32Array
  readonly membersOf: Int32Array
}

export interface Precisions {
  readonly precisionMin: number
  /** The score that the model in use joins from; null where there is none. Who is joined stays joined if that still holds. */
  readonly inUse: number | null
  readonly rounds: number
}

/** What would be at one threshold. */
export interface Tried extends JoinPrecision {
  readonly probability: number
  /** Pairs of identifiers that come into one profile. */
  readonly pairsJoined: number
  /** Lower bound of the share of one person's among all pairs of identifiers in profiles, those that logins join too. */
  readonly profilesAtLeast: number
}

export interface Chosen extends Tried {
  /** Thousandths of a natural log-odd. */
  readonly score: number
}

/**
 * Share of one person's among the pairs of identifiers that logins bring together, since these err too (shared accounts,
 * landlines): what ten hard simulated worlds show (docs/measured.md).
 */
const LOGIN_PRECISION = 0.997

/**
 * Joins that one held-out answer may vouch for. Where few of those who would be joined are like those who answer (only who
 * lives alone signs in, say), answers tell little of the others, however right they are.
 */
const JOINS_PER_ANSWER_MAX = 5

const PROBABILITIES = [
  0.5, 0.6, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.955, 0.96,
  0.965, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995,
] as const

export interface Choice {
  readonly tried: readonly Tried[]
  readonly chosen: Chosen | null
  /** Why there is none; null where there is one. */
  readonly refused: string | null
}

export function chooseThreshold(input: ThresholdInput, limits: Precisions): Choice {
  const precisionFrom = joinPrecisions(input)
  const joinable = joinableFrom(input, scoreAt(PROBABILITIES[0]))
  const certain = pairsWithin(input.membersOf)
  const tried = PROBABILITIES.map((probability): Tried => {
    const from = scoreAt(probability)
    const precision = precisionFrom(from)
    const pairsJoined = pairsJoinedFrom(joinable, from, limits.rounds)
    const right = LOGIN_PRECISION * (certain + pairsJoined * precision.joinsAtLeast)
    const profilesAtLeast = certain + pairsJoined === 0 ? 0 : right / (certain + pairsJoined)
    return { probability, ...precision, pairsJoined, profilesAtLeast }
  })
  const precise = tried.filter(
    ({ joinsAtLeast, profilesAtLeast }) =>
      profilesAtLeast >= limits.precisionMin && joinsAtLeast >= JOIN_PRECISION_MIN,
  )
  const fitting = precise.filter(isVouchedFor)
  const fits =
    fitting.find((one) => isClear(one, limits) || scoreAt(one.probability) === limits.inUse) ??
    fitting[0]
  if (fits !== undefined)
    return { tried, chosen: { ...fits, score: scoreAt(fits.probability) }, refused: null }
  return { tried, chosen: null, refused: whyNone(precise[0], limits) }
}

/** Of the room between what is asked for and certainty: a threshold that is new must leave so much. */
const ROOM_FOR_NEW = 0.1

/**
 * Whether it would still fit after a few more messages. Each run learns anew; were a threshold taken that just fits, the
 * next run would leave it, and take apart who was joined from there.
 */
function isClear({ profilesAtLeast, joinsAtLeast }: Tried, { precisionMin }: Precisions): boolean {
  return (
    profilesAtLeast >= precisionMin + ROOM_FOR_NEW * (1 - precisionMin) &&
    joinsAtLeast >= JOIN_PRECISION_MIN + ROOM_FOR_NEW * (1 - JOIN_PRECISION_MIN)
  )
}

function isVouchedFor({ right, wrong, open }: Tried): boolean {
  return open <= JOINS_PER_ANSWER_MAX * (right + wrong)
}

function whyNone(precise: Tried | undefined, { precisionMin }: Precisions): string {
  if (precisionMin >= LOGIN_PRECISION)
    return `profiles cannot be shown to be more precise than ${LOGIN_PRECISION}, which is what logins alone are taken to be: "learned.precision" asks for ${precisionMin}`
  if (precise === undefined)
    return `at no threshold held-out pairs show a precision of ${precisionMin} with 95 % confidence`
  const { right, wrong, open, probability } = precise
  return `those who sign in are too few, or too unlike the others, to vouch for them: ${right + wrong} held-out answers for ${open} joins from ${probability} on; at most ${JOINS_PER_ANSWER_MAX} joins an answer`
}

/** No less than the probability, in whole hundredths of a log-odd, as evidence has it. */
function scoreAt(p: number): number {
  return Math.ceil(logOdds(p) * 100) * 10
}

/** Groups that could be joined at all, numbered in the order of their smallest members, and how many members each has. */
interface Joinable {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly scores: Int32Array
  readonly members: Int32Array
}

function joinableFrom(
  { pairs, scores, labelled, groupOf, membersOf }: ThresholdInput,
  from: number,
): Joinable {
  const use = Int32Array.from(scores.keys()).filter(
    (i) => labelled.label[i] === LABEL.none && (scores[i] ?? 0) >= from,
  )
  const groups = [pairs.a, pairs.b].map((side) => use.map((i) => groupOf[side[i] ?? 0] ?? 0))
  const names = Int32Array.from(new Set(groups.flatMap((side) => [...side]))).toSorted()
  const numberOf = new Map([...names].map((name, i) => [name, i]))
  const [a = NONE, b = NONE] = groups.map((side) => side.map((name) => numberOf.get(name) ?? 0))
  const members = names.map((name) => membersOf[name] ?? 0)
  return { a, b, scores: use.map((i) => scores[i] ?? 0), members }
}

const NONE = new Int32Array(0)

/** Pairs of identifiers that joining from a score on would bring together, guards left out of it. */
function pairsJoinedFrom(
  { a, b, scores, members }: Joinable,
  from: number,
  rounds: number,
): number {
  const use = Int32Array.from(scores.keys()).filter((i) => (scores[i] ?? 0) >= from)
  const of = (side: Int32Array): Int32Array => use.map((i) => side[i] ?? 0)
  const evidence = of(scores).map(evidenceOfScore)
  const { home } = joinGroups({ a: of(a), b: of(b), evidence }, members.length, rounds)
  const sizes = new Int32Array(members.length)
  for (let group = 0; group < members.length; group++) {
    const into = home[group] ?? 0
    sizes[into] = (sizes[into] ?? 0) + (members[group] ?? 0)
  }
  return pairsWithin(sizes) - pairsWithin(members)
}

function pairsWithin(membersOf: Int32Array): number {
  let pairs = 0
  for (const size of membersOf) pairs += (size * (size - 1)) / 2
  return pairs
}
