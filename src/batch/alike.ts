// Groups of which a run asks whether they are one person: each the other's most alike, by witnesses and, in support, by
// what they do. Invariant: nothing here joins anybody; equal tables give equal questions.

import {
  type Behaviour,
  behaviourEvidence,
  behaviourOf,
  leadingTrait,
  likenessOf,
  rarity,
  similarityOf,
} from '../core/evidence/behaviour.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { AlikePair } from '../core/profile/ask.ts'
import type { VerdictRecord } from '../core/profile/view/records.ts'
import { worthOf } from '../core/profile/worth.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import { type AlikeRow, reasonOf, type Supported } from './alike-reason.ts'
import { nodesOf } from './singled.ts'
import { inStage, makeStages, quiet, type Told } from './stage.ts'
import { ALIKE_PASSING, alikeStages } from './stages/alike.ts'
import { keySql } from './stages/log.ts'
import { ACTS_SQL, BEHAVIOUR_PASSING, behaviourStages, PAGES_SQL } from './stages/behaviour.ts'

/** Questions that one run asks: more than stewards answer before the next. */
export const QUESTIONS_MAX = 10_000

interface AlikeLimits {
  readonly questionsMax: number
  /** Pairs of groups, the most alike by witnesses, whose behaviour is compared. */
  readonly pairsMax: number
  /** Of each cookie the latest events that its behaviour is read from. */
  readonly eventsPerCookieMax: number
}

const ALIKE_LIMITS: AlikeLimits = {
  questionsMax: QUESTIONS_MAX,
  pairsMax: 50_000,
  eventsPerCookieMax: 100,
}

export interface AlikeInput {
  readonly parts: readonly LogColumns[]
  readonly policy: Policy
  readonly verdicts: readonly VerdictRecord[]
  readonly limits?: AlikeLimits
}

/**
 * The pairs to ask about, those worth most first. Needs the tables of a partition, `crowd` and `event`.
 * @throws StageError
 */
export async function findAlike(
  engine: BatchEngine,
  { parts, policy, verdicts, limits = ALIKE_LIMITS }: AlikeInput,
  told: Told,
): Promise<readonly AlikePair[]> {
  told('alike', null)
  await putRuled(engine, verdicts)
  await makeStages(engine, alikeStages(policy, limits.pairsMax), quiet)
  const rows = await alikeRows(engine)
  for (const table of ALIKE_PASSING) await engine.drop(table)
  told('alike', rows.length)
  if (rows.length === 0) return []
  told('behaviour', null)
  await makeStages(engine, behaviourStages(parts, limits.eventsPerCookieMax), quiet)
  const supported = await supportedRows(engine, rows, policy)
  for (const table of BEHAVIOUR_PASSING) await engine.drop(table)
  told('behaviour', rows.length)
  const chosen = eachOthersBest(supported).toSorted(byWorth).slice(0, limits.questionsMax)
  await engine.drop('alike')
  const pairs = chosen.map((one) => {
    const { a, b } = one.row
    return {
      a,
      b,
      evidence: one.evidence,
      reason: reasonOf(one),
      scoredBy: null,
      worth: worth(one),
    }
  })
  return pairsByKey(engine, policy.account, pairs)
}

/** Groups that a verdict has an answer for. */
async function putRuled(engine: BatchEngine, verdicts: readonly VerdictRecord[]): Promise<void> {
  const groupOf = await groupsOf(
    engine,
    verdicts.flatMap(({ a, b }) => [...a, ...b]),
  )
  const groups = (keys: readonly Key[]): ReadonlySet<number> =>
    new Set(keys.flatMap((key) => groupOf.get(key) ?? []))
  const low: number[] = []
  const high: number[] = []
  for (const { verdict, a, b } of verdicts) {
    const [these, those] = [groups(a), groups(b)]
    for (const x of these) {
      for (const y of those) {
        // What holds both sides of a "different" was joined by a later "same": the older verdict gave way.
        const gaveWay = verdict === 'different' && (those.has(x) || these.has(y))
        if (x === y || gaveWay) continue
        low.push(Math.min(x, y))
        high.push(Math.max(x, y))
      }
    }
  }
  await engine.put('ruled', { low: Int32Array.from(low), high: Int32Array.from(high) })
}

async function groupsOf(
  engine: BatchEngine,
  keys: readonly Key[],
): Promise<ReadonlyMap<Key, number>> {
  const nodes = await nodesOf(engine, keys)
  if (nodes.size === 0) return new Map()
  const rows = await engine.rows<{ node: number; grp: number }>(
    `SELECT node, grp FROM membership WHERE node IN (${[...nodes.values()].join(', ')})`,
  )
  const groupOf = new Map(rows.map(({ node, grp }) => [node, grp]))
  return new Map(
    [...nodes].flatMap(([key, node]) => {
      const grp = groupOf.get(node)
      return grp === undefined ? [] : [[key, grp] as const]
    }),
  )
}

const COLUMNS = [
  'low',
  'high',
  'a',
  'b',
  'low_cookies',
  'high_cookies',
  'evidence',
  'ip',
  'signature',
  'cross_ip',
  'cross_signature',
  'cross_both',
  'ip_gap',
  'cross_ip_gap',
] as const satisfies readonly (keyof AlikeRow)[]

async function alikeRows(engine: BatchEngine): Promise<readonly AlikeRow[]> {
  const sql = `SELECT ${COLUMNS.join(', ')} FROM alike ORDER BY low, high`
  return inStage('alike', sql, () => engine.rows<AlikeRow>(sql))
}

async function supportedRows(
  engine: BatchEngine,
  rows: readonly AlikeRow[],
  policy: Policy,
): Promise<readonly Supported[]> {
  const behaviours = await behavioursOf(engine)
  const [pages, seen] = await inStage('behaviour', PAGES_SQL, () => engine.integers(PAGES_SQL))
  const worths = new Map<number, number>()
  pages?.forEach((page, i) => worths.set(page, rarity(seen?.[i] ?? 1, behaviours.size)))
  const base = policy.edgeEvidence['behaviour'] ?? 0
  const nothing = behaviourOf([])
  return rows.map((row) => {
    const [a, b] = [behaviours.get(row.a) ?? nothing, behaviours.get(row.b) ?? nothing]
    const likeness = likenessOf(a, b, (page) => worths.get(page) ?? 1)
    const support = behaviourEvidence(similarityOf(likeness), base)
    const evidence = Math.min(row.evidence + support, policy.mergeEvidence - 1)
    return { row, support, trait: leadingTrait(likeness), evidence }
  })
}

async function behavioursOf(engine: BatchEngine): Promise<ReadonlyMap<number, Behaviour>> {
  const [cookies, pages, hours, begins] = await inStage('behaviour', ACTS_SQL, () =>
    engine.integers(ACTS_SQL),
  )
  const behaviours = new Map<number, Behaviour>()
  const total = cookies?.length ?? 0
  for (let from = 0; from < total;) {
    const cookie = cookies?.[from] ?? 0
    const acts = []
    let at = from
    for (; at < total && cookies?.[at] === cookie; at++)
      acts.push({ page: pages?.[at] ?? -1, hour: hours?.[at] ?? 0, begins: begins?.[at] === 1 })
    behaviours.set(cookie, behaviourOf(acts))
    from = at
  }
  return behaviours
}

/** Pairs of whom each is the other's best; ties fall to the smaller key. */
export function eachOthersBest(pairs: readonly Supported[]): readonly Supported[] {
  const best = new Map<number, { readonly other: number; readonly evidence: number }>()
  const offer = (group: number, other: number, evidence: number): void => {
    const known = best.get(group)
    const better =
      known === undefined ||
      evidence > known.evidence ||
      (evidence === known.evidence && other < known.other)
    if (better) best.set(group, { other, evidence })
  }
  for (const { row, evidence } of pairs) {
    offer(row.low, row.high, evidence)
    offer(row.high, row.low, evidence)
  }
  return pairs.filter(
    ({ row }) => best.get(row.low)?.other === row.high && best.get(row.high)?.other === row.low,
  )
}

function worth({ row, evidence }: Supported): number {
  return worthOf(evidence, row.low_cookies, row.high_cookies)
}

function byWorth(x: Supported, y: Supported): number {
  return worth(y) - worth(x) || x.row.low - y.row.low || x.row.high - y.row.high
}

/** A pair to ask about by the numbers of its cookies. */
export interface NumberedPair extends Omit<AlikePair, 'a' | 'b'> {
  readonly a: number
  readonly b: number
}

/** The pairs by the keys of their cookies. */
export async function pairsByKey(
  engine: BatchEngine,
  account: string,
  pairs: readonly NumberedPair[],
): Promise<readonly AlikePair[]> {
  if (pairs.length === 0) return []
  await engine.put('asked', { node: Int32Array.from(pairs.flatMap(({ a, b }) => [a, b])) })
  const rows = await engine.rows<{ node: number; key: Key }>(
    `SELECT i.node AS node, ${keySql(engine.dialect, account, 'i')} AS key
    FROM identifier i WHERE i.node IN (SELECT node FROM asked)`,
  )
  await engine.drop('asked')
  const keyOf = new Map(rows.map(({ node, key }) => [node, key]))
  return pairs.map((one) => ({ ...one, a: keyOf.get(one.a) ?? '', b: keyOf.get(one.b) ?? '' }))
}
