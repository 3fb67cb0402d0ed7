// Deciding on a graph: what the decision still needs is loaded until it can be made.
// Invariant: nothing is stored here; what was decided is in the graph's view.

import { dayOf } from '../core/evidence/day-hours.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import { identifiersOf } from '../core/profile/apply-decree.ts'
import { type AlikePair, ask, takeBack } from '../core/profile/ask.ts'
import type { Ids } from '../core/profile/decision.ts'
import type { QuestionRecord } from '../core/profile/view/records.ts'
import { type Needs, settle } from '../core/profile/settle.ts'
import { nothingTouched, touchCrowd, type Touched } from '../core/profile/view/touched.ts'
import { isMemberKind, View } from '../core/profile/view/view.ts'
import type { DecisionRecord, MessageRecord } from '../ports/event-log.ts'
import { type Graph, load, loadForFacts, loadIdentifiers } from './load-graph.ts'

/** A decision that asks for more to load this many times is a bug, not a large graph; unless it is one without bounds. */
const LOADS_PER_DECISION_MAX = 100
const LOADS_WITHOUT_BOUNDS_MAX = 10_000

/** Of a path whose members wait each for themselves, a load brings one more: after so many it is too large to look at. */
const LOADS_BEFORE_LARGE = 50

export async function settleOn(graph: Graph, touched: Touched, ids: Ids): Promise<void> {
  const { view, policy } = graph
  const bounded = Number.isFinite(policy.neighbourhoodIdentifiersMax)
  const sooner = {
    ...policy,
    neighbourhoodIdentifiersMax: Math.min(policy.neighbourhoodIdentifiersMax, LOADS_BEFORE_LARGE),
  }
  const loadsMax = bounded ? LOADS_PER_DECISION_MAX : LOADS_WITHOUT_BOUNDS_MAX
  for (let loads = 0; loads < loadsMax; loads++) {
    const isLong = bounded && loads >= LOADS_BEFORE_LARGE
    const needs = settle(view, isLong ? sooner : policy, touched, ids)
    if (needs === null) return
    await load(graph, needs)
  }
  throw new Error('a decision that is never satisfied with what was loaded')
}

/** What a reader finds with the identifiers and all around them loaded, and whatever it asks for beyond. */
export async function readOn<T>(
  graph: Graph,
  keys: readonly Key[],
  read: (view: View, policy: Policy) => T | { readonly needs: Needs },
): Promise<T> {
  await loadIdentifiers(graph, keys)
  for (let loads = 0; loads < LOADS_PER_DECISION_MAX; loads++) {
    const answer = read(graph.view, graph.policy)
    if (typeof answer !== 'object' || answer === null || !('needs' in answer)) return answer
    await load(graph, answer.needs)
  }
  throw new Error('a reader that is never satisfied')
}

/** Asks about pairs; ids of the questions that stand for them. */
export async function askOn(
  graph: Graph,
  pairs: readonly AlikePair[],
  ids: Ids,
): Promise<readonly string[]> {
  const cookies = pairs.flatMap(({ a, b }) => [a, b])
  return readOn(graph, cookies, (view, policy) => ask(view, policy, pairs, ids))
}

export async function takeBackOn(
  graph: Graph,
  questions: readonly QuestionRecord[],
): Promise<void> {
  const sides = questions.flatMap(({ a, b }) => [a, b])
  await loadIdentifiers(graph, sides)
  takeBack(graph.view, graph.policy, questions)
}

/** Members whose decision is in doubt, loaded. Those that are not there are passed over. */
export async function doubt(graph: Graph, members: readonly Key[]): Promise<Touched> {
  await loadIdentifiers(graph, members)
  const touched = nothingTouched()
  for (const key of members) {
    const node = graph.view.node(key)
    if (node === undefined || node.component === '') continue
    touched.members.add(key)
    touched.at = Math.max(touched.at, node.lastSeen)
  }
  return touched
}

/** What records made doubtful when they came, which another policy may judge otherwise; loaded. */
export async function doubtRecords(
  graph: Graph,
  records: readonly (MessageRecord | DecisionRecord)[],
): Promise<Touched> {
  const facts = records.flatMap((record) => (record.kind === 'message' ? [record.fact] : []))
  await loadForFacts(graph, facts)
  const named = facts.flatMap(({ identifiers }) => identifiers.map(({ key }) => key))
  const decreed = records.flatMap((record) =>
    record.kind === 'decision' ? identifiersOf(record.decision) : [],
  )
  const touched = await doubt(graph, [...named, ...decreed])
  for (const { at, identifiers, edges } of facts) {
    for (const { key, type } of identifiers) {
      if (type === 'email' || type === 'external_id') touched.vouching.add(key)
    }
    for (const { from, to, kind } of edges) {
      const [cookie, witness] = [identifiers[from], identifiers[to]]
      if (isMemberKind(kind) || cookie === undefined || witness === undefined) continue
      touched.sighted.add(cookie.key)
      touchCrowd(touched, witness.key, dayOf(at))
    }
  }
  return touched
}

/** Nodes on one view of what was too large; what waits beyond is decided on the next, so that others get their turn. */
const LARGE_NODES_AT_ONCE = 20_000

/** A view with what was decided of components that had been too large to decide at once, and how many of them that were. */
export interface DecidedLarge {
  readonly components: number
  readonly view: View
}

/**
 * Decides components that were too large to decide at once, without a limit and on a view of their own: the first, and
 * of the others those that fit in with it. Together, since thousands that wait may be one by now.
 */
export async function decideLarge(
  graph: Graph,
  labels: readonly Key[],
  ids: Ids,
): Promise<DecidedLarge> {
  const view = new View()
  const large: Graph = {
    ...graph,
    view,
    policy: { ...graph.policy, neighbourhoodIdentifiersMax: Infinity },
    limits: { ...graph.limits, componentNodesMax: Infinity, componentEdgesMax: Infinity },
  }
  const touched = nothingTouched()
  for (const label of labels) {
    const isHere = view.node(label) !== undefined
    if (!isHere && view.waitingRemoved.size > 0 && view.size > LARGE_NODES_AT_ONCE) break
    await loadIdentifiers(large, [label])
    for (const key of view.components.get(label) ?? []) touched.members.add(key)
    view.waitingRemoved.add(label)
  }
  const components = view.waitingRemoved.size
  await settleOn(large, touched, ids)
  return { components, view }
}
