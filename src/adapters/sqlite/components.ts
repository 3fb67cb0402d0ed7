// Reads the components that are asked for: their nodes and every edge of these, up to the limits.
// Invariant: nothing is expanded beyond them, and of a component past a limit nothing is kept.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { LoadLimits } from '../../ports/identity-store.ts'
import { MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'
import { componentOf, EDGE_COLUMNS, type EdgeRow, NODE_COLUMNS, type NodeRow } from './rows.ts'

/** What a load has read of the graph, by the numbers of its nodes. */
export interface Reading {
  readonly nodes: Map<number, NodeRow>
  readonly asked: Set<number>
  readonly complete: Set<number>
  /** Components past a limit, by their keys. */
  readonly over: Set<Key>
  /** Each edge once. */
  readonly edges: EdgeRow[]
}

/** To be called in a transaction. */
export type ReadComponents = (keys: readonly Key[], limits: LoadLimits) => Reading

/** Components of up to so many nodes are read at once; larger ones are counted first. */
const FEW_NODES = 32
/** A limit may be Infinity, which SQLite does not know. */
const ROWS_MAX = 2 ** 31

export function componentReader(database: DatabaseSync, numbers: Numbers): ReadComponents {
  const statements = prepareStatements(database)
  return (keys, given) => {
    const limits = {
      nodesMax: Math.min(given.componentNodesMax, ROWS_MAX),
      edgesMax: Math.min(given.componentEdgesMax, ROWS_MAX),
    }
    const reading: Reading = {
      nodes: new Map(),
      asked: new Set(),
      complete: new Set(),
      over: new Set(),
      edges: [],
    }
    const incoming: EdgeEnds[] = []
    for (const [label, member] of readAsked(statements, numbers, reading, keys)) {
      const read = readComponent(statements, reading, label, member, limits)
      if (read === null) reading.over.add(label)
      else append(incoming, read)
    }
    readIncoming(statements, reading, incoming)
    if (reading.over.size > 0) readEdgesBetween(statements, reading)
    readFarEnds(statements, reading)
    return reading
  }
}

type EdgeEnds = [fromId: number, toId: number, kind: number]
type Statements = ReturnType<typeof prepareStatements>

/** Every limit is an expression: SQLite compiles a statement anew for each value of a bare LIMIT parameter. */
function prepareStatements(database: DatabaseSync) {
  const nodes = (where: string) =>
    prepareQuery<NodeRow>(database, `SELECT ${NODE_COLUMNS} FROM node n WHERE ${where}`)
  const edges = (where: string) =>
    prepareQuery<EdgeRow>(database, `SELECT ${EDGE_COLUMNS} FROM edge WHERE ${where}`)
  return {
    nodeByKey: nodes(`substr(n.key, 1, 6) = unhex(substr(?1, 1, 12)) AND n.key = unhex(?1)`),
    nodeById: nodes(`n.id = ?`),
    othersLabelled: nodes(`n.component = unhex(?) AND n.id <> ? LIMIT ? + 0`),
    countLabelled: prepareQuery<[number]>(
      database,
      'SELECT count(*) FROM (SELECT 1 FROM node WHERE component = unhex(?) LIMIT ? + 0)',
    ),
    edgesFrom: edges(`from_id = ? LIMIT ? + 0`),
    // From the index alone: most are edges inside the component and have been read where they start.
    endsInto: prepareQuery<EdgeEnds>(
      database,
      `SELECT from_id, to_id, kind FROM edge WHERE to_id = ? AND kind < ${MEMBER_KIND_CODES_END} LIMIT ? + 0`,
    ),
    edge: edges(`from_id = ? AND to_id = ? AND kind = ?`),
    edgesBetween: edges(`from_id = ? AND to_id IN (SELECT value FROM json_each(?))`),
  }
}

/** The components of the members among the keys: their keys, and of each a member. */
function readAsked(
  statements: Statements,
  numbers: Numbers,
  reading: Reading,
  keys: readonly Key[],
): Map<Key, NodeRow> {
  const components = new Map<Key, NodeRow>()
  for (const key of keys) {
    const node = statements.nodeByKey.first(key)
    if (node === undefined) continue
    const id = node[0]
    const component = componentOf(node)
    numbers.remember(key, id)
    reading.nodes.set(id, node)
    reading.asked.add(id)
    if (component !== '') components.set(component, node)
  }
  return components
}

/** Adds the nodes of a component and the edges that start there; gives those that end there, or null when it is over. */
function readComponent(
  statements: Statements,
  reading: Reading,
  label: Key,
  member: NodeRow,
  limits: { readonly nodesMax: number; readonly edgesMax: number },
): EdgeEnds[] | null {
  const members = readMembers(statements, label, member, limits.nodesMax)
  if (members === null) return null
  const outgoing: EdgeRow[] = []
  const incoming: EdgeEnds[] = []
  let room = limits.edgesMax
  for (const [id] of members) {
    room -= append(outgoing, statements.edgesFrom.all(id, room + 1))
    if (room < 0) return null
    room -= append(incoming, statements.endsInto.all(id, room + 1))
    if (room < 0) return null
  }
  for (const node of members) {
    reading.nodes.set(node[0], node)
    reading.complete.add(node[0])
  }
  append(reading.edges, outgoing)
  return incoming
}

function append<T>(to: T[], more: readonly T[]): number {
  for (const one of more) to.push(one)
  return more.length
}

/** The nodes of the component of a member; null when there are more than `nodesMax`. */
function readMembers(
  statements: Statements,
  label: Key,
  member: NodeRow,
  nodesMax: number,
): NodeRow[] | null {
  let members = statements.othersLabelled.all(label, member[0], FEW_NODES)
  if (members.length === FEW_NODES) {
    const count = statements.countLabelled.first(label, nodesMax + 1)?.[0] ?? 0
    if (count > nodesMax) return null
    members = statements.othersLabelled.all(label, member[0], nodesMax)
  }
  members.push(member)
  if (label !== member[1]) {
    const namesake = statements.nodeByKey.first(label)
    if (namesake !== undefined && componentOf(namesake) === label) members.push(namesake)
  }
  return members.length > nodesMax ? null : members
}

/** Edges from outside; those between two complete nodes have been read where they start. */
function readIncoming(
  statements: Statements,
  reading: Reading,
  incoming: readonly EdgeEnds[],
): void {
  for (const ends of incoming) {
    const edge = reading.complete.has(ends[0]) ? undefined : statements.edge.first(...ends)
    if (edge !== undefined) reading.edges.push(edge)
  }
}

/** A member that was asked for, but whose component is over, has its edges to others that were asked for. */
function readEdgesBetween(statements: Statements, reading: Reading): void {
  const asked = JSON.stringify([...reading.asked])
  for (const id of reading.asked) {
    if (reading.complete.has(id) || reading.nodes.get(id)?.[10] === 0) continue
    for (const edge of statements.edgesBetween.all(id, asked)) {
      const [, to, kind] = edge
      // Those have been read where they end.
      if (kind < MEMBER_KIND_CODES_END && reading.complete.has(to)) continue
      reading.edges.push(edge)
    }
  }
}

function readFarEnds(statements: Statements, reading: Reading): void {
  for (const [from, to, kind] of reading.edges) {
    if (kind >= MEMBER_KIND_CODES_END) continue
    for (const id of [from, to]) {
      if (reading.nodes.has(id)) continue
      const node = statements.nodeById.first(id)
      if (node !== undefined) reading.nodes.set(id, node)
    }
  }
}
