// Pairs of cookies between groups as a learned model weighs them: those it holds groups together by, and the most alike of
// two that are apart. Invariant: candidates and scores are those that stage B decides by.

import { evidenceOfScore } from '../../evidence/learned/model.ts'
import { type Waterfall, waterfallOf } from '../../evidence/learned/signal-words.ts'
import { MISSING, SIGNAL_COUNT } from '../../evidence/learned/signals.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { Knowledge } from '../../policy/knowledge.ts'
import { isOut } from './candidates.ts'
import { metBy, readPair, scorePair } from './learned-pairs.ts'
import type { Pass } from '../view/neighbours.ts'
import type { Group } from '../stage-a.ts'
import type { CrowdAsk, ViewNode } from '../view/view.ts'

/** Two cookies of two groups, and the score of them in thousandths of a natural log-odd. */
export interface ScoredPair {
  readonly a: ViewNode
  readonly b: ViewNode
  readonly groupA: Group
  readonly groupB: Group
  readonly score: number
}

/** What is looked at: crowds that must be loaded first are noted in `asks`, nodes in the pass. */
export interface Looking {
  readonly pass: Pass
  readonly knowledge: Knowledge
  readonly asks: CrowdAsk[]
}

interface Held {
  readonly cookie: ViewNode
  readonly group: Group
}

/** Pairs of groups that stage B would join them by: they met, and their score reaches the threshold; the strongest first. */
export function pairsWithin(looking: Looking, groups: readonly Group[]): readonly ScoredPair[] {
  const { joinFrom } = looking.knowledge.model
  const all = [...cookiesOf(groups)]
  const cookies = new Map(all.filter(([, { cookie }]) => !isOut(looking.pass, cookie)))
  return [...cookies.values()]
    .flatMap((held) => metAmong(looking, held, cookies))
    .filter(({ a, b, score }) => a.key < b.key && score >= joinFrom)
    .toSorted(byScore)
}

/** The pairs, the strongest first, without which groups would come apart: as stage B joins them, each with its best. */
export function holdingOf(pairs: readonly ScoredPair[]): readonly ScoredPair[] {
  const parts = new Map<Group, Set<Group>>()
  const partOf = (group: Group): Set<Group> => parts.get(group) ?? new Set([group])
  return pairs.filter(({ groupA, groupB }) => {
    const [x, y] = [partOf(groupA), partOf(groupB)]
    if (x.has(groupB)) return false
    for (const group of y) x.add(group)
    for (const group of x) parts.set(group, x)
    return true
  })
}

/** Of each side so many cookies are compared at most, those seen last, where none of them met. */
const COMPARED_MAX = 100

export interface MostAlike extends ScoredPair {
  /** They were at one known address within a few days, each time with few others: only then they are candidates. */
  readonly met: boolean
}

/** The two most alike among those who met; where nobody did, of all. Null where one side has no cookie. */
export function mostAlike(
  looking: Looking,
  from: readonly Group[],
  to: readonly Group[],
): MostAlike | null {
  const [ofFrom, ofTo] = [cookiesOf(from), cookiesOf(to)]
  const met = [...ofFrom.values()].flatMap((held) => metAmong(looking, held, ofTo))
  if (met.length > 0) return bestOf(met, true)
  const [some, others] = [lastSeen(ofFrom), lastSeen(ofTo)]
  return bestOf(
    some.flatMap((a) => others.map((b) => scored(looking, a, b))),
    false,
  )
}

/** What the model makes of two cookies, signal by signal. */
export function waterfallBetween(
  { pass, knowledge }: Looking,
  a: ViewNode,
  b: ViewNode,
): Waterfall {
  const values = new Int32Array(SIGNAL_COUNT).fill(MISSING)
  readPair(pass, knowledge, a, b, values)
  return waterfallOf(knowledge.model, values)
}

/** The evidence by which stage B takes a pair. */
export function evidenceOfPair({ score }: Pick<ScoredPair, 'score'>): number {
  return evidenceOfScore(score)
}

function cookiesOf(groups: readonly Group[]): ReadonlyMap<Key, Held> {
  return new Map(
    groups.flatMap((group) =>
      group.nodes
        .filter(({ type }) => type === 'cookie')
        .map((cookie) => [cookie.key, { cookie, group }] as const),
    ),
  )
}

/** A cookie with those of the others that it met and is not in one group with. */
function metAmong(
  looking: Looking,
  held: Held,
  others: ReadonlyMap<Key, Held>,
): readonly ScoredPair[] {
  const { pass, knowledge, asks } = looking
  return [...(metBy(pass, knowledge, held.cookie, asks) ?? [])].flatMap((key) => {
    const other = others.get(key)
    return other === undefined || other.group === held.group ? [] : [scored(looking, held, other)]
  })
}

function scored({ pass, knowledge }: Looking, a: Held, b: Held): ScoredPair {
  return {
    a: a.cookie,
    b: b.cookie,
    groupA: a.group,
    groupB: b.group,
    // While something is missing the answer is not final.
    score: scorePair(pass, knowledge, a.cookie, b.cookie) ?? knowledge.model.bias,
  }
}

function lastSeen(cookies: ReadonlyMap<Key, Held>): readonly Held[] {
  return [...cookies.values()]
    .toSorted(({ cookie: x }, { cookie: y }) => y.lastSeen - x.lastSeen || (x.key < y.key ? -1 : 1))
    .slice(0, COMPARED_MAX)
}

function bestOf(pairs: readonly ScoredPair[], met: boolean): MostAlike | null {
  const [first, ...rest] = pairs
  if (first === undefined) return null
  const best = rest.reduce((most, pair) => (byScore(most, pair) <= 0 ? most : pair), first)
  return { ...best, met }
}

function byScore(x: ScoredPair, y: ScoredPair): number {
  if (x.score !== y.score) return y.score - x.score
  if (x.a.key !== y.a.key) return x.a.key < y.a.key ? -1 : 1
  return x.b.key < y.b.key ? -1 : 1
}
