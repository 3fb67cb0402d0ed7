// What a learned model says of two members: the joins between them where it has joined them, the pair most alike where it
// has not, and why. Invariant: decides with the code of stage B, so it cannot explain what was not decided.

import { rowOf } from '../../evidence/learned/known-witnesses.ts'
import { evidenceOfScore } from '../../evidence/learned/model.ts'
import type { Waterfall } from '../../evidence/learned/signal-words.ts'
import { identifierText } from '../../identifier/identifier-text.ts'
import type { Key } from '../../identifier/identifier.ts'
import { confidenceOf, percentText } from '../../policy/evidence-unit.ts'
import type { Knowledge } from '../../policy/knowledge.ts'
import {
  evidenceOfPair,
  holdingOf,
  type Looking,
  type MostAlike,
  mostAlike,
  pairsWithin,
  type ScoredPair,
  waterfallBetween,
} from '../alike/alike-pairs.ts'
import { isOut } from '../alike/candidates.ts'
import { guardAgainst, type Refused, type Side, uniteSides } from '../guards.ts'
import { founderOf } from '../profile-id.ts'
import { nameOf } from '../reasons.ts'
import { whyShared } from '../shared/shared.ts'
import type { Group } from '../stage-a.ts'
import { stageB } from '../alike/stage-b.ts'
import type { ViewNode } from '../view/view.ts'
import { pathIn } from './way.ts'

/** Two cookies as a model compares them: a waterfall of what speaks for one person and what against. */
export interface ComparedPair extends Waterfall {
  /** As `TYPE:VALUE`. */
  readonly from: string
  readonly to: string
  /** They were at one known address within a few days, each time with few others: only such pairs are joined. */
  readonly met: boolean
  /** The sum from which two are joined; thousandths of a natural log-odd. */
  readonly joinFrom: number
  /** What the sum and `joinFrom` stand for, 0 to 0.9999. */
  readonly probability: number
  readonly threshold: number
}

export interface ExplainedModel {
  /** The version of the knowledge. */
  readonly scoredBy: string
  /** It joins nobody who is not joined already. */
  readonly stopped: boolean
  /** Of those together the joins between them, in order; of those apart the one pair most alike, if there is any. */
  readonly pairs: readonly ComparedPair[]
  /** Why they are not joined; null when they are. */
  readonly because: string | null
}

export interface ExplainedApart {
  readonly model: ExplainedModel
  /** What stands against a join that the score would do for. */
  readonly refusal: Refused | null
}

/** A join on the way from one to the other: `a` is the nearer end. */
export type Step = ScoredPair

/** The joins between two groups of one profile, in order; empty where by what is known now there are none. */
export function joinsBetween(
  looking: Looking,
  groups: readonly Group[],
  from: Group,
  to: Group,
): readonly Step[] {
  const tree = holdingOf(pairsWithin(looking, groups)).map((pair) => ({
    a: nameOfGroup(pair.groupA),
    b: nameOfGroup(pair.groupB),
    pair,
  }))
  let at = from
  return pathIn(tree, nameOfGroup(from), nameOfGroup(to)).map(({ pair }) => {
    const step = pair.groupA === at ? pair : turned(pair)
    at = step.groupB
    return step
  })
}

function nameOfGroup({ nodes }: Group): Key {
  return nodes[0]?.key ?? ''
}

function turned({ a, b, groupA, groupB, score }: ScoredPair): Step {
  return { a: b, b: a, groupA: groupB, groupB: groupA, score }
}

/** Two that are one by these joins. */
export function modelTogether(looking: Looking, steps: readonly Step[]): ExplainedModel {
  return {
    ...nameOfModel(looking),
    pairs: steps.map((step) => compared(looking, { ...step, met: true })),
    because:
      steps.length > 0
        ? null
        : 'they were decided to be one earlier, and by what is known now they would not be joined',
  }
}

/** Two profiles that are apart, as the groups of each; none where there is too much around it. */
export function modelApart(
  looking: Looking,
  from: readonly Group[],
  to: readonly Group[],
): ExplainedApart {
  const found = mostAlike(looking, from, to)
  const model = nameOfModel(looking)
  if (found === null) {
    const because =
      from.length === 0 || to.length === 0
        ? TOO_MUCH
        : 'the model compares cookies, and one of the two has none'
    return { model: { ...model, pairs: [], because }, refusal: null }
  }
  const pairs = [compared(looking, found)]
  const because = whyNoCandidates(looking, found) ?? whyNotEnough(looking, found)
  if (because !== null) return { model: { ...model, pairs, because }, refusal: null }
  const refusal = whyRefused(looking, found, from, to)
  if (refusal !== null) return { model: { ...model, pairs, because: refusal.reason }, refusal }
  return { model: { ...model, pairs, because: whyWaiting(looking) }, refusal: null }
}

const TOO_MUCH = 'there is too much around one of them to look at at once'

function nameOfModel({ knowledge }: Looking): Pick<ExplainedModel, 'scoredBy' | 'stopped'> {
  return { scoredBy: knowledge.version, stopped: knowledge.stopped }
}

function compared(looking: Looking, pair: MostAlike): ComparedPair {
  const { joinFrom } = looking.knowledge.model
  return {
    from: identifierText(pair.a),
    to: identifierText(pair.b),
    met: pair.met,
    ...waterfallBetween(looking, pair.a, pair.b),
    joinFrom,
    probability: confidenceOf(evidenceOfPair(pair)),
    threshold: confidenceOf(evidenceOfScore(joinFrom)),
  }
}

function whyNoCandidates({ pass, knowledge }: Looking, { a, b, met }: MostAlike): string | null {
  const out = [a, b].find((cookie) => isOut(pass, cookie))
  if (out?.quarantined === true) return `${nameOf(out)} is in quarantine`
  if (out !== undefined) return `${nameOf(out)} is shared: ${whyShared(pass, out) ?? ''}`
  if (met) return null
  const { addressDays, candidateAnchorsMax } = pass.policy
  if (metWhereNew(knowledge, addressDays, a, b))
    return 'the address that both were seen at is new since the model was learned: from the next run on it counts'
  return `they were never seen at one known address within ${addressDays} days while at most ${candidateAnchorsMax} people were there, so they are not compared`
}

/** Whether both were at an address within a few days that the knowledge does not have. */
function metWhereNew({ witnesses }: Knowledge, days: number, a: ViewNode, b: ViewNode): boolean {
  return [...a.out].some(([address, [mine]]) => {
    const [theirs] = b.out.get(address) ?? []
    if (mine?.kind !== 'ip_match' || theirs === undefined) return false
    const near = [...mine.days.keys()].some((day) =>
      [...theirs.days.keys()].some((other) => Math.abs(day - other) <= days),
    )
    return near && rowOf(witnesses, address) < 0
  })
}

function whyNotEnough({ knowledge }: Looking, { score }: MostAlike): string | null {
  const { joinFrom } = knowledge.model
  if (score >= joinFrom) return null
  const [is, takes] = [score, joinFrom].map((one) => exactText(evidenceOfScore(one)))
  return `${is} is less than the ${takes} it takes`
}

/** `96.48 %`: what is just not enough must not read as if it were. */
function exactText(evidence: number): string {
  return `${(confidenceOf(evidence) * 100).toFixed(2)} %`
}

/** A guard, or somebody who is more alike. */
function whyRefused(
  looking: Looking,
  pair: MostAlike,
  from: readonly Group[],
  to: readonly Group[],
): Refused | null {
  const { pass } = looking
  const { a, b } = pair
  const guarded = guardAgainst(pass, sideOf(from), sideOf(to), {})
  if (guarded !== null || looking.knowledge.stopped) return guarded
  const { clusters, questions, asks, over } = stageB(pass, [...from, ...to])
  looking.asks.push(...asks)
  if (over) return { guard: 'oversize', reason: TOO_MUCH }
  const leadOf = (cookie: ViewNode): Key => {
    const cluster = clusters.find(({ groups }) =>
      groups.some(({ nodes }) => nodes.includes(cookie)),
    )
    return founderOf(cluster?.groups.flatMap(({ nodes }) => nodes) ?? [cookie]).key
  }
  const [leadA, leadB] = [leadOf(a), leadOf(b)]
  if (leadA === leadB) return null
  const bestOf = (lead: Key) => questions.find((question) => question.a === lead)
  for (const [cookie, own, other] of [
    [a, leadA, leadB],
    [b, leadB, leadA],
  ] as const) {
    const best = bestOf(own)
    const rival = pass.view.node(best?.b ?? '')
    if (best === undefined || best.b === other || rival === undefined) continue
    const how = best.evidence > evidenceOfPair(pair) ? 'more' : 'just as much'
    const reason = `${nameOf(cookie)} is ${how} like somebody else: ${nameOf(rival)}, ${percentText(best.evidence)}`
    return { guard: 'margin', reason }
  }
  const best = bestOf(leadA) ?? bestOf(leadB)
  return best === undefined ? null : { guard: best.guard, reason: best.reason }
}

function sideOf(groups: readonly Group[]): Side {
  return groups.map(({ side }) => side).reduce(uniteSides)
}

function whyWaiting({ knowledge }: Looking): string {
  return knowledge.stopped
    ? 'the model is stopped, since new logins have contradicted it too often: it joins nobody else until a run has learned anew'
    : 'nothing stands against it: they are joined when one of them is decided next'
}
