// A growing graph for the identity store's benchmark: commits shaped like those a live resolver makes.
// Invariant: equal seeds give equal commits; a commit is valid for a store that took all before it.

import { hash } from 'node:crypto'
import { clueOf, clueOfText, cluesFrom, NO_CLUES, type Clues } from '../../src/core/edge/clue.ts'
import type { StoredEdgeKind } from '../../src/core/policy/edge-kind.ts'
import type { EdgeRecord, NodeRecord, ProfileRecord } from '../../src/core/profile/view/records.ts'
import type { Commit } from '../../src/ports/identity-store.ts'

const DAY_MS = 86_400_000
const FIRST_DAY = 20_000
/** Of 5,000 messages, as many are … */
const SHAPE = {
  messages: 5_000,
  newCookies: 600,
  newIps: 130,
  newSignatures: 70,
  newEmails: 100,
  visits: 1_250,
  /** Of visits: from a network this cookie was not seen on before. */
  movedShare: 0.4,
  /** Of visits: named again. */
  namedShare: 0.2,
  /** Of edges seen again: in an hour not known yet. */
  newHourShare: 0.6,
} as const
const MESSAGES_A_DAY = 20_000

interface Edge {
  readonly from: number
  readonly to: number
  readonly kind: StoredEdgeKind
  readonly at: number
  count: number
  readonly days: Map<number, number>
}

/** What a cookie told in its first visits: six things of its sender, then a page and a step or two a visit. */
function cluesAfter(n: number, visits: number): Clues {
  const told = [2, 1, 1].map((code, kind) => clueOf(SENDER[kind]!, code))
  for (const kind of ['language', 'zone', 'region'] as const)
    told.push(clueOfText(kind, `${n % 9}`))
  for (let visit = 0; visit <= Math.min(visits, 60); visit++) {
    told.push(clueOfText('page', `/p/${(n * 31 + visit) % 5_000}`))
    told.push(clueOfText('step', `/p/${(n * 17 + visit) % 9_000}`))
  }
  return cluesFrom(told)
}
const SENDER = ['device', 'system', 'browser'] as const

/** Node n has key keyOf(n); arrays hold the rest, since there are millions. */
export class World {
  readonly #random: () => number
  readonly keys: string[] = []
  readonly #types: number[] = []
  readonly #firstSeen: number[] = []
  readonly #versions: number[] = []
  /** Label and profile holder: the node whose key and id they are. */
  readonly #labels: number[] = []
  readonly #profileVersions: number[] = []
  readonly cookies: number[] = []
  readonly emails: number[] = []
  readonly #ips: number[] = []
  readonly #signatures: number[] = []
  readonly #edgesOf: Edge[][] = []
  edges = 0
  #position = 0

  constructor(seed: number) {
    this.#random = mulberry32(seed)
  }

  /** The next commit, of `scale` times 5,000 messages. */
  next(scale: number): { commit: Commit; rows: number } {
    const from = this.#position
    this.#position += SHAPE.messages * scale
    const at = FIRST_DAY * DAY_MS + Math.floor((this.#position / MESSAGES_A_DAY) * DAY_MS)
    const drawn = new Draft(at)
    for (let i = 0; i < SHAPE.newIps * scale; i++) this.#ips.push(this.#node(drawn, 'ip'))
    for (let i = 0; i < SHAPE.newSignatures * scale; i++) {
      this.#signatures.push(this.#node(drawn, 'device_signature'))
    }
    for (let i = 0; i < SHAPE.newCookies * scale; i++) {
      const cookie = this.#node(drawn, 'cookie')
      this.cookies.push(cookie)
      this.#profile(drawn, cookie, 'created')
      this.#edge(drawn, cookie, this.#recent(this.#ips), 'ip_match')
      this.#edge(drawn, cookie, this.#recent(this.#signatures), 'same_session')
    }
    for (let i = 0; i < SHAPE.newEmails * scale; i++) this.#login(drawn, this.#node(drawn, 'email'))
    for (let i = 0; i < SHAPE.visits * scale; i++) this.#visit(drawn, this.#recent(this.cookies))
    return this.#commit(drawn, from)
  }

  get nodes(): number {
    return this.keys.length
  }

  #node(draft: Draft, type: string): number {
    const n = this.keys.length
    this.keys.push(hash('sha256', `default ${type} ${n}`))
    this.#types.push(TYPES.indexOf(type))
    this.#firstSeen.push(draft.at + Math.floor(this.#random() * 1000))
    this.#versions.push(0)
    this.#labels.push(n)
    this.#profileVersions.push(0)
    this.#edgesOf.push([])
    draft.nodes.add(n)
    return n
  }

  /** A cookie signs in with an e-mail: two profiles become one. */
  #login(draft: Draft, email: number): void {
    this.emails.push(email)
    this.#profile(draft, email, 'created')
    const logins = 1 + Math.floor(this.#random() * 3)
    for (let i = 0; i < logins; i++) {
      const cookie = this.#recent(this.cookies)
      if (this.#labels[cookie] !== cookie) continue
      this.#edge(draft, cookie, email, 'login')
      this.#labels[cookie] = email
      draft.nodes.add(cookie)
      this.#profile(draft, cookie, 'merged')
    }
  }

  /** A cookie comes back: it, its network, its signature, at times its e-mail, and the edges to these. */
  #visit(draft: Draft, cookie: number): void {
    draft.nodes.add(cookie)
    const edges = this.#edgesOf[cookie]!
    const moved = this.#random() < SHAPE.movedShare
    if (moved) this.#edge(draft, cookie, this.#recent(this.#ips), 'ip_match')
    for (const edge of edges) {
      const again =
        edge.kind === 'login'
          ? this.#random() < SHAPE.namedShare
          : edge.kind === 'same_session' || (!moved && edge === edges[0])
      if (again) this.#repeat(draft, edge)
    }
  }

  #profile(draft: Draft, holder: number, event: 'created' | 'merged'): void {
    draft.profiles.add(holder)
    draft.changes.push([holder, event])
  }

  #edge(draft: Draft, from: number, to: number, kind: StoredEdgeKind): void {
    const known = this.#edgesOf[from]!.find((edge) => edge.to === to && edge.kind === kind)
    if (known !== undefined) {
      this.#repeat(draft, known)
      return
    }
    const edge: Edge = { from, to, kind, at: draft.at, count: 0, days: new Map() }
    this.#edgesOf[from]!.push(edge)
    this.edges++
    this.#repeat(draft, edge)
  }

  #repeat(draft: Draft, edge: Edge): void {
    edge.count++
    draft.edges.add(edge)
    draft.nodes.add(edge.to)
    if (edge.count > 1 && this.#random() > SHAPE.newHourShare) return
    const day = Math.floor(draft.at / DAY_MS)
    edge.days.set(day, (edge.days.get(day) ?? 0) | (1 << Math.floor(this.#random() * 24)))
    draft.sighted.add(edge)
  }

  /** Most of what comes back was here lately. */
  #recent(list: readonly number[]): number {
    return list[list.length - 1 - Math.floor(list.length * this.#random() ** 3)]!
  }

  #commit(draft: Draft, from: number): { commit: Commit; rows: number } {
    const profiles = [...draft.profiles].map((n) => this.#profileRecord(n))
    const nodes = [...draft.nodes].map((n) => this.#nodeRecord(n, draft.at))
    const edges = [...draft.edges].map((edge) => this.#edgeRecord(edge, draft.at))
    const day = Math.floor(draft.at / DAY_MS)
    const sightings = [...draft.sighted].map((edge) => ({
      identifier: this.keys[edge.to]!,
      day,
      from: this.keys[edge.from]!,
      hours: edge.days.get(day)!,
    }))
    const changes = draft.changes.map(([n, event]) => ({
      event,
      profile: profileName(this.keys[n]!),
      revision: 1,
      from: event === 'merged' ? [profileName(this.keys[this.#labels[n]!]!)] : [],
      at: draft.at,
      reason: event === 'merged' ? 'login 0.99 joins two profiles; policy 1a2b3c4d' : 'first seen',
    }))
    const commit = {
      applied: [{ source: 'log', from, to: this.#position }],
      nodes,
      edges,
      sightings,
      profiles,
      changes,
      verdicts: [],
      verdictsRemoved: [],
      questions: [],
      questionsRemoved: [],
      nodesRemoved: [],
      waiting: [],
      waitingRemoved: [],
    }
    const rows = nodes.length + edges.length + sightings.length + profiles.length + changes.length
    return { commit, rows }
  }

  #nodeRecord(n: number, at: number): NodeRecord {
    const key = this.keys[n]!
    const type = TYPES[this.#types[n]!]!
    const member = type === 'cookie' || type === 'email'
    const firstSeen = this.#firstSeen[n]!
    const version = this.#versions[n]!++
    return {
      key,
      type,
      namespace: type === 'device_signature' ? 'screen,zone,language,platform,gpu' : '',
      value: type === 'ip' ? `203.0.${n % 251}.${n % 253}` : type === 'cookie' ? uuidOf(key) : key,
      firstSeen,
      lastSeen: version === 0 ? firstSeen : at,
      receivedAt: firstSeen + 40,
      sites: ['shop.example'],
      profile: member ? profileName(this.keys[this.#labels[n]!]!) : '',
      component: member ? this.keys[this.#labels[n]!]! : '',
      anchor: this.keys[this.#labels[n]!]!,
      quarantined: false,
      clues: type === 'cookie' ? cluesAfter(n, version) : NO_CLUES,
      version,
    }
  }

  #edgeRecord(edge: Edge, at: number): EdgeRecord {
    const [from, to] = [this.keys[edge.from]!, this.keys[edge.to]!]
    return {
      from,
      to,
      kind: edge.kind,
      firstSeen: edge.at,
      lastSeen: edge.count === 1 ? edge.at : at,
      count: edge.count,
      sites: ['shop.example'],
      firstEvent: uuidOf(from),
      lastEvent: edge.count === 1 ? uuidOf(from) : uuidOf(to),
      days: new Map(edge.days),
    }
  }

  #profileRecord(n: number): ProfileRecord {
    const label = this.#labels[n]!
    return {
      id: profileName(this.keys[n]!),
      founder: this.keys[n]!,
      foundedAt: this.#firstSeen[n]!,
      kind: 'anonymous',
      state: 'provisional',
      size: label === n ? 1 : 0,
      weakest: 4_605_170,
      revision: 1,
      redirect: label === n ? null : profileName(this.keys[label]!),
      version: this.#profileVersions[n]!++,
    }
  }
}

const TYPES = ['cookie', 'email', 'ip', 'device_signature']

class Draft {
  readonly at: number
  readonly nodes = new Set<number>()
  readonly edges = new Set<Edge>()
  readonly sighted = new Set<Edge>()
  readonly profiles = new Set<number>()
  readonly changes: [node: number, event: 'created' | 'merged'][] = []

  constructor(at: number) {
    this.at = at
  }
}

function profileName(key: string): string {
  return `prf_${key.slice(20, 40)}`
}

function uuidOf(key: string): string {
  return `${key.slice(0, 8)}-${key.slice(8, 12)}-${key.slice(12, 16)}-${key.slice(16, 20)}-${key.slice(20, 32)}`
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
