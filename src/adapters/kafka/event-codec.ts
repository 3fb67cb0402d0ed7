// Messages and decisions as the Avro records of their topics, and back.
// Invariant: what comes back is a fact that does not contradict itself, of this account, or nothing.

import type { Clues } from '../../core/edge/clue.ts'
import { NO_CLUES } from '../../core/edge/clue.ts'
import type { Fact, FactEdge } from '../../core/edge/fact.ts'
import { EVENT_TYPES, type EventType } from '../../core/event/event.ts'
import type { Identifier } from '../../core/identifier/identifier.ts'
import {
  MEMBER_EDGE_KINDS,
  WITNESS_EDGE_KINDS,
  type StoredEdgeKind,
} from '../../core/policy/edge-kind.ts'
import type { Decree } from '../../core/profile/apply-decree.ts'
import type { DecisionRecord, MessageRecord } from '../../ports/event-log.ts'

export interface AvroIdentifier {
  readonly key: Buffer
  readonly type: string
  readonly namespace: string
  readonly value: string
}

interface AvroFact {
  readonly extractionVersion: number
  readonly id: string
  readonly account: string
  readonly site: string
  readonly type: string
  readonly name: string
  readonly at: number
  readonly receivedAt: number
  readonly identifiers: readonly AvroIdentifier[]
  readonly edges: readonly { readonly from: number; readonly to: number; readonly kind: string }[]
  readonly clues: readonly number[]
}

/** An event as its topic holds it. */
export interface AvroEvent {
  readonly raw: string
  readonly messageId: string | null
  readonly site: string | null
  readonly historical: boolean
  readonly fact: AvroFact | null
}

/** A decision as its topic holds it. */
export interface AvroDecision {
  readonly id: string
  readonly at: number
  readonly author: string
  readonly decision: string
  readonly after: Readonly<Record<string, number>>
}

const TYPES: ReadonlyMap<string, EventType> = new Map(EVENT_TYPES.map((type) => [type, type]))
const KINDS: ReadonlyMap<string, StoredEdgeKind> = new Map(
  [...MEMBER_EDGE_KINDS, ...WITNESS_EDGE_KINDS].map((kind) => [kind, kind]),
)
const CLUE_MAX = 2 ** 32 - 1

export function avroOfMessage({ fact, extractionVersion, raw }: MessageRecord): AvroEvent {
  const { id, account, site, type, name, at, receivedAt, identifiers, edges, clues } = fact
  return {
    raw,
    messageId: null,
    site: null,
    historical: false,
    fact: {
      extractionVersion,
      id,
      account,
      site,
      type,
      name,
      at,
      receivedAt,
      identifiers: identifiers.map(avroOfIdentifier),
      edges,
      clues: Array.from(clues),
    },
  }
}

export function avroOfIdentifier(identifier: Identifier): AvroIdentifier {
  const { key, type, namespace, value } = identifier
  return { key: Buffer.from(key, 'hex'), type, namespace, value }
}

export function avroOfDecision(record: DecisionRecord): AvroDecision {
  const { id, at, author, decision, after = {} } = record
  return { id, at, author, decision: JSON.stringify(decision), after }
}

/** A message of an event that has its fact; a text that says what contradicts. */
export function messageOf(raw: string, fact: AvroFact, account: string): MessageRecord | string {
  const type = TYPES.get(fact.type)
  if (type === undefined) return 'its type is none of the six'
  if (fact.account !== account) return 'it is of another account'
  const { id, site, name, at, receivedAt } = fact
  const edges: FactEdge[] = []
  for (const { from, to, kind } of fact.edges) {
    const known = KINDS.get(kind)
    if (known === undefined) return 'an edge of an unknown kind'
    const inside = isIndex(from, fact.identifiers) && isIndex(to, fact.identifiers)
    if (!inside) return 'an edge to an identifier that is not there'
    edges.push({ from, to, kind: known })
  }
  const clues = cluesOf(fact.clues)
  if (clues === null) return 'a clue that is no unsigned 32-bit number, or out of order'
  const identifiers = fact.identifiers.map(met)
  const whole: Fact = { id, account, site, type, name, at, receivedAt, identifiers, edges, clues }
  return { kind: 'message', fact: whole, extractionVersion: fact.extractionVersion, raw }
}

interface Met {
  /** A copy, since bytes that were read lie in larger pieces, which it would keep. */
  readonly key: Uint8Array
  readonly identifier: Identifier
}

/** Identifiers come again and again: of each slot the last one is kept, so that its texts need not be made anew. */
const MET_MAX = 16_384
const lastMet: (Met | undefined)[] = Array.from({ length: MET_MAX })

function met(avro: AvroIdentifier): Identifier {
  const { key, type, namespace, value } = avro
  const slot = ((key[0] ?? 0) | ((key[1] ?? 0) << 8)) % MET_MAX
  const last = lastMet[slot]
  if (last !== undefined && key.equals(last.key)) {
    const { identifier } = last
    const isSame =
      identifier.value === value && identifier.type === type && identifier.namespace === namespace
    if (isSame) return identifier
  }
  const identifier = identifierOf(avro)
  lastMet[slot] = { key: new Uint8Array(key), identifier }
  return identifier
}

export function identifierOf({ key, type, namespace, value }: AvroIdentifier): Identifier {
  return { key: key.toString('hex'), type, namespace, value }
}

function isIndex(index: number, of: readonly unknown[]): boolean {
  return index >= 0 && index < of.length
}

function cluesOf(numbers: readonly number[]): Clues | null {
  if (numbers.length === 0) return NO_CLUES
  const clues = new Uint32Array(numbers.length)
  let last = -1
  for (let at = 0; at < numbers.length; at++) {
    const clue = numbers[at] ?? -1
    if (clue <= last || clue > CLUE_MAX) return null
    clues[at] = clue
    last = clue
  }
  return clues
}

/** The decision of a record; null for what is none. */
export function decisionOf({
  id,
  at,
  author,
  decision,
  after,
}: AvroDecision): DecisionRecord | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(decision)
  } catch {
    return null
  }
  if (!isDecree(parsed)) return null
  const record: DecisionRecord = { kind: 'decision', id, at, author, decision: parsed }
  return Object.keys(after).length === 0 ? record : { ...record, after: { ...after } }
}

/** What each kind of decision cannot do without. */
const PARTS: Readonly<Record<Decree['type'], Readonly<Record<string, 'text' | 'keys'>>>> = {
  verdict: { verdict: 'text', a: 'keys', b: 'keys', note: 'text' },
  undo: { of: 'text', members: 'keys' },
  quarantine: { identifier: 'text', note: 'text' },
  release: { identifier: 'text', note: 'text' },
  erasure: { identifiers: 'keys' },
  policy: { version: 'text', settings: 'text' },
}

function isDecree(value: unknown): value is Decree {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  const { type } = value
  if (typeof type !== 'string' || !Object.hasOwn(PARTS, type)) return false
  const parts = PARTS[type as Decree['type']]
  return Object.entries(parts).every(([name, kind]) => {
    const part = (value as Readonly<Record<string, unknown>>)[name]
    return kind === 'text'
      ? typeof part === 'string'
      : Array.isArray(part) && part.every((key) => typeof key === 'string')
  })
}
