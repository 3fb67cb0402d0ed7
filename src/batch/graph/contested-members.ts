// The contested out of an engine's tables: decided, and their groups written over those that edges alone would make.

import type { Key } from '../../core/identifier/identifier.ts'
import { EVIDENCE_MAX } from '../../core/policy/evidence-unit.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { isOut } from '../../core/profile/alike/candidates.ts'
import { effectiveOf } from '../../core/profile/effective.ts'
import type { VerdictRecord } from '../../core/profile/view/records.ts'
import type { Refusal } from '../../core/profile/stage-a.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import type { AlikeCookies } from '../evidence/alike-cookies.ts'
import { ALIKE_KIND, codeOfKind, KINDS } from '../policy-tables.ts'
import {
  CONTESTED_DAYS_SQL,
  contestedEdgesSql,
  contestedNodesSql,
  SIGHTINGS_SQL,
} from '../stages/graph.ts'
import {
  type ContestedGroup,
  type ContestedGroups,
  decideContested,
  type EdgeRow,
  isAloneAsShared,
  type MemberRow,
} from './contested.ts'
import type { Groups } from './groups.ts'

export interface Contest {
  readonly policy: Policy
  readonly verdicts: readonly VerdictRecord[]
  readonly quarantined: ReadonlySet<Key>
  /** Whether the fixed rules may join somebody by witnesses. */
  readonly byRules: boolean
}

export interface Contested {
  readonly members: number
  readonly refusals: readonly Refusal[]
  /** By node: 1 for one that is alone since several people use it. */
  readonly shared: Uint8Array
  /** By node: 1 for a cookie that is compared with nobody. */
  readonly out: Uint8Array
}

/** Changes `groups`; makes the table `cut`: from_node, to_node, kind, evidence of every edge between contested members. */
export async function decideContestedMembers(
  engine: BatchEngine,
  { policy, verdicts, quarantined, byRules }: Contest,
  groups: Groups,
): Promise<Contested> {
  const members = await engine.rows<MemberRow>(contestedNodesSql(engine.dialect, policy.account))
  const edges = await engine.rows<EdgeRow>(contestedEdgesSql(engine.dialect))
  const days = await engine.integers(CONTESTED_DAYS_SQL)
  const sightings = byRules ? await engine.integers(SIGHTINGS_SQL) : null
  const input = { members, edges, days, sightings, verdicts, quarantined, weighed: null }
  const decided = decideContested(input, policy)
  await putCuts(engine, decided, edges, members)
  const shared = new Uint8Array(groups.group.length)
  const out = new Uint8Array(groups.group.length)
  const nodeOf = new Map(members.map(({ key, node }) => [key, node]))
  for (const group of decided.groups) {
    const smallest = writeGroup(groups, group, nodeOf)
    if (isAloneAsShared(decided.pass, group)) shared[smallest] = 1
    for (const node of group.nodes)
      if (node.type === 'cookie' && isOut(decided.pass, node)) out[nodeOf.get(node.key) ?? 0] = 1
  }
  return { members: members.length, refusals: decided.refusals, shared, out }
}

/** Decides the members of `contested` once more, with what they look like; changes `groups`. */
export async function decideAlikeMembers(
  engine: BatchEngine,
  { policy, verdicts, quarantined }: Contest,
  groups: Groups,
  alike: AlikeCookies,
): Promise<void> {
  const members = await engine.rows<MemberRow>(contestedNodesSql(engine.dialect, policy.account))
  const edges = await engine.rows<EdgeRow>(contestedEdgesSql(engine.dialect))
  const days = await engine.integers(CONTESTED_DAYS_SQL)
  const nodeOf = new Map(members.map(({ key, node }) => [key, node]))
  const keyOf = new Map(members.map(({ key, node }) => [node, key]))
  const weighed = new Map<Key, Map<Key, number>>()
  for (let i = 0; i < alike.a.length; i++) {
    const [a, b] = [keyOf.get(alike.a[i] ?? 0), keyOf.get(alike.b[i] ?? 0)]
    if (a === undefined || b === undefined) continue
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      weighed.set(x, (weighed.get(x) ?? new Map<Key, number>()).set(y, alike.evidence[i] ?? 0))
  }
  const input = { members, edges, days, sightings: null, verdicts, quarantined, weighed }
  for (const group of decideContested(input, policy).groups) {
    const smallest = writeGroup(groups, group, nodeOf)
    const isJoined = group.nodes.length > 1 && groups.link.kind[smallest] === -1
    if (isJoined && group.weakest !== null) groups.link.kind[smallest] = ALIKE_KIND
  }
}

/** The smallest member of the group. */
function writeGroup(
  groups: Groups,
  group: ContestedGroup,
  nodeOf: ReadonlyMap<Key, number>,
): number {
  const { link, weakest } = groups
  const nodes = group.nodes.map(({ key }) => nodeOf.get(key) ?? -1)
  const smallest = nodes.reduce((least, node) => Math.min(least, node))
  for (const node of nodes) groups.group[node] = smallest
  const held = group.tree.find(({ effective }) => effective.evidence === group.weakest)
  const edge = nodes.length > 1 ? held?.effective.edge : undefined
  // Where a steward's word alone holds two together, no edge is the weakest; the live path says the same.
  weakest[smallest] = nodes.length > 1 ? (group.weakest ?? EVIDENCE_MAX) : 0
  link.from[smallest] = nodeOf.get(edge?.from ?? '') ?? -1
  link.to[smallest] = nodeOf.get(edge?.to ?? '') ?? -1
  link.kind[smallest] = edge === undefined ? -1 : codeOfKind(edge.kind)
  return smallest
}

/** What edges between contested members are worth, in the order of their rows. */
async function putCuts(
  engine: BatchEngine,
  { pass }: ContestedGroups,
  edges: readonly EdgeRow[],
  members: readonly MemberRow[],
): Promise<void> {
  const keyOf = new Map(members.map(({ node, key }) => [node, key]))
  const evidence = edges.map((row) => {
    const [a, b] = [row.from_node, row.to_node].map((node) => pass.view.node(keyOf.get(node) ?? ''))
    const edge = a?.out.get(b?.key ?? '')?.find(({ kind }) => kind === KINDS[row.kind])
    if (a === undefined || b === undefined || edge === undefined)
      throw new Error('an edge of contested members is not in their view')
    return effectiveOf(pass, edge, a, b).evidence
  })
  await engine.put('cut', {
    from_node: Int32Array.from(edges, (row) => row.from_node),
    to_node: Int32Array.from(edges, (row) => row.to_node),
    kind: Int32Array.from(edges, (row) => row.kind),
    evidence: Int32Array.from(evidence),
  })
}
