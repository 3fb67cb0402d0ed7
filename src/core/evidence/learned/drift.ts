// What new logins say of a model's joins, counted since the model came. Invariant: a login is counted once, whatever is
// read from the log again.

import type { Knowledge } from '../../policy/knowledge.ts'
import { shareBounds } from './share-bounds.ts'

/** What the first login of a cookie says of its having been joined with others before. */
export type LoginAnswer = 'right' | 'wrong'

export interface Drift {
  /** Of the knowledge the answers are about; empty where nothing is known. */
  readonly version: string
  readonly right: number
  readonly wrong: number
  /** Log position of the last answer; none at or before it is counted again. */
  readonly upTo: number
  /** They have shown that too few of its joins are right. What has stopped stays so until there is other knowledge. */
  readonly stopped: boolean
}

/**
 * The least share of right ones among the joins of a model: no threshold is chosen that cannot show it, and a model that
 * new logins show to be below it is stopped.
 */
export const JOIN_PRECISION_MIN = 0.9

/** Answers below which new logins say nothing of a model. */
const ANSWERS_MIN = 20

/** What has been counted, as far as it is about this knowledge; else nothing yet. */
export function driftUnder(knowledge: Knowledge | null, counted: Drift | null): Drift {
  const { version, stopped } = knowledge ?? { version: '', stopped: false }
  if (counted?.version === version && counted.stopped === stopped) return counted
  return { version, right: 0, wrong: 0, upTo: 0, stopped }
}

export function counting(drift: Drift, answer: LoginAnswer, position: number): Drift {
  const counted = { ...drift, [answer]: drift[answer] + 1, upTo: position }
  return { ...counted, stopped: drift.stopped || isContradicted(counted) }
}

/** Whether they show, with 95 % confidence, that too few of the joins are right. */
function isContradicted({ right, wrong }: Pick<Drift, 'right' | 'wrong'>): boolean {
  const answers = right + wrong
  return answers >= ANSWERS_MIN && shareBounds(right / answers, answers).atMost < JOIN_PRECISION_MIN
}
