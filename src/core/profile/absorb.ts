// What a store answered into the view.
// Invariant: what is already in memory is newer and stays; an answer never takes anything away.

import { type Crowd, type CrowdEntry, crowdWorth, isOver } from '../evidence/crowd.ts'
import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from './records.ts'
import type { CrowdAsk, View, ViewEdge, ViewNode } from './view.ts'

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
    out: new Map<Key, ViewEdge[]>(),
    inbound: new Set<Key>(),
  }
}

function absorbEdge(view: View, record: EdgeRecord): void {
  const from = view.node(record.from)
  if (from === undefined || view.isErased(record.from) || view.isErased(record.to)) return
  if (view.edge(from, record.to, record.kind) !== undefined) return
  view.addEdge(from, { ...record, days: new Map(record.days), unstoredDays: [] })
}

/**
 * Takes in sightings of the asked days, of each as many as tell whether it is void; days without any become known to be
 * empty.
 */
export function absorbCrowds(
  view: View,
  policy: Policy,
  asked: CrowdAsk,
  sightings: readonly Sighting[],
): void {
  const days = view.crowds.get(asked.identifier) ?? new Map<number, Crowd>()
  view.crowds.set(asked.identifier, days)
  const fresh = new Map<number, Crowd>()
  for (let day = asked.fromDay; day <= asked.toDay; day++) {
    if (days.has(day)) continue
    fresh.set(day, { entries: new Map<Key, CrowdEntry>(), over: false, judged: null })
  }
  // An identifier that was erased and came again: what the store has is of the one before.
  for (const s of view.isErased(asked.identifier) ? [] : sightings) {
    const crowd = s.identifier === asked.identifier ? fresh.get(s.day) : undefined
    if (crowd === undefined || view.isErased(s.from)) continue
    const anchor = view.node(s.from)?.anchor ?? s.anchor
    crowd.entries.set(s.from, { hours: s.hours, anchor, fromType: s.fromType })
    crowd.over = isOver(crowd)
  }
  for (const [day, crowd] of fresh) days.set(day, crowd)
  addUnstoredSightings(view, asked.identifier, fresh)
  const rule = policy.types.get(view.node(asked.identifier)?.type ?? '')
  if (rule === undefined) return
  const max = policy.candidateAnchorsMax
  for (const crowd of fresh.values()) crowd.judged = crowdWorth(crowd, rule, max)
}

function addUnstoredSightings(
  view: View,
  identifier: Key,
  days: ReadonlyMap<number, unknown>,
): void {
  for (const edge of [...view.unstoredEdges, ...(view.onTheirWay?.edges ?? [])]) {
    const from = edge.to === identifier ? view.node(edge.from) : undefined
    if (from === undefined) continue
    for (const [day, hours] of edge.days) {
      if (days.has(day)) view.seeInCrowd(from, identifier, day, hours)
    }
  }
}
