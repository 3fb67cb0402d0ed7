// The partition of all members, computed from the whole log: who is one profile, by F over everything.
// Invariant: equals what the live path decides of the same facts, decisions and policy.

import type { Policy } from '../core/policy/policy.ts'
import { joinsByRules } from '../core/profile/settle.ts'
import { type NumberedPair, QUESTIONS_MAX } from './alike.ts'
import { alikeCookies, NOBODY_ALIKE, scorePairs } from './evidence/alike-cookies.ts'
import { loadAlike } from './evidence/load-alike.ts'
import { weighPairs } from './evidence/weigh-pairs.ts'
import { joinAlike, putJoins } from './graph/alike-groups.ts'
import {
  cookiesIn,
  heldBy,
  type Learning,
  learnFromLog,
  ruledBy,
} from './learning/learn-from-log.ts'
import type { Training } from './learning/learn.ts'
import type { Knowledge } from '../core/policy/knowledge.ts'
import type { Refusal } from '../core/profile/stage-a.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Standing } from './decrees.ts'
import type { Groups } from './graph/groups.ts'
import { doubtfulPairs } from './questions/doubtful-pairs.ts'
import { makeStages, type Told } from './stage.ts'
import { type StageAGroups, stageAGroups } from './stage-a-groups.ts'
import { worthStage } from './stages/graph.ts'

export interface PartitionInput {
  readonly parts: readonly LogColumns[]
  readonly standing: Standing
  readonly policy: Policy
  /** How to learn from the log; null: what the policy knows holds. */
  readonly learning?: Learning | null
}

export interface Partition {
  /** What it was decided under. */
  readonly knowledge: Knowledge | null
  /** Null where nothing was to be learned. */
  readonly training: Training | null
  readonly identifiers: number
  readonly members: number
  /** Members that were decided by the resolver's own code. */
  readonly contested: number
  readonly refusals: readonly Refusal[]
  /** What the model leaves open, to be asked about; those worth most first. None without knowledge. */
  readonly doubtful: readonly NumberedPair[]
}

/**
 * Makes the tables `identifier`, `edge`, `sighting`; `membership`: node, grp (the smallest member of its group), weakest
 * (evidence; 0 where nothing must hold, the most there is where a steward's word alone holds), shared (0 or 1); `link`: grp and the edge that is its weakest, -1 where nothing
 * must hold; `alike_join`: cookies that a model has joined; `cut`: what edges between contested members are worth, and `worth` for all edges; `quarantine`: node.
 * @throws StageError
 */
export async function partition(
  engine: BatchEngine,
  { parts, standing, policy: settled, learning = null }: PartitionInput,
  told: Told,
): Promise<Partition> {
  // Until it has learned, nobody is joined by what he looks like.
  const policy = learning === null ? settled : { ...settled, knowledge: null }
  const stageA = await stageAGroups(engine, { parts, standing, policy }, told)
  const { groups, decide } = stageA
  let contested = await decide(learning === null && joinsByRules(policy))
  const { knowledge, training, doubtful } = await learnAndJoin(
    engine,
    stageA,
    { learning, out: contested.out },
    told,
  )
  if (learning !== null && knowledge === null && joinsByRules(policy))
    contested = await decide(true)
  const members = await putMembership(engine, groups, contested.shared)
  await makeStages(engine, [worthStage], told)
  told('groups', members)
  return {
    knowledge,
    training,
    identifiers: groups.group.length,
    members,
    contested: contested.members,
    refusals: contested.refusals,
    doubtful,
  }
}

interface LearnAndJoin {
  readonly learning: Learning | null
  /** By node: 1 for a cookie that is compared with nobody. */
  readonly out: Uint8Array
}

/** Joins groups by what they look like, with what there is to learn learned first; changes their `groups`. */
async function learnAndJoin(
  engine: BatchEngine,
  { log, groups, contest }: StageAGroups,
  { learning, out }: LearnAndJoin,
  told: Told,
): Promise<Pick<Partition, 'knowledge' | 'training' | 'doubtful'>> {
  const { policy, verdicts, singled } = contest
  await putJoins(engine, groups, NOBODY_ALIKE)
  if (learning === null && policy.knowledge === null)
    return { knowledge: null, training: null, doubtful: [] }
  told('pairs', null)
  const weighed = weighPairs({
    arrays: await loadAlike(engine, log),
    out,
    peopleMax: policy.candidateAnchorsMax,
    windowDays: policy.addressDays,
    known: policy.knowledge?.witnesses ?? null,
  })
  told('pairs', weighed.pairs.a.length)
  let { knowledge } = policy
  let training: Training | null = null
  if (learning !== null) {
    told('learned', null)
    const answers = { groupOf: groups.group, verdicts, singled }
    ;({ knowledge, training } = await learnFromLog(engine, weighed, answers, learning))
    told('learned', training.fittedOn)
  }
  if (knowledge === null) return { knowledge, training, doubtful: [] }
  told('alike joined', null)
  const { model } = knowledge
  const scores = scorePairs(weighed, model)
  const alike = alikeCookies({ pairs: weighed.pairs, scores }, model.joinFrom, groups.group)
  const known = { ...contest, policy: { ...policy, knowledge }, byRules: false }
  await joinAlike(engine, known, groups, alike)
  told('alike joined', alike.a.length)
  const doubtful = doubtfulPairs({
    weighed,
    knowledge,
    scores,
    groupOf: groups.group,
    cookiesOf: await cookiesIn(engine, groups.group),
    held: await heldBy(engine, groups.group),
    rulings: ruledBy(verdicts, singled, groups.group),
    questionEvidence: policy.questionEvidence,
    questionsMax: QUESTIONS_MAX,
  })
  return { knowledge, training, doubtful }
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
