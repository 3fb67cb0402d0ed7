// Learning by itself: from the log up to a position, into what decisions go by from then on.
// Invariant: no profile is decided again and no table written; the next run decides everything by it.

import type { Learning, LearnedFromLog } from '../batch/learning/learn-from-log.ts'
import { partition } from '../batch/partition.ts'
import type { Policy } from '../core/policy/policy.ts'
import { type LogParts, readLog } from './read-log.ts'

export interface LearnParts extends LogParts {
  readonly policy: Policy
  readonly learning: Learning
  /** Makes what was learned the knowledge that is decided by. */
  readonly activate: (learned: LearnedFromLog) => Promise<void>
}

/** @throws StageError */
export async function learn(parts: LearnParts): Promise<LearnedFromLog['training']> {
  const { engine, policy, learning, activate, told } = parts
  const { columns, standing } = await readLog(parts)
  const input = { parts: columns, standing, policy, learning }
  const { knowledge, training } = await partition(engine, input, told)
  if (training === null) throw new Error('learning that has learned nothing')
  await activate({ knowledge, training })
  return training
}
