// The part of the graph in memory: what was loaded, what facts added, what is not stored yet.
// Invariant: a `complete` node has every edge of its own here; an edge lives once, at the node it starts from.

import type { Clues } from '../../edge/clue.ts'
import { type Crowd, isOver } from '../../evidence/crowd.ts'
import type { Key } from '../../identifier/identifier.ts'
import { MEMBER_EDGE_KINDS, type StoredEdgeKind } from '../../policy/edge-kind.ts'
import { Compared } from './compared.ts'
import type { Change, ProfileRecord, QuestionRecord, VerdictRecord } from './records.ts'

/** Sightings of one identifier to load; UTC days, both inclusive. */
export interface CrowdAsk {
  readonly identifier: Key
  readonly fromDay: number
  readonly toDay: number
}

export interface ViewEdge {
  readonly from: Key
  readonly to: Key
  readonly kind: StoredEdgeKind
  firstSeen: number
  lastSeen: number
  count: number
  sites: readonly string[]
  firstEvent: string
  lastEvent: string
  /** UTC day -> hours mask. */
  readonly days: Map<number, number>
  /** Days whose sighting is not stored yet. */
  unstoredDays: readonly number[]
}

export interface ViewNode {
  readonly key: Key
  readonly type: string
  readonly namespace: string
  readonly value: string
  firstSeen: number
  lastSeen: number
  receivedAt: number
  sites: readonly string[]
  profile: string
  component: Key
  anchor: Key
  quarantined: boolean
  clues: Clues
  version: number
  /** Every outgoing edge and every incoming edge between members is here. */
  complete: boolean
  /** There was too much around it to load; its decision waits. */
  over: boolean
  /** Other end -> the edges there, one a kind. `View` changes it. */
  out: Map<Key, readonly ViewEdge[]>
  /** Where edges between members come from. `View` changes it. */
  inbound: Set<Key>
}

/**
 * Most nodes have either none that go out or none that come in, and a map or a set takes as much memory as all else of one:
 * these are shared, and never added to.
 */
export const NO_OUT: ViewNode['out'] = new Map()
export const NO_INBOUND: ViewNode['inbound'] = new Set()
export const NO_DAYS: readonly number[] = []

export interface OnTheirWay {
  readonly edges: readonly ViewEdge[]
  readonly questionsRemoved: ReadonlySet<string>
  readonly nodesRemoved: ReadonlySet<Key>
}

const memberKinds: ReadonlySet<string> = new Set(MEMBER_EDGE_KINDS)

export function isMemberKind(kind: StoredEdgeKind): boolean {
  return memberKinds.has(kind)
}

export class View {
  readonly #nodes = new Map<Key, ViewNode>()
  /** Component label -> its nodes, for components of more than one. */
  readonly components = new Map<Key, Set<Key>>()
  /** Identifier -> day -> who was seen. Only what was asked for. */
  readonly crowds = new Map<Key, Map<number, Crowd>>()
  /** Cookies as a learned model compares them. */
  readonly compared = new Compared()
  readonly profiles = new Map<string, ProfileRecord | null>()
  readonly questions = new Map<string, QuestionRecord>()
  readonly #questionsOf = new Map<Key, Set<string>>()
  readonly verdicts = new Map<string, VerdictRecord>()
  readonly #verdictsOf = new Map<Key, Set<string>>()

  /** Profile -> the link that holds it together, in words; of those asked for since they were last decided. */
  readonly weakestLinks = new Map<string, string | null>()

  /** Identifiers that were asked for and exist nowhere. */
  readonly absent = new Set<Key>()

  readonly unstoredNodes = new Set<ViewNode>()
  readonly unstoredEdges = new Set<ViewEdge>()
  readonly unstoredProfiles = new Set<string>()
  readonly unstoredQuestions = new Set<string>()
  readonly unstoredVerdicts = new Set<string>()
  readonly questionsRemoved = new Set<string>()
  readonly verdictsRemoved = new Set<string>()
  readonly nodesRemoved = new Set<Key>()
  /** Components whose decision waits, as far as this view has met them; and what the store does not know of it. */
  readonly waiting = new Set<Key>()
  readonly unstoredWaiting = new Set<Key>()
  readonly waitingRemoved = new Set<Key>()
  changes: Change[] = []
  /** Taken to be stored and perhaps not to be read from the store yet. */
  onTheirWay: OnTheirWay | null = null

  node(key: Key): ViewNode | undefined {
    return this.#nodes.get(key)
  }

  /** Nodes in memory, for deciding when to start over with an empty view. */
  get size(): number {
    return this.#nodes.size
  }

  nodes(): Iterable<ViewNode> {
    return this.#nodes.values()
  }

  add(node: ViewNode): void {
    this.#nodes.set(node.key, node)
    this.absent.delete(node.key)
  }

  delete(node: ViewNode): void {
    this.compared.forget(node.key)
    this.#leaveComponent(node)
    this.#nodes.delete(node.key)
    this.absent.add(node.key)
  }

  edge(from: ViewNode, to: Key, kind: StoredEdgeKind): ViewEdge | undefined {
    return from.out.get(to)?.find((e) => e.kind === kind)
  }

  addEdge(from: ViewNode, edge: ViewEdge): void {
    const parallel = from.out.get(edge.to)
    if (from.out === NO_OUT) from.out = new Map([[edge.to, [edge]]])
    else from.out.set(edge.to, parallel === undefined ? [edge] : [...parallel, edge])
    const to = isMemberKind(edge.kind) ? this.node(edge.to) : undefined
    if (to === undefined) return
    if (to.inbound === NO_INBOUND) to.inbound = new Set([edge.from])
    else to.inbound.add(edge.from)
  }

  /** Takes all edges away from one to the other. */
  deleteEdges(from: ViewNode, to: Key): void {
    for (const edge of from.out.get(to) ?? []) this.unstoredEdges.delete(edge)
    from.out.delete(to)
    this.node(to)?.inbound.delete(from.key)
  }

  questionsOf(key: Key): ReadonlySet<string> {
    return this.#questionsOf.get(key) ?? EMPTY
  }

  addQuestion(question: QuestionRecord): void {
    this.questions.set(question.id, question)
    index(this.#questionsOf, question.a, question.id)
    index(this.#questionsOf, question.b, question.id)
  }

  removeQuestion(id: string): void {
    const question = this.questions.get(id)
    if (question === undefined) return
    this.questions.delete(id)
    this.#questionsOf.get(question.a)?.delete(id)
    this.#questionsOf.get(question.b)?.delete(id)
  }

  verdictsOf(key: Key): ReadonlySet<string> {
    return this.#verdictsOf.get(key) ?? EMPTY
  }

  addVerdict(verdict: VerdictRecord): void {
    this.verdicts.set(verdict.id, verdict)
    for (const key of [...verdict.a, ...verdict.b]) index(this.#verdictsOf, key, verdict.id)
  }

  removeVerdict(id: string): void {
    const verdict = this.verdicts.get(id)
    if (verdict === undefined) return
    this.verdicts.delete(id)
    for (const key of [...verdict.a, ...verdict.b]) this.#verdictsOf.get(key)?.delete(id)
  }

  setComponent(node: ViewNode, label: Key): void {
    if (node.component === label) return
    this.#leaveComponent(node)
    node.component = label
    this.joinComponent(node)
    this.unstoredNodes.add(node)
  }

  joinComponent(node: ViewNode): void {
    const mates = this.components.get(node.component)
    if (mates === undefined) this.components.set(node.component, new Set([node.key]))
    else mates.add(node.key)
  }

  #leaveComponent(node: ViewNode): void {
    const mates = this.components.get(node.component)
    mates?.delete(node.key)
    if (mates?.size === 0) this.components.delete(node.component)
  }

  /** What was taken to be stored can be read from the store now. */
  landed(): void {
    this.onTheirWay = null
  }

  /** Whether the identifier was erased, and what the store answers may still know it. */
  isErased(key: Key): boolean {
    return this.nodesRemoved.has(key) || this.onTheirWay?.nodesRemoved.has(key) === true
  }

  crowd(identifier: Key, day: number): Crowd | undefined {
    return this.crowds.get(identifier)?.get(day)
  }

  /** A sighting at a new hour, if the day's crowd is in memory. */
  seeInCrowd(from: ViewNode, identifier: Key, day: number, hours: number): void {
    const crowd = this.crowd(identifier, day)
    const entry = crowd?.entries.get(from.key)
    if (entry !== undefined) entry.hours |= hours
    else if (crowd !== undefined) {
      crowd.entries.set(from.key, { hours, anchor: from.anchor, fromType: from.type })
      crowd.over ||= isOver(crowd)
    }
  }

  /** Takes a sighting away. A day that was over is not known any more: there may be fewer now, or others still. */
  unseeInCrowd(from: Key, identifier: Key): void {
    const days = this.crowds.get(identifier)
    for (const [day, crowd] of days ?? [])
      if (crowd.entries.delete(from) && crowd.over) days?.delete(day)
  }
}

const EMPTY: ReadonlySet<string> = new Set()

function index(map: Map<Key, Set<string>>, key: Key, id: string): void {
  const ids = map.get(key)
  if (ids === undefined) map.set(key, new Set([id]))
  else ids.add(id)
}
