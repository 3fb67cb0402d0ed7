// What records of the log say, put into a graph and decided at once.
// Invariant: a login answers for a model's joins as they were before it.

import type { Fact } from '../core/edge/fact.ts'
import { counting, type Drift } from '../core/evidence/learned/drift.ts'
import { stopped } from '../core/policy/knowledge.ts'
import { answerOfLogin } from '../core/profile/answer-of-login.ts'
import { applyDecree, type DatedDecree } from '../core/profile/apply-decree.ts'
import { applyFact } from '../core/profile/apply-fact.ts'
import type { Ids } from '../core/profile/decision.ts'
import { nothingTouched } from '../core/profile/view/touched.ts'
import type { DecisionRecord, MessageRecord, Position } from '../ports/event-log.ts'
import { settleOn } from './decide.ts'
import { type Graph, loadForDecree, loadForFacts } from './load-graph.ts'

/** Of a record, what the graph learns. */
export type ResolvableRecord = (Pick<MessageRecord, 'kind' | 'fact'> | DecisionRecord) & {
  readonly position: Position
}

/** A fact, and where it stands in the log. */
export interface Taken {
  readonly fact: Fact
  readonly position: Position
}

export interface Counting {
  readonly ids: Ids
  /** What logins have said of the model so far; null: nobody counts. */
  readonly drift: Drift | null
}

/** Applies facts and decides them; the graph goes by a stopped model from where logins contradict it. */
export async function applyFactsTo(
  graph: Graph,
  taken: readonly Taken[],
  { ids, drift: before }: Counting,
): Promise<{ readonly graph: Graph; readonly drift: Drift | null }> {
  await loadForFacts(
    graph,
    taken.map(({ fact }) => fact),
  )
  const { view, policy } = graph
  let drift = before
  const touched = nothingTouched()
  for (const { fact, position } of taken) {
    if (drift !== null && position > drift.upTo) {
      const answer = answerOfLogin(view, policy, fact)
      if (answer !== null) drift = counting(drift, answer, position)
    }
    applyFact(view, policy, fact, touched)
  }
  const hasStopped = drift?.stopped === true && before?.stopped !== true
  const then = hasStopped ? { ...graph, policy: stopped(policy) } : graph
  await settleOn(then, touched, ids)
  return { graph: then, drift }
}

export async function applyDecreeTo(graph: Graph, dated: DatedDecree, ids: Ids): Promise<void> {
  await loadForDecree(graph, dated.decree)
  const touched = nothingTouched()
  applyDecree(graph.view, graph.policy, dated, touched)
  await settleOn(graph, touched, ids)
}
