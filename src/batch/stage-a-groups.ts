// Stage A over the whole log: the tables of identifiers, edges and sightings, and the groups that what was said makes.
// Invariant: nobody is joined by what he looks like.

import type { Policy } from '../core/policy/policy.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Standing } from './decrees.ts'
import type { AlikeContest } from './graph/alike-groups.ts'
import { type Contested, decideContestedMembers } from './graph/contested-members.ts'
import { deterministicGroups, nodesWhere } from './graph/deterministic.ts'
import type { Groups } from './graph/groups.ts'
import { nodesOf, standingQuarantine } from './singled.ts'
import { makeStages, type Told } from './stage.ts'
import { anchorStage, memberStages } from './stages/graph.ts'
import { CLASH_SQL, edgeStages, identifierStages, type LogInput, ruleStages } from './stages/log.ts'

export interface StageAInput {
  readonly parts: readonly LogColumns[]
  readonly standing: Standing
  readonly policy: Policy
}

export interface StageAGroups {
  readonly log: LogInput
  /** Contested members of it are decided by `decide`. */
  readonly groups: Groups
  /** Whose word and which rules hold. */
  readonly contest: Omit<AlikeContest, 'byRules'>
  /** Decides contested members; changes `groups`. `byRules`: where the fixed rules may join them by witnesses. */
  readonly decide: (byRules: boolean) => Promise<Contested>
}

/**
 * Makes the tables `identifier`, `edge`, `sighting`, `quarantine`, `anchor`, `member`.
 * @throws StageError
 */
export async function stageAGroups(
  engine: BatchEngine,
  { parts, standing, policy }: StageAInput,
  told: Told,
): Promise<StageAGroups> {
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
  const contest = { policy, verdicts, quarantined, singled }
  const decide = async (byRules: boolean): Promise<Contested> => {
    // Where witnesses join, whoever was seen with one may be joined by it.
    if (byRules) groups.contested.fill(1)
    await engine.put('contested', { node: nodesWhere(groups.contested) })
    return decideContestedMembers(engine, { ...contest, byRules }, groups)
  }
  return { log, groups, contest, decide }
}

/** Keys are known by their first 64 bits: of ten million identifiers two share them once in 400,000 installations. */
async function refuseClash(engine: BatchEngine): Promise<void> {
  const [clash] = await engine.rows<{ id: string; value: string }>(CLASH_SQL)
  if (clash === undefined) return
  throw new Error(
    `two identifiers share the number ${clash.id}, one of them ${clash.value}: nothing can be computed before one of them is erased`,
  )
}
