// What the view holds that the store does not, as records; taking it makes the view count it as stored.
// Invariant: taken once. If storing it fails, the view must be thrown away and rebuilt from store and log.

import type { Key } from '../../identifier/identifier.ts'
import type {
  Change,
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from './records.ts'
import { NO_DAYS, type View, type ViewEdge, type ViewNode } from './view.ts'

type Cell = Pick<Sighting, 'identifier' | 'day' | 'from' | 'hours'>

export interface Unstored {
  readonly nodes: readonly NodeRecord[]
  readonly edges: readonly EdgeRecord[]
  readonly sightings: readonly Cell[]
  readonly profiles: readonly ProfileRecord[]
  readonly verdicts: readonly VerdictRecord[]
  readonly verdictsRemoved: readonly string[]
  readonly questions: readonly QuestionRecord[]
  readonly questionsRemoved: readonly string[]
  readonly changes: readonly Change[]
  readonly nodesRemoved: readonly Key[]
  readonly waiting: readonly Key[]
  readonly waitingRemoved: readonly Key[]
}

/** Whether the view holds anything that the store does not. */
export function hasUnstored(view: View): boolean {
  return view.changes.length > 0 || unstoredSets(view).some(({ size }) => size > 0)
}

export function takeUnstored(view: View): Unstored {
  const nodes = [...view.unstoredNodes].map(nodeRecord)
  const edges: EdgeRecord[] = []
  const sightings: Cell[] = []
  for (const edge of view.unstoredEdges) {
    edges.push(edgeRecord(edge))
    takeCells(view, edge, sightings)
  }
  const profiles = [...view.unstoredProfiles]
    .map((id) => takeProfile(view, id))
    .filter((p) => p !== null)
  const taken: Unstored = {
    nodes,
    edges,
    sightings,
    profiles,
    verdicts: [...view.unstoredVerdicts]
      .map((id) => view.verdicts.get(id))
      .filter((v) => v !== undefined),
    verdictsRemoved: [...view.verdictsRemoved],
    questions: [...view.unstoredQuestions]
      .map((id) => view.questions.get(id))
      .filter((q) => q !== undefined),
    questionsRemoved: [...view.questionsRemoved],
    changes: view.changes,
    nodesRemoved: [...view.nodesRemoved],
    waiting: [...view.unstoredWaiting],
    waitingRemoved: [...view.waitingRemoved],
  }
  for (const node of view.unstoredNodes) node.version++
  view.onTheirWay = {
    edges: [...view.unstoredEdges],
    questionsRemoved: new Set(view.questionsRemoved),
    nodesRemoved: new Set(view.nodesRemoved),
  }
  clear(view)
  return taken
}

function clear(view: View): void {
  for (const set of unstoredSets(view)) set.clear()
  view.changes = []
}

function unstoredSets(view: View): readonly { readonly size: number; clear(): void }[] {
  return [
    view.unstoredNodes,
    view.unstoredEdges,
    view.unstoredProfiles,
    view.unstoredVerdicts,
    view.verdictsRemoved,
    view.unstoredQuestions,
    view.questionsRemoved,
    view.nodesRemoved,
    view.unstoredWaiting,
    view.waitingRemoved,
  ]
}

function nodeRecord(node: ViewNode): NodeRecord {
  const {
    key,
    type,
    namespace,
    value,
    firstSeen,
    lastSeen,
    receivedAt,
    sites,
    profile,
    component,
    anchor,
  } = node
  const { quarantined, clues, version } = node
  return {
    key,
    type,
    namespace,
    value,
    firstSeen,
    lastSeen,
    receivedAt,
    sites,
    profile,
    component,
    anchor,
    quarantined,
    clues,
    version,
  }
}

function edgeRecord(edge: ViewEdge): EdgeRecord {
  const { from, to, kind, firstSeen, lastSeen, count, sites, firstEvent, lastEvent } = edge
  return {
    from,
    to,
    kind,
    firstSeen,
    lastSeen,
    count,
    sites,
    firstEvent,
    lastEvent,
    days: new Map(edge.days),
  }
}

/** The day's cell of two ends holds the hours of all parallel edges. */
function takeCells(view: View, edge: ViewEdge, cells: Cell[]): void {
  if (edge.unstoredDays.length === 0) return
  const parallel = view.node(edge.from)?.out.get(edge.to) ?? [edge]
  for (const day of new Set(edge.unstoredDays)) {
    const hours = parallel.reduce((mask, other) => mask | (other.days.get(day) ?? 0), 0)
    cells.push({ identifier: edge.to, day, from: edge.from, hours })
  }
  edge.unstoredDays = NO_DAYS
}

function takeProfile(view: View, id: string): ProfileRecord | null {
  const record = view.profiles.get(id)
  if (record === undefined || record === null) return null
  view.profiles.set(id, { ...record, version: record.version + 1 })
  return record
}
