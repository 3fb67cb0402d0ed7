// The partition of all members, computed from the whole log: who is one profile, by F over everything.
// Invariant: equals what the live path decides of the same facts, decisions and policy.

import type { Policy } from '../core/policy/policy.ts'
import { joinsByRules } from '../core/profile/settle.ts'
import { alikeCookies } from './evidence/alike-cookies.ts'
import { loadAlike } from './evidence/load-alike.ts'
import { weighPairs, type WeighedPairs } from './evidence/weigh-pairs.ts'
import { joinAlike } from './graph/alike-groups.ts'
import type { LogInput } from './stages/log.ts'
import type { Refusal } from '../core/profile/stage-a.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Standing } from './decrees.ts'
import { decideContestedMembers } from './graph/contested-members.ts'
import { deterministicGroups, nodesWhere } from './graph/deterministic.ts'
import type { Groups } from './graph/groups.ts'
import { nodesOf, standingQuarantine } from './singled.ts'
import { makeStages, type Told } from './stage.ts'
import { anchorStage, memberStages, worthStage } from './stages/graph.ts'
import { CLASH_SQL, edgeStages, identifierStages, ruleStages } from './stages/log.ts'

export interface PartitionInput {
  readonly parts: readonly LogColumns[]
  readonly standing: Standing
  readonly policy: Policy
}

export interface Partition {
  readonly identifiers: number
  readonly members: number
  /** Members that were decided by the resolver's own code. */
  readonly contested: number
  readonly refusals: readonly Refusal[]
}

/**
 * Makes the tables `identifier`, `edge`, `sighting`; `membership`: node, grp (the smallest member of its group), weakest
 * (evidence; 0 where nothing must hold, the most there is where a steward's word alone holds), shared (0 or 1); `link`: grp and the edge that is its weakest, -1 where nothing
 * must hold; `cut`: what edges between contested members are worth, and `worth` for all edges; `quarantine`: node.
 * @throws StageError
 */
export async function partition(
  engine: BatchEngine,
  { parts, standing, policy }: PartitionInput,
  told: Told,
): Promise<Partition> {
  const log = { parts, erased: standing.erased }
  await makeStages(engine, [...ruleStages(policy), ...identifierStages(log)], told)
  await engine.drop('told')
  await refuseClash(engine)
  await makeStages(engine, edgeStages(log), told)
  const quarantined = await standingQuarantine(engine, parts, standing)
  const { verdicts } = standing
  const named = [...verdicts.flatMap(({ a, b }) => [...a, ...b]), ...quarantined]
  const singled = await nodesOf(engine, named)
  await engine.put('singled', { node: Int32Array.from(singled.values()) })
  const quarantine = [...quarantined].flatMap((key) => singled.get(key) ?? [])
  await engine.put('quarantine', { node: Int32Array.from(quarantine) })
  await makeStages(engine, [anchorStage, ...memberStages], told)
  told('groups', null)
  const groups = await deterministicGroups(engine, policy, standing, singled)
  // Where witnesses join, whoever was seen with one may be joined by it.
  if (joinsByRules(policy)) groups.contested.fill(1)
  await engine.put('contested', { node: nodesWhere(groups.contested) })
  const contested = await decideContestedMembers(engine, { policy, verdicts, quarantined }, groups)
  const { knowledge } = policy
  if (knowledge !== null) {
    const alike = await weighAlike(engine, log, policy, contested.out)
    const contest = { policy, verdicts, quarantined, singled }
    await joinAlike(engine, contest, groups, alikeCookies(alike, knowledge.model, groups.group))
  }
  const members = await putMembership(engine, groups, contested.shared)
  await makeStages(engine, [worthStage], told)
  told('groups', members)
  return {
    identifiers: groups.group.length,
    members,
    contested: contested.members,
    refusals: contested.refusals,
  }
}

async function weighAlike(
  engine: BatchEngine,
  log: LogInput,
  { knowledge, candidateAnchorsMax, addressDays }: Policy,
  out: Uint8Array,
): Promise<WeighedPairs> {
  const arrays = await loadAlike(engine, log)
  return weighPairs({
    arrays,
    out,
    peopleMax: candidateAnchorsMax,
    windowDays: addressDays,
    known: knowledge?.witnesses ?? null,
  })
}

/** Keys are known by their first 64 bits: of ten million identifiers two share them once in 400,000 installations. */
async function refuseClash(engine: BatchEngine): Promise<void> {
  const [clash] = await engine.rows<{ id: string; value: string }>(CLASH_SQL)
  if (clash === undefined) return
  throw new Error(
    `two identifiers share the number ${clash.id}, one of them ${clash.value}: nothing can be computed before one of them is erased`,
  )
}

async function putMembership(
  engine: BatchEngine,
  { group, weakest, link }: Groups,
  shared: Uint8Array,
): Promise<number> {
  const node = new Int32Array(group.length)
  const held = new Int32Array(group.length)
  for (let i = 0; i < group.length; i++) {
    node[i] = i
    held[i] = weakest[group[i] ?? 0] ?? 0
  }
  await engine.put('assignment', {
    node,
    grp: group,
    weakest: held,
    shared: Int32Array.from(shared),
  })
  await engine.put('link', {
    grp: node,
    from_node: link.from,
    to_node: link.to,
    kind: link.kind,
  })
  const members = await engine.make(
    'membership',
    'SELECT a.node AS node, a.grp AS grp, a.weakest AS weakest, a.shared AS shared FROM assignment a JOIN member m ON m.node = a.node',
  )
  await engine.drop('assignment')
  return members
}
