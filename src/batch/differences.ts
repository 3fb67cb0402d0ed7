// How a run's partition differs from the live one: what would merge, split and move, and why, the largest first.

import { confidenceOf } from '../core/policy/evidence-unit.ts'
import type { Policy } from '../core/policy/policy.ts'
import { alikeText, noLongerText } from '../core/profile/reasons.ts'
import type { Refusal } from '../core/profile/stage-a.ts'
import type { BatchEngine, Dialect } from '../ports/batch-engine.ts'
import { KINDS } from './policy-tables.ts'
import { keySql } from './stages/log.ts'
import { LIVING_ON_SQL } from './stages/reconcile.ts'

/** One profile that becomes others, or several that become one. */
interface Difference {
  readonly what: 'merge' | 'split'
  /** The live profiles concerned, or the one. */
  readonly profiles: readonly string[]
  /** Members that change their profile. */
  readonly members: number
  readonly reason: string
}

export interface Differences {
  /** Profiles that give way to others; parts that become profiles of their own; members that change their profile. */
  readonly merges: number
  readonly splits: number
  readonly moves: number
  /** The largest. */
  readonly largest: readonly Difference[]
}

const LARGEST_SHOWN = 10
const PROFILES_NAMED_MAX = 5

type Counts = Pick<Differences, 'merges' | 'splits' | 'moves'>

const COUNTS_SQL = `
WITH kept AS (
  SELECT count(*) AS n, coalesce(sum(members), 0) AS members FROM (${LIVING_ON_SQL}) living_on
), every AS (
  SELECT count(DISTINCT profile) AS profiles, count(DISTINCT grp) AS groups, coalesce(sum(members), 0) AS members
  FROM differing
)
SELECT CAST(e.profiles - k.n AS DOUBLE) AS merges, CAST(e.groups - k.n AS DOUBLE) AS splits,
  CAST(e.members - k.members AS DOUBLE) AS moves
FROM every e CROSS JOIN kept k`

/** Groups of several live profiles, or live profiles that become several groups; the most members moved first. */
function largestSql(by: 'grp' | 'profile'): string {
  return `
SELECT ${by} AS id, CAST(sum(members) - max(members) AS DOUBLE) AS members
FROM differing GROUP BY ${by} HAVING count(*) > 1 ORDER BY members DESC, id LIMIT ${LARGEST_SHOWN}`
}

/** Needs `differing`, `live_profile`, `live_member`, `worth`, `alike_join` and the tables of a partition. */
export async function findDifferences(
  engine: BatchEngine,
  policy: Policy,
  refusals: readonly Refusal[],
): Promise<Differences> {
  const [counts] = await engine.rows<Counts>(COUNTS_SQL)
  const merges = await largest(engine, policy, 'merge', refusals)
  const splits = await largest(engine, policy, 'split', refusals)
  return {
    merges: counts?.merges ?? 0,
    splits: counts?.splits ?? 0,
    moves: counts?.moves ?? 0,
    largest: [...merges, ...splits]
      .toSorted((a, b) => b.members - a.members)
      .slice(0, LARGEST_SHOWN),
  }
}

async function largest(
  engine: BatchEngine,
  policy: Policy,
  what: Difference['what'],
  refusals: readonly Refusal[],
): Promise<Difference[]> {
  const by = what === 'merge' ? 'grp' : 'profile'
  const found: Difference[] = []
  for (const { id, members } of await engine.rows<{ id: number; members: number }>(
    largestSql(by),
  )) {
    const profiles = await engine.rows<{ id: string }>(
      `SELECT p.profile_id AS id FROM live_profile p JOIN differing o ON o.profile = p.profile
      WHERE o.${by} = ${id} ORDER BY o.members DESC, p.profile_id LIMIT ${PROFILES_NAMED_MAX}`,
    )
    const [edge] = await engine.rows<EdgeBetween>(
      betweenSql(engine.dialect, policy.account, what, id),
    )
    const reason =
      edge === undefined
        ? await withoutAnEdge(engine, policy, what, id)
        : reasonOf(what, edge, refusals)
    const ids = [...new Set(profiles.map((row) => row.id))]
    found.push({ what, profiles: ids, members, reason })
  }
  return found
}

/** What a model has joined, else what is left: alike by the fixed rules, or a steward's word. */
async function withoutAnEdge(
  engine: BatchEngine,
  policy: Policy,
  what: Difference['what'],
  id: number,
): Promise<string> {
  if (what === 'split') return noLongerText(policy)
  const [alike] = policy.knowledge === null ? [] : await engine.rows<AlikeBetween>(alikeSql(id))
  if (alike === undefined) return 'alike by shared witnesses, or said to be the same'
  const ends = `${named('cookie', alike.from_value)} and ${named('cookie', alike.to_value)}`
  return `${alikeText(policy, alike.evidence)} between ${ends}`
}

interface AlikeBetween {
  readonly evidence: number
  readonly from_value: string
  readonly to_value: string
}

/** The most alike of what was apart and is one now. */
const alikeSql = (id: number): string => `
SELECT w.evidence AS evidence, i.value AS from_value, j.value AS to_value
FROM alike_join w
JOIN membership f ON f.node = w.from_node AND f.grp = ${id}
JOIN membership t ON t.node = w.to_node AND t.grp = ${id}
JOIN identifier i ON i.node = w.from_node
JOIN identifier j ON j.node = w.to_node
JOIN live_member a ON a.id = i.id
JOIN live_member b ON b.id = j.id
WHERE a.profile <> b.profile ORDER BY w.evidence DESC, i.node, j.node LIMIT 1`

/** The strongest edge between what was apart and is one now, or was one and is apart. */
function betweenSql(d: Dialect, account: string, what: Difference['what'], id: number): string {
  const between =
    what === 'merge'
      ? `f.grp = ${id} AND t.grp = ${id} AND a.profile <> b.profile`
      : `a.profile = ${id} AND b.profile = ${id} AND f.grp <> t.grp`
  return `
SELECT w.kind AS kind, w.evidence AS evidence, ${keySql(d, account, 'i')} AS from_key, i.type AS from_type, i.value AS from_value,
  ${keySql(d, account, 'j')} AS to_key, j.type AS to_type, j.value AS to_value
FROM worth w
JOIN membership f ON f.node = w.from_node
JOIN membership t ON t.node = w.to_node
JOIN identifier i ON i.node = w.from_node
JOIN identifier j ON j.node = w.to_node
JOIN live_member a ON a.id = i.id
JOIN live_member b ON b.id = j.id
WHERE ${between} ORDER BY w.evidence DESC, w.first_seen, i.node, j.node LIMIT 1`
}

interface EdgeBetween {
  readonly kind: number
  readonly evidence: number
  readonly from_key: string
  readonly from_type: string
  readonly from_value: string
  readonly to_key: string
  readonly to_type: string
  readonly to_value: string
}

const VALUE_CHARACTERS = 24

function reasonOf(
  what: Difference['what'],
  edge: EdgeBetween,
  refusals: readonly Refusal[],
): string {
  const { kind, evidence } = edge
  const from = named(edge.from_type, edge.from_value)
  const to = named(edge.to_type, edge.to_value)
  const between = `${KINDS[kind]} ${confidenceOf(evidence).toFixed(2)} between ${from} and ${to}`
  if (what === 'merge') return between
  if (evidence === 0)
    return `${between}: no longer counts, since one of them is shared, crowded or in quarantine`
  const ends = new Set([edge.from_key, edge.to_key])
  const refusal = refusals.find(({ a, b }) => ends.has(a) && ends.has(b))
  return `${between}: ${refusal?.reason ?? 'refused, or too weak to join'}`
}

function named(type: string, value: string): string {
  return `${type} ${value.length > VALUE_CHARACTERS ? `${value.slice(0, 12)}…` : value}`
}
