// What a store answered into the view.
// Invariant: what is already in memory is newer and stays; an answer never takes anything away.

import { type Crowd, type CrowdEntry, crowdWorth, isOver } from '../../evidence/crowd.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { Policy } from '../../policy/policy.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from './records.ts'
import { type CrowdAsk, NO_DAYS, NO_INBOUND, NO_OUT, type View, type ViewNode } from './view.ts'

/** The answer of a store to a load. */
export interface Loaded {
  readonly nodes: readonly NodeRecord[]
  readonly complete: readonly Key[]
  readonly over: readonly Key[]
  readonly edges: readonly EdgeRecord[]
  readonly sightings: readonly Sighting[]
  readonly profiles: readonly ProfileRecord[]
  readonly verdicts: readonly VerdictRecord[]
  readonly questions: readonly QuestionRecord[]
}

export function absorb(view: View, loaded: Loaded): void {
  const complete = new Set(loaded.complete)
  const over = new Set(loaded.over)
  for (const record of loaded.nodes) {
    if (view.isErased(record.key)) continue
    const known = view.node(record.key)
    const node = known ?? nodeOf(record)
    if (known === undefined) view.add(node)
    if (node.complete) continue
    node.over = over.has(record.component)
    node.complete = complete.has(record.key)
    if (node.component !== '') view.joinComponent(node)
  }
  for (const record of loaded.edges) absorbEdge(view, record)
  for (const profile of loaded.profiles) {
    if (!view.profiles.has(profile.id)) view.profiles.set(profile.id, profile)
  }
  for (const verdict of loaded.verdicts) {
    if (!view.verdictsRemoved.has(verdict.id)) view.addVerdict(verdict)
  }
  for (const question of loaded.questions) {
    const gone =
      view.questionsRemoved.has(question.id) ||
      view.onTheirWay?.questionsRemoved.has(question.id) === true
    if (!gone && !view.questions.has(question.id)) view.addQuestion(question)
  }
}

function nodeOf(record: NodeRecord): ViewNode {
  return {
    ...record,
    complete: false,
    over: false,
    out: NO_OUT,
    inbound: NO_INBOUND,
  }
}

function absorbEdge(view: View, record: EdgeRecord): void {
  const from = view.node(record.from)
  if (from === undefined || view.isErased(record.from) || view.isErased(record.to)) return
  if (view.edge(from, record.to, record.kind) !== undefined) return
  view.addEdge(from, { ...record, days: new Map(record.days), unstoredDays: NO_DAYS })
}

/**
 * Takes in sightings of the asked days, of each as many as tell whether it is void; days without any become known to be
 * empty. Days that are in memory stay as they are.
 */
export function absorbCrowds(
  view: View,
  policy: Policy,
  asks: readonly CrowdAsk[],
  sightings: readonly Sighting[],
): void {
  const fresh = new Map<Key, Map<number, Crowd>>()
  for (const ask of asks) addFreshDays(view, ask, fresh)
  for (const { identifier, day, from, hours, anchor, fromType } of sightings) {
    const crowd = fresh.get(identifier)?.get(day)
    // An identifier that was erased and came again: what the store has is of the one before.
    if (crowd === undefined || view.isErased(identifier) || view.isErased(from)) continue
    crowd.entries.set(from, { hours, anchor: view.node(from)?.anchor ?? anchor, fromType })
    crowd.over = isOver(crowd)
  }
  addUnstoredSightings(view, fresh)
  const max = policy.candidateAnchorsMax
  for (const [identifier, days] of fresh) {
    const rule = policy.types.get(view.node(identifier)?.type ?? '')
    if (rule === undefined) continue
    for (const crowd of days.values()) crowd.judged = crowdWorth(crowd, rule, max)
  }
}

function addFreshDays(
  view: View,
  { identifier, fromDay, toDay }: CrowdAsk,
  fresh: Map<Key, Map<number, Crowd>>,
): void {
  const days = view.crowds.get(identifier) ?? new Map<number, Crowd>()
  view.crowds.set(identifier, days)
  const made = fresh.get(identifier) ?? new Map<number, Crowd>()
  fresh.set(identifier, made)
  for (let day = fromDay; day <= toDay; day++) {
    if (days.has(day)) continue
    const crowd = { entries: new Map<Key, CrowdEntry>(), over: false, judged: null }
    days.set(day, crowd)
    made.set(day, crowd)
  }
}

function addUnstoredSightings(
  view: View,
  fresh: ReadonlyMap<Key, ReadonlyMap<number, unknown>>,
): void {
  if (fresh.size === 0) return
  for (const edge of [...view.unstoredEdges, ...(view.onTheirWay?.edges ?? [])]) {
    const days = fresh.get(edge.to)
    const from = days === undefined ? undefined : view.node(edge.from)
    if (days === undefined || from === undefined) continue
    for (const [day, hours] of edge.days)
      if (days.has(day)) view.seeInCrowd(from, edge.to, day, hours)
  }
}
