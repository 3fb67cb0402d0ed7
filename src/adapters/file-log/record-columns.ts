// A record as its columns and its body, and back. Columns are one JSON array: flat in a text segment, which is the
// cheapest to write; with identifiers and edges as lists of objects when DuckDB gives them back.

import { hash } from 'node:crypto'
import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { FactEdge, Fact } from '../../core/edge/fact.ts'
import { keyOf, type Digest, type Identifier } from '../../core/identifier/identifier.ts'
import type {
  DecisionRecord,
  LogRecord,
  MessageRecord,
  Position,
  StoredRecord,
} from '../../ports/event-log.ts'

/**
 * The columns in their order. In a text segment `identifiers` is their number and their values follow, three each, then
 * edges', three each, and at the end, if there are any, all clues as one list: so what is one above a multiple of three has
 * some, and a line that was written before there were clues reads as one without.
 */
export const COLUMNS = [
  'id',
  'kind',
  'extraction_version',
  'site',
  'type',
  'name',
  'at',
  'received_at',
  'identifiers',
] as const

type FlatPart = string | number | readonly number[]

/** The columns of a record as a flat JSON array. */
export function columnsOf(record: LogRecord): string {
  const columns = record.kind === 'decision' ? decisionColumns(record) : messageColumns(record)
  const text = JSON.stringify(columns)
  if (!text.includes(LONE_SURROGATE)) return text
  return JSON.stringify(columns.map((part) => (typeof part === 'string' ? wellFormed(part) : part)))
}

function decisionColumns({ id, at }: DecisionRecord): (string | number)[] {
  return [id, 'decision', 0, '', '', '', at, at, 0]
}

function messageColumns({ fact, extractionVersion }: MessageRecord): FlatPart[] {
  const { id, site, type, name, at, receivedAt, identifiers, edges, clues } = fact
  const count = identifiers.length
  const columns: FlatPart[] = [
    id,
    'message',
    extractionVersion,
    site,
    type,
    name,
    at,
    receivedAt,
    count,
  ]
  for (const identifier of identifiers) {
    columns.push(identifier.type, identifier.namespace, identifier.value)
  }
  for (const { from, to, kind } of edges) columns.push(from, to, kind)
  if (clues.length > 0) {
    const told: number[] = []
    for (let i = 0; i < clues.length; i++) told.push(clues[i] ?? 0)
    columns.push(told)
  }
  return columns
}

/** How JSON begins half a pair of surrogates: no character, and DuckDB would refuse the whole segment for it. */
const LONE_SURROGATE = String.raw`\ud`

/** A text as it is in UTF-8, with U+FFFD for what is no character. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

/** The raw message, or the decision, as JSON without line breaks and tabs, which are only white space there. */
export function bodyOf(record: LogRecord): string {
  if (record.kind === 'decision') {
    return JSON.stringify({ author: record.author, decision: record.decision })
  }
  const { raw } = record
  return raw.includes('\n') || raw.includes('\t') || raw.includes('\r')
    ? raw.replaceAll(/[\t\n\r]/g, ' ')
    : raw
}

/** Columns as they are read. Our own writing, under a checksum, so their types are taken for granted. */
type Fixed = [
  id: string,
  kind: LogRecord['kind'],
  extractionVersion: number,
  site: string,
  type: Fact['type'],
  name: string,
  at: number,
  receivedAt: number,
]
type Flat = readonly [...Fixed, identifiers: number, ...values: FlatPart[]]
type Listed = readonly [
  ...Fixed,
  identifiers: Omit<Identifier, 'key'>[],
  edges: FactEdge[],
  clues: number[] | null,
]

const IDENTIFIERS_KEPT_MAX = 1 << 16

const digest: Digest = (text) => hash('sha256', text, 'hex')

/** Makes records of columns and bodies. Keeps some identifiers: most come again, and each key is a hash. */
export class RecordReader {
  readonly #account: string
  readonly #kept = new Map<string, Identifier>()

  constructor(account: string) {
    this.#account = account
  }

  /** The record that `columnsOf` and `bodyOf` were made from. */
  record(position: Position, columnsText: string, body: string): StoredRecord {
    const columns = JSON.parse(columnsText) as Flat | Listed
    if (columns[1] === 'decision') {
      const { author, decision } = JSON.parse(body) as Pick<DecisionRecord, 'author' | 'decision'>
      return { kind: 'decision', position, id: columns[0], at: columns[6], author, decision }
    }
    const flat = typeof columns[8] === 'number'
    const fact: Fact = {
      id: columns[0],
      account: this.#account,
      site: columns[3],
      type: columns[4],
      name: columns[5],
      at: columns[6],
      receivedAt: columns[7],
      identifiers: flat
        ? this.#flatIdentifiers(columns as Flat)
        : (columns as Listed)[8].map((i) => this.#identifier(i.type, i.namespace, i.value)),
      edges: flat ? flatEdges(columns as Flat) : (columns as Listed)[9],
      clues: cluesIn(flat ? flatClues(columns as Flat) : (columns as Listed)[10]),
    }
    return { kind: 'message', position, fact, extractionVersion: columns[2], raw: body }
  }

  #flatIdentifiers(columns: Flat): Identifier[] {
    const identifiers: Identifier[] = []
    const end = COLUMNS.length + 3 * columns[8]
    for (let at = COLUMNS.length; at < end; at += 3) {
      identifiers.push(
        this.#identifier(
          columns[at] as string,
          columns[at + 1] as string,
          columns[at + 2] as string,
        ),
      )
    }
    return identifiers
  }

  #identifier(type: string, namespace: string, value: string): Identifier {
    const kept = this.#kept.get(value)
    if (kept?.type === type && kept.namespace === namespace) return kept
    const key = keyOf(digest, this.#account, type, namespace, value)
    const identifier = { key, type, namespace, value }
    if (this.#kept.size === IDENTIFIERS_KEPT_MAX) this.#kept.clear()
    this.#kept.set(value, identifier)
    return identifier
  }
}

function flatEdges(columns: Flat): FactEdge[] {
  const edges: FactEdge[] = []
  for (let at = COLUMNS.length + 3 * columns[8]; at + 2 < columns.length; at += 3) {
    edges.push({
      from: columns[at] as number,
      to: columns[at + 1] as number,
      kind: columns[at + 2] as FactEdge['kind'],
    })
  }
  return edges
}

function flatClues(columns: Flat): readonly number[] | null {
  const last = columns.at(-1)
  return typeof last === 'object' ? last : null
}

function cluesIn(numbers: readonly number[] | null): Clues {
  return numbers === null || numbers.length === 0 ? NO_CLUES : Uint32Array.from(numbers)
}
