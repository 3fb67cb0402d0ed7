// The partition of all members, computed from the whole log: who is one profile, by F over everything.
// Invariant: equals what the live path decides of the same facts, decisions and policy.

import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Refusal } from '../core/profile/stage-a.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Standing } from './decrees.ts'
import {
  decideContested,
  type EdgeRow,
  isAloneAsShared,
  type MemberRow,
} from './graph/contested.ts'
import { formGroups, type Groups } from './graph/groups.ts'
import { KINDS } from './policy-tables.ts'
import { inStage, makeStages, type Told } from './stage.ts'
import {
  CONTESTED_DAYS_SQL,
  CONTESTED_EDGES_SQL,
  CONTESTED_NODES_SQL,
  limitsOf,
  MEMBER_EDGES_SQL,
  MEMBERS_SQL,
  memberStages,
} from './stages/graph.ts'
import { edgeStages, idOf, identifierStage, ruleStages } from './stages/log.ts'

export interface PartitionInput {
  readonly parts: readonly LogColumns[]
  readonly standing: Standing
  readonly policy: Policy
}

export interface Partition {
  readonly identifiers: number
  readonly members: number
  readonly contested: number
  readonly refusals: readonly Refusal[]
}

/**
 * Makes the tables `identifier`, `edge`, `sighting` and `membership`: node, grp (the smallest member of its group),
 * weakest (evidence; 0 where nothing must hold), shared (0 or 1).
 * @throws StageError
 */
export async function partition(
  engine: BatchEngine,
  input: PartitionInput,
  told: Told,
): Promise<Partition> {
  const { parts, standing, policy } = input
  const log = { parts, erased: standing.erased }
  await makeStages(engine, [...ruleStages(policy), identifierStage(log), ...edgeStages(log)], told)
  const quarantined = await standingQuarantine(engine, input)
  const singled = await nodesOf(engine, [
    ...standing.verdicts.flatMap(({ a, b }) => [...a, ...b]),
    ...quarantined,
  ])
  await engine.put('singled', { node: Int32Array.from(singled.values()) })
  await makeStages(engine, memberStages, told)
  told('groups', null)
  const groups = await deterministicGroups(engine, input, singled)
  await engine.put('contested', { node: nodesWhere(groups.contested) })
  const contested = await decideTheContested(engine, { ...input, quarantined, groups })
  await putMembership(engine, groups, contested.shared)
  told('groups', contested.groups)
  return {
    identifiers: groups.group.length,
    members: contested.members,
    contested: contested.count,
    refusals: contested.refusals,
  }
}

/** Of the identifiers put into quarantine those that had been seen by then. */
async function standingQuarantine(
  engine: BatchEngine,
  { parts, standing }: PartitionInput,
): Promise<ReadonlySet<Key>> {
  const { quarantined, erased } = standing
  if (quarantined.size === 0) return new Set()
  const ids = [...quarantined.keys()].map(idOf).join(', ')
  const rows = await engine.rows(
    `SELECT DISTINCT key, filename FROM ${engine.dialect.parquet(parts.map((p) => p.identifiers))} WHERE id IN (${ids})`,
  )
  const partOf = new Map(parts.map((part) => [part.identifiers, part]))
  const standingKeys = new Set<Key>()
  for (const { key, filename } of rows) {
    const part = partOf.get(String(filename))
    const at = quarantined.get(String(key)) ?? 0
    if (part === undefined || part.last >= at) continue
    const since = erased.some((e) => e.key === key && e.before <= at && part.last < e.before)
    if (!since) standingKeys.add(String(key))
  }
  return standingKeys
}

/** Key -> node, of the keys that are there. */
async function nodesOf(
  engine: BatchEngine,
  keys: readonly Key[],
): Promise<ReadonlyMap<Key, number>> {
  if (keys.length === 0) return new Map()
  const ids = [...new Set(keys)].map(idOf).join(', ')
  const rows = await engine.rows(`SELECT key, node FROM identifier WHERE id IN (${ids})`)
  return new Map(rows.map(({ key, node }) => [String(key), Number(node)]))
}

async function deterministicGroups(
  engine: BatchEngine,
  { standing, policy }: PartitionInput,
  singled: ReadonlyMap<Key, number>,
): Promise<Groups> {
  const [node, ...columns] = await inStage('groups', MEMBERS_SQL, () =>
    engine.integers(MEMBERS_SQL),
  )
  const [from, to, kind] = await inStage('groups', MEMBER_EDGES_SQL, () =>
    engine.integers(MEMBER_EDGES_SQL),
  )
  if (node === undefined || from === undefined || to === undefined || kind === undefined)
    throw new Error('the queries for members and edges have other columns')
  const [total] = await engine.rows('SELECT CAST(count(*) AS DOUBLE) AS n FROM identifier')
  const count = Number(total?.['n'])
  const [slot, slotMax, special, cookie, crowdMax] = columns.map((column, i) =>
    placed(node, column, count, i === 0 ? -1 : 0),
  )
  if (!slot || !slotMax || !special || !cookie || !crowdMax)
    throw new Error('the query for members has other columns')
  const together = standing.verdicts
    .filter(({ verdict }) => verdict === 'same')
    .map(({ a, b }) => [...a, ...b].flatMap((key) => singled.get(key) ?? []))
  const evidence = KINDS.map((name) => policy.edgeEvidence[name] ?? 0)
  return formGroups(
    { slot, slotMax, special, cookie, crowdMax },
    { from, to, kind },
    together,
    limitsOf(policy, evidence),
  )
}

/** A column by node. */
function placed(node: Int32Array, column: Int32Array, count: number, none: number): Int32Array {
  const all = new Int32Array(count).fill(none)
  for (let i = 0; i < node.length; i++) all[node[i] ?? 0] = column[i] ?? none
  return all
}

function nodesWhere(marked: Uint8Array): Int32Array {
  const nodes: number[] = []
  marked.forEach((mark, node) => {
    if (mark === 1) nodes.push(node)
  })
  return Int32Array.from(nodes)
}

interface Contested {
  readonly count: number
  readonly members: number
  readonly groups: number
  readonly refusals: readonly Refusal[]
  readonly shared: Uint8Array
}

/** Decides the contested and writes their groups over those of `groups`. */
async function decideTheContested(
  engine: BatchEngine,
  {
    policy,
    standing,
    quarantined,
    groups,
  }: PartitionInput & { readonly quarantined: ReadonlySet<Key>; readonly groups: Groups },
): Promise<Contested> {
  const members = (await engine.rows(CONTESTED_NODES_SQL)) as unknown as readonly MemberRow[]
  const edges = (await engine.rows(CONTESTED_EDGES_SQL)) as unknown as readonly EdgeRow[]
  const days = await engine.integers(CONTESTED_DAYS_SQL)
  const input = { members, edges, days, verdicts: standing.verdicts, quarantined }
  const decided = decideContested(input, policy)
  const shared = new Uint8Array(groups.group.length)
  const nodeOf = new Map(members.map(({ key, node }) => [key, node]))
  for (const group of decided.groups) {
    const nodes = group.nodes.map(({ key }) => nodeOf.get(key) ?? 0)
    const smallest = Math.min(...nodes)
    for (const node of nodes) groups.group[node] = smallest
    groups.weakest[smallest] = group.weakest ?? 0
    if (isAloneAsShared(decided.pass, group)) shared[smallest] = 1
  }
  const [counted] = await engine.rows('SELECT CAST(count(*) AS DOUBLE) AS n FROM member')
  return {
    count: members.length,
    members: Number(counted?.['n']),
    groups: decided.groups.length,
    refusals: decided.refusals,
    shared,
  }
}

async function putMembership(
  engine: BatchEngine,
  { group, weakest }: Groups,
  shared: Uint8Array,
): Promise<void> {
  const node = Int32Array.from(group, (_, i) => i)
  const held = Int32Array.from(group, (root) => weakest[root] ?? 0)
  await engine.put('assignment', {
    node,
    grp: group,
    weakest: held,
    shared: Int32Array.from(shared),
  })
  await engine.make(
    'membership',
    'SELECT a.node AS node, a.grp AS grp, a.weakest AS weakest, a.shared AS shared FROM assignment a JOIN member m ON m.node = a.node',
  )
  await engine.drop('assignment')
}
