// What a view holds that the store does not, as a commit that many may make at once on one graph.
// Invariant: everything that a decision has looked at is in the commit, to be written or as it was read.

import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import { identifiersOf } from '../core/profile/apply-decree.ts'
import type { Ids } from '../core/profile/decision.ts'
import { joinsByWitness } from '../core/profile/settle.ts'
import { takeUnstored } from '../core/profile/view/unstored.ts'
import { isMemberKind, type View, type ViewNode } from '../core/profile/view/view.ts'
import type { DecisionRecord, Position } from '../ports/event-log.ts'
import type { Applied, Commit, NodeVersion } from '../ports/identity-store.ts'
import { applyDecreeTo, applyFactsTo, type Taken } from './apply-records.ts'
import type { Delivery } from './delivery.ts'
import { type Graph, loadForDecree } from './load-graph.ts'

/** The source whose position in the store says by which rules all decide. */
export const POLICY_SOURCE = 'policy'

/** Applies and decides all that was delivered; what it erases is in the answer, as it was read. */
export async function applyAll(
  graph: Graph,
  deliveries: readonly Delivery[],
  ids: Ids,
): Promise<readonly NodeVersion[]> {
  const erased: NodeVersion[] = []
  let taken: Taken[] = []
  const decideTaken = async (): Promise<void> => {
    if (taken.length > 0) await applyFactsTo(graph, taken, { ids, drift: null })
    taken = []
  }
  for (const record of deliveries.flatMap(({ records }) => records)) {
    if (record.kind === 'message') taken.push(record)
    else {
      await decideTaken()
      erased.push(...(await applyDecision(graph, record, record.position, ids)))
    }
  }
  await decideTaken()
  return erased
}

/** Whom it names counts as changed, also where nothing becomes of it: others may be deciding on them without it. */
async function applyDecision(
  graph: Graph,
  { id, at, author, decision }: DecisionRecord,
  order: Position,
  ids: Ids,
): Promise<readonly NodeVersion[]> {
  const { view } = graph
  await loadForDecree(graph, decision)
  const named = presentOf(view, identifiersOf(decision))
  const before = named.map(({ key, version }) => ({ key, version }))
  await applyDecreeTo(graph, { id, at, author, order, decree: decision }, ids)
  for (const { key } of named) {
    const node = view.node(key)
    if (node !== undefined) view.unstoredNodes.add(node)
  }
  return before.filter(({ key }) => view.nodesRemoved.has(key))
}

export interface Committing {
  readonly view: View
  readonly policy: Policy
  readonly deliveries: readonly Delivery[]
  /** What `applyAll` has answered. */
  readonly erased: readonly NodeVersion[]
  /** Where the store is thought to be with the rules. */
  readonly rules: Position
}

/** Takes what the view holds unstored. */
export function sharedCommit(committing: Committing): Commit {
  const { view, policy, deliveries, erased, rules } = committing
  for (const id of view.unstoredQuestions) {
    const question = view.questions.get(id)
    if (question === undefined) continue
    for (const node of presentOf(view, [question.a, question.b])) view.unstoredNodes.add(node)
  }
  const read = [...erased, ...readBy(view, policy)]
  const unstored = takeUnstored(view)
  const applied = [...appliedBy(deliveries), { source: POLICY_SOURCE, from: rules, to: rules }]
  // Whoever decides by witnesses has to know that others have seen them.
  const decrees = deliveries.some(({ records }) => records.some(({ kind }) => kind === 'decision'))
  if (joinsByWitness(policy) || decrees || deliveries.length === 0)
    return { ...unstored, applied, read }
  const nodes = unstored.nodes.filter(({ component }) => component !== '')
  const widened = unstored.nodes.filter(({ component }) => component === '')
  return { ...unstored, nodes, widened, applied, read }
}

/** One for each source, from the first to the last of its deliveries. */
function appliedBy(deliveries: readonly Delivery[]): readonly Applied[] {
  const bySource = new Map<string, Applied>()
  for (const { source, from, to } of deliveries)
    bySource.set(source, { source, from: bySource.get(source)?.from ?? from, to })
  return [...bySource.values()]
}

/** Where witnesses join, a decision looks far: then it is all of the view. */
function readBy(view: View, policy: Policy): readonly NodeVersion[] {
  const looked = joinsByWitness(policy) ? view.nodes() : aroundUnstored(view)
  const read: NodeVersion[] = []
  for (const node of looked) {
    if (node.version === 0 || view.unstoredNodes.has(node)) continue
    read.push({ key: node.key, version: node.version })
  }
  return read
}

/** Members that are looked at together with what has changed, and whom they have edges with. */
function aroundUnstored(view: View): ReadonlySet<ViewNode> {
  const around = new Set<ViewNode>()
  const lookAround = (node: ViewNode): void => {
    around.add(node)
    for (const [to, edges] of node.out)
      if (edges.some(({ kind }) => isMemberKind(kind))) addMember(view, to, around)
    for (const from of node.inbound) addMember(view, from, around)
  }
  const labels = new Set<Key>()
  for (const node of view.unstoredNodes) {
    const { component } = node
    if (component === '') continue
    lookAround(node)
    if (labels.has(component)) continue
    labels.add(component)
    for (const mate of view.components.get(component) ?? []) {
      const other = mate === node.key ? undefined : view.node(mate)
      if (other !== undefined && !view.unstoredNodes.has(other)) lookAround(other)
    }
  }
  return around
}

function addMember(view: View, key: Key, to: Set<ViewNode>): void {
  const node = view.node(key)
  if (node !== undefined && node.component !== '') to.add(node)
}

function presentOf(view: View, keys: Iterable<Key>): readonly ViewNode[] {
  return [...keys].flatMap((key) => view.node(key) ?? [])
}
