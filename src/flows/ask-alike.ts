// What a run asks stewards: whether groups that are merely alike are one person. The resolver asks, with what it knows by
// then; what a run before asked and this one does not is taken back. Invariant: a run that is repeated changes nothing.

import type { AlikePair } from '../core/profile/ask.ts'
import type { Policy } from '../core/policy/policy.ts'
import { joinsByWitness } from '../core/profile/settle.ts'
import { isOfARun, isOutdated } from '../core/profile/questions.ts'
import type { QuestionRecord } from '../core/profile/view/records.ts'
import { findAlike, type NumberedPair, pairsByKey } from '../batch/alike.ts'
import type { Standing } from '../batch/decrees.ts'
import type { Told } from '../batch/stage.ts'
import type { LogInput } from '../batch/stages/log.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { openQuestions, type Questioned } from './open-questions.ts'

/** The live graph as one who asks needs it. */
export interface Asking extends Questioned {
  /** Asks about pairs; ids of the questions that stand for them. */
  ask(pairs: readonly AlikePair[]): Promise<readonly string[]>
  /** Takes questions back that no run asks any more. */
  takeBack(questions: readonly QuestionRecord[]): Promise<void>
  /** Everything so far is stored. */
  flush(): Promise<void>
}

/** Pairs asked about, and questions taken back, before the next are stored. */
const ASKED_AT_ONCE = 1_000

export interface AlikeParts {
  readonly engine: BatchEngine
  readonly live: Asking | null
  readonly policy: Policy
  /** What the model of the policy leaves open. */
  readonly doubtful: readonly NumberedPair[]
  readonly told: Told
}

/**
 * Needs the tables of a partition, `crowd` and `event`. Under knowledge what its model leaves open is asked; where fixed
 * rules join by witnesses, the live path asks all there is to ask; else those who are alike by witnesses. How many
 * questions stand.
 */
export async function askAlike(
  { engine, live, policy, doubtful, told }: AlikeParts,
  { parts }: LogInput,
  { verdicts }: Pick<Standing, 'verdicts'>,
): Promise<number> {
  if (live === null) return 0
  const pairs = joinsByWitness(policy)
    ? await pairsByKey(engine, policy.account, doubtful)
    : await findAlike(engine, { parts, policy, verdicts }, told)
  told('questions', null)
  const standing = new Set<string>()
  for (let at = 0; at < pairs.length; at += ASKED_AT_ONCE) {
    for (const id of await live.ask(pairs.slice(at, at + ASKED_AT_ONCE))) standing.add(id)
    await live.flush()
  }
  await takeBackOthers(live, policy.knowledge?.version ?? null, standing)
  told('questions', standing.size)
  return standing.size
}

async function takeBackOthers(
  live: Asking,
  version: string | null,
  standing: ReadonlySet<string>,
): Promise<void> {
  const others: QuestionRecord[] = []
  for await (const one of openQuestions(live))
    if ((isOfARun(one) || isOutdated(one, version)) && !standing.has(one.id)) others.push(one)
  for (let at = 0; at < others.length; at += ASKED_AT_ONCE) {
    await live.takeBack(others.slice(at, at + ASKED_AT_ONCE))
    await live.flush()
  }
}
