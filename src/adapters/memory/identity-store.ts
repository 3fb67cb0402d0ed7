// An identity store in memory: the reference of what the port means, gone when the process ends.
// Invariant: a commit is checked whole before the first of its records is taken in.

import { randomBytes } from 'node:crypto'

import type { Key } from '../../core/identifier/identifier.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type {
  Commit,
  FeedRow,
  IdentityStore,
  QuestionPlace,
  StoreCounts,
  StoredChange,
} from '../../ports/identity-store.ts'
import { type ReviewChanges, reviewChanges } from '../../ports/review-changes.ts'
import { StoreError } from '../../ports/store-error.ts'
import { widened } from '../../ports/widened.ts'
import { censusOf } from './census.ts'
import { checkNames } from './commit-names.ts'
import type { Graph } from './graph.ts'
import { membershipOf } from './membership.ts'
import { promiscuousIn } from './promiscuous.ts'
import { neighbourhoodOf } from './neighbourhood.ts'

/** What a store keeps beside the graph. */
interface Ledger {
  readonly positions: Map<string, number>
  readonly changes: StoredChange[]
  /** These too, and what is about no profile. */
  readonly feed: FeedRow[]
  readonly waiting: Set<Key>
}

const EPOCH_BYTES = 5

function emptyGraph(): Graph {
  return {
    nodes: new Map(),
    edgesFrom: new Map(),
    edgesInto: new Map(),
    sightings: new Map(),
    profiles: new Map(),
    verdicts: new Map(),
    questions: new Map(),
  }
}

/** A new, empty store. */
export function createMemoryIdentityStore(): IdentityStore {
  const graph = emptyGraph()
  const ledger: Ledger = { positions: new Map(), changes: [], feed: [], waiting: new Set() }
  const { positions, changes, feed, waiting } = ledger
  const epoch = randomBytes(EPOCH_BYTES).toString('hex')
  let closed = false

  /** Awaits first, so that no operation is done before its call returns. */
  const answer = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve()
    if (closed)
      throw new StoreError('closed', 'the identity store has been closed', { retryable: false })
    return work()
  }

  return {
    load: (request, limits) => answer(() => neighbourhoodOf(graph, request, limits)),
    commit: (records) =>
      answer(() => (isOf(epoch, records) ? commitTo(graph, ledger, records) : 'conflict')),
    position: (source) => answer(() => positions.get(source) ?? 0),
    profile: (id) => answer(() => profileOf(graph, id)),
    changesOf: (profile, limit) =>
      answer(() => {
        const its = changes.filter((change) => change.profile === profile)
        return lastOf(its, limit)
      }),
    changes: (after, limit) =>
      answer(() => changes.filter(({ sequence }) => sequence > after).slice(0, limit)),
    feed: (after, limit) => answer(() => feed.slice(after, after + limit)),
    feedEnd: () => answer(() => feed.length),
    epoch: () => answer(() => epoch),
    questions: (after, limit) =>
      answer(() =>
        [...graph.questions.values()]
          .filter((one) => after === null || byWorth(after, one) < 0)
          .toSorted(byWorth)
          .slice(0, limit),
      ),
    question: (id) => answer(() => graph.questions.get(id) ?? null),
    verdicts: (before, limit) => answer(() => verdictsBefore(graph, before).slice(0, limit)),
    verdictOn: (id) => answer(() => verdictOn(graph, id)),
    waiting: (limit) => answer(() => [...waiting].toSorted().slice(0, limit)),
    counts: () => answer(() => countsOf(graph, ledger)),
    census: (crowdFrom) => answer(() => censusOf(graph, crowdFrom)),
    promiscuous: (crowdFrom, after, limit) =>
      answer(() => promiscuousIn(graph, crowdFrom, after).slice(0, limit)),
    membership: () =>
      answer(() => ({ position: positions.get('log') ?? 0, ...membershipOf(graph) })),
    scanNodes: (after, limit) => answer(() => nodesAfter(graph, after).slice(0, limit)),
    close: () => {
      closed = true
      return Promise.resolve()
    },
  }
}

function verdictsBefore({ verdicts }: Graph, before: number | null): readonly VerdictRecord[] {
  return [...verdicts.values()]
    .filter(({ order }) => before === null || order < before)
    .toSorted((x, y) => y.order - x.order)
}

function verdictOn(graph: Graph, id: string): VerdictRecord | null {
  const found = verdictsBefore(graph, null)
  return found.find((one) => one.question?.id === id || one.id === id) ?? null
}

function isOf(epoch: string, commit: Commit): boolean {
  return commit.epoch === undefined || commit.epoch === epoch
}

function commitTo(graph: Graph, ledger: Ledger, commit: Commit): 'committed' | 'conflict' {
  const { positions, waiting } = ledger
  const inPlace = commit.applied.every(({ source, from }) => (positions.get(source) ?? 0) === from)
  if (!inPlace || !versionsHold(graph, commit)) return 'conflict'
  checkNames(graph, commit)
  const reviews = reviewChanges()
  for (const key of commit.nodesRemoved) removeNode(graph, reviews, key)
  takeIn(graph, commit)
  takeReviews(graph, reviews, commit)
  tell(ledger, commit, reviews)
  for (const component of commit.waitingRemoved) waiting.delete(component)
  for (const component of commit.waiting) waiting.add(component)
  for (const { source, to } of commit.applied) positions.set(source, to)
  return 'committed'
}

function tell({ changes, feed }: Ledger, commit: Commit, reviews: ReviewChanges): void {
  for (const change of commit.changes) {
    const sequence = feed.length + 1
    changes.push({ ...change, sequence })
    const { event, profile, ...rest } = change
    feed.push({ ...rest, sequence, event: `profile.${event}`, subject: profile })
  }
  const announced = (commit.announced ?? []).map((one) => ({ ...one, revision: 0, from: [] }))
  for (const row of [...reviews.rows(Date.now()), ...announced])
    feed.push({ ...row, sequence: feed.length + 1 })
}

function countsOf(graph: Graph, { waiting }: Ledger): StoreCounts {
  return {
    identifiers: graph.nodes.size,
    edges: [...graph.edgesFrom.values()].reduce((sum, edges) => sum + edges.size, 0),
    profiles: [...graph.profiles.values()].filter((profile) => profile.size > 0).length,
    questions: graph.questions.size,
    waiting: waiting.size,
  }
}

/** The highest worth first, then by id. */
function byWorth(x: QuestionPlace, y: QuestionPlace): number {
  return y.worth - x.worth || (x.id < y.id ? -1 : x.id > y.id ? 1 : 0)
}

function nodesAfter(graph: Graph, after: Key): NodeRecord[] {
  return sortedNodes([...graph.nodes.values()].filter((node) => node.key > after))
}

function lastOf<T>(list: readonly T[], limit: number): T[] {
  return list.slice(Math.max(0, list.length - limit))
}

function sortedNodes(nodes: readonly NodeRecord[]): NodeRecord[] {
  return nodes.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function versionsHold({ nodes, profiles }: Graph, commit: Commit): boolean {
  const removed = new Set(commit.nodesRemoved)
  const versionOf = (key: Key): number => (removed.has(key) ? 0 : (nodes.get(key)?.version ?? 0))
  return (
    commit.nodes.every(({ key, version }) => versionOf(key) === version) &&
    (commit.read ?? []).every(({ key, version }) => (nodes.get(key)?.version ?? 0) === version) &&
    commit.profiles.every(({ id, version }) => (profiles.get(id)?.version ?? 0) === version)
  )
}

function takeIn(graph: Graph, commit: Commit): void {
  const wider = (commit.widened ?? []).map((node) => widened(graph.nodes.get(node.key), node))
  for (const node of [...commit.nodes, ...wider]) {
    graph.nodes.set(node.key, { ...node, version: node.version + 1 })
  }
  for (const profile of commit.profiles) {
    graph.profiles.set(profile.id, { ...profile, version: profile.version + 1 })
  }
  for (const given of commit.edges) {
    const edge = { ...given, days: new Map(given.days) }
    within(graph.edgesFrom, edge.from, () => new Map()).set(edgeName(edge), edge)
    within(graph.edgesInto, edge.to, () => new Map()).set(edgeName(edge), edge)
  }
  for (const { identifier, day, from, hours } of commit.sightings) {
    const days = within(graph.sightings, identifier, () => new Map<number, Map<Key, number>>())
    within(days, day, () => new Map()).set(from, hours)
  }
}

function takeReviews({ verdicts, questions }: Graph, reviews: ReviewChanges, commit: Commit): void {
  for (const id of [...commit.questionsRemoved, ...commit.questions.map((one) => one.id)]) {
    const stored = questions.get(id)
    if (questions.delete(id) && stored !== undefined) reviews.questionGone(stored)
  }
  for (const question of commit.questions) {
    questions.set(question.id, question)
    reviews.questionPut(question)
  }
  for (const id of [...commit.verdictsRemoved, ...commit.verdicts.map((one) => one.id)]) {
    const stored = verdicts.get(id)
    if (verdicts.delete(id) && stored !== undefined) reviews.verdictGone(stored)
  }
  for (const verdict of commit.verdicts) {
    verdicts.set(verdict.id, verdict)
    reviews.verdictPut(verdict)
  }
}

/** The value at a key, made when there is none. */
function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

function edgeName({ from, to, kind }: EdgeRecord): string {
  return `${from} ${to} ${kind}`
}

function removeNode(graph: Graph, reviews: ReviewChanges, key: Key): void {
  for (const edge of graph.edgesFrom.get(key)?.values() ?? []) {
    graph.edgesInto.get(edge.to)?.delete(edgeName(edge))
  }
  for (const edge of graph.edgesInto.get(key)?.values() ?? []) {
    graph.edgesFrom.get(edge.from)?.delete(edgeName(edge))
  }
  graph.edgesFrom.delete(key)
  graph.edgesInto.delete(key)
  graph.sightings.delete(key)
  for (const days of graph.sightings.values()) for (const crowd of days.values()) crowd.delete(key)
  for (const question of graph.questions.values()) {
    if (question.a !== key && question.b !== key) continue
    graph.questions.delete(question.id)
    reviews.questionGone(question)
  }
  graph.nodes.delete(key)
  for (const node of graph.nodes.values()) {
    if (node.anchor === key) graph.nodes.set(node.key, { ...node, anchor: node.key })
  }
}

function profileOf(
  { profiles, nodes }: Graph,
  id: string,
): { profile: ProfileRecord; members: NodeRecord[] } | null {
  let profile = profiles.get(id)
  while (profile !== undefined && profile.redirect !== null)
    profile = profiles.get(profile.redirect)
  if (profile === undefined) return null
  const members = [...nodes.values()].filter((node) => node.profile === profile.id)
  return { profile, members: sortedNodes(members) }
}
