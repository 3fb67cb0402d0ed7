// Members and their edges out of an engine's tables, and the groups these make by themselves.

import type { Key } from '../../core/identifier/identifier.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import type { Standing } from '../decrees.ts'
import { KINDS } from '../policy-tables.ts'
import { inStage } from '../stage.ts'
import { limitsOf, MEMBER_EDGES_SQL, MEMBERS_SQL } from '../stages/graph.ts'
import { formGroups, type Groups } from './groups.ts'

export async function deterministicGroups(
  engine: BatchEngine,
  policy: Policy,
  standing: Standing,
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
  const [total] = await engine.rows<{ n: number }>(
    'SELECT CAST(count(*) AS DOUBLE) AS n FROM identifier',
  )
  const count = total?.n ?? 0
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

/** The numbers of what is marked with 1. */
export function nodesWhere(marked: Uint8Array): Int32Array {
  const nodes: number[] = []
  marked.forEach((mark, node) => {
    if (mark === 1) nodes.push(node)
  })
  return Int32Array.from(nodes)
}
