// All candidate pairs of a log, to hold what a model says of them against a truth, and what profiles would be if it joined
// from one score on or another. Invariant: changes nothing; decides as a run does.

import type { Policy } from '../core/policy/policy.ts'
import { alikeCookies } from '../batch/evidence/alike-cookies.ts'
import { loadAlike } from '../batch/evidence/load-alike.ts'
import { binsOf, type GatheredPairs, gatherPairs } from '../batch/evidence/weigh-pairs.ts'
import { joinAlike } from '../batch/graph/alike-groups.ts'
import type { Groups } from '../batch/graph/groups.ts'
import type { Labelled } from '../batch/learning/labels.ts'
import type { Learned, LearnLimits } from '../batch/learning/learn.ts'
import { fitToLog, labelledPairs } from '../batch/learning/learn-from-log.ts'
import { stageAGroups } from '../batch/stage-a-groups.ts'
import { inStage } from '../batch/stage.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { type LogParts, readLog } from './read-log.ts'

export interface JudgeParts extends LogParts {
  /** Signals are read by what its knowledge knows of witnesses; where it has none, by a look at the whole log. */
  readonly policy: Policy
}

/** Members and cookies are nodes: whole numbers from 0. */
export interface Judged {
  readonly members: Int32Array
  /** By node: the number of its key. */
  readonly keys: BigInt64Array
  /** By node: its group by what was said, before anybody is joined by what he looks like. */
  readonly said: Int32Array
  readonly gathered: GatheredPairs
  /** `SIGNAL_COUNT` a pair. */
  readonly bins: Uint8Array
  /** What the data itself answers. */
  readonly labelled: Labelled
  /** What a run would learn of it. */
  learn(limits: LearnLimits): Promise<Learned>
  /** By node: its group where pairs that score `from` or more are joined. Scores are thousandths of a natural log-odd. */
  joined(scores: Int32Array, from: number): Promise<Int32Array>
}

export async function judgeModel({ engine, policy, ...log }: JudgeParts): Promise<Judged> {
  const { columns: parts, standing } = await readLog({ engine, ...log })
  const { told } = log
  const stageA = await stageAGroups(engine, { parts, standing, policy }, told)
  const { groups, contest } = stageA
  const { out } = await stageA.decide(false)
  told('pairs', null)
  const gathered = gatherPairs({
    arrays: await loadAlike(engine, stageA.log),
    out,
    peopleMax: policy.candidateAnchorsMax,
    windowDays: policy.addressDays,
    known: policy.knowledge?.witnesses ?? null,
  })
  const { known, pairs } = gathered
  const bins = binsOf(gathered)
  told('pairs', pairs.a.length)
  const said = groups.group.slice()
  const answers = { groupOf: said, verdicts: contest.verdicts, singled: contest.singled }
  const joined = async (scores: Int32Array, from: number): Promise<Int32Array> => {
    const copy = copyOf(groups)
    const alike = alikeCookies({ pairs, scores }, from, said)
    const knowledge = { version: '', model: NO_MODEL, witnesses: known, stopped: false }
    const joining = { ...contest, policy: { ...policy, knowledge }, byRules: false }
    await joinAlike(engine, joining, copy, alike)
    return copy.group
  }
  return {
    ...(await identifiersOf(engine)),
    said,
    gathered,
    bins,
    labelled: await labelledPairs(engine, pairs, answers),
    learn: (limits) => fitToLog(engine, { pairs, bins }, answers, limits),
    joined,
  }
}

/** Pairs come scored to stage B, so of a model it only asks whether there is one. */
const NO_MODEL = { bias: 0, weights: [], pairWeights: [], joinFrom: 0 } as const

function copyOf({ group, weakest, link, contested }: Groups): Groups {
  return {
    group: group.slice(),
    weakest: weakest.slice(),
    link: { from: link.from.slice(), to: link.to.slice(), kind: link.kind.slice() },
    contested,
  }
}

const KEYS_SQL = `
SELECT node, CAST(id >> 32 AS INTEGER), CAST((id & 4294967295) - 2147483648 AS INTEGER)
FROM identifier`
const MEMBERS_SQL = 'SELECT node FROM member ORDER BY node'
const NONE = new Int32Array(0)

async function identifiersOf(engine: BatchEngine): Promise<Pick<Judged, 'members' | 'keys'>> {
  const read = (sql: string): Promise<readonly Int32Array[]> =>
    inStage('pairs', sql, () => engine.integers(sql))
  const [node = NONE, high = NONE, low = NONE] = await read(KEYS_SQL)
  const keys = new BigInt64Array(node.length)
  for (let i = 0; i < node.length; i++)
    keys[node[i] ?? 0] =
      BigInt(high[i] ?? 0) * 4_294_967_296n + BigInt((low[i] ?? 0) + 2_147_483_648)
  const [members = NONE] = await read(MEMBERS_SQL)
  return { members, keys }
}
