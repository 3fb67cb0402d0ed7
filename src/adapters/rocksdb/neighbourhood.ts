// What a load brings: nodes by key, their components by label, the edges of these in ranges, the rest by name.
// Invariant: nothing is awaited, so all of it is of one state; nothing is expanded beyond the components asked for.

import type { Key } from '../../core/identifier/identifier.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type {
  CrowdRequest,
  LoadLimits,
  LoadRequest,
  Neighbourhood,
} from '../../ports/identity-store.ts'
import { edgeKindCode, MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import type { Database, Row } from './database.ts'
import { edgeIn, edgeRow, endsOf, seenIn, sightingsFrom, startsHere } from './edge-rows.ts'
import { byKey, byText, byTextAnd, KEY_BYTES, keyAt, type Kind } from './keys.ts'
import { questionOf, verdictOf } from './review-writes.ts'
import { nodeOf, profileOf, wholeOf } from './rows.ts'
import { readTally } from './tally.ts'

/** What a load has found so far. */
interface Found {
  readonly nodes: Map<Key, NodeRecord>
  /** By the names of their rows. */
  readonly edges: Map<string, EdgeRecord>
  readonly complete: Set<Key>
  readonly over: Set<Key>
}

export function neighbourhoodIn(
  database: Database,
  request: LoadRequest,
  limits: LoadLimits,
): Neighbourhood {
  const asked = nodesIn(database, request.nodes)
  const nodes = new Map(asked.map((node) => [node.key, node]))
  const found: Found = { nodes, edges: new Map(), complete: new Set(), over: new Set() }
  const labels = new Set(asked.map((node) => node.component).filter((label) => label !== ''))
  for (const label of labels) addComponent(database, found, label, limits)
  addEdgesAmong(database, found, asked)
  addEnds(database, found)
  const missing = request.nodes.filter((key) => !nodes.has(key))
  const complete = [...found.complete]
  const ids = new Set([
    ...complete.flatMap((key) => nodes.get(key)?.profile ?? []),
    ...request.profiles,
  ])
  const { questions, verdicts } = readTally(database)
  const named = new Set([...complete, ...missing])
  return {
    nodes: [...nodes.values()],
    complete,
    over: [...found.over],
    edges: [...found.edges.values()],
    sightings: request.crowds.flatMap((crowd) =>
      crowdIn(database, crowd, limits.sightingsPerDayMax),
    ),
    profiles: profilesIn(database, [...ids]),
    verdicts: verdicts === 0 ? [] : verdictsNaming(database, named),
    questions: questions === 0 ? [] : questionsAbout(database, complete),
  }
}

/** Those that are there. */
export function nodesIn(database: Database, keys: readonly Key[]): readonly NodeRecord[] {
  const values = database.getMany(keys.map((key) => byKey('node', key)))
  return keys.flatMap((key, at) => {
    const value = values[at]
    return value === undefined ? [] : [nodeOf(key, value)]
  })
}

export function profilesIn(database: Database, ids: readonly string[]): readonly ProfileRecord[] {
  const values = database.getMany(ids.map((id) => byText('profile', id)))
  return ids.flatMap((id, at) => {
    const value = values[at]
    return value === undefined ? [] : [profileOf(id, value)]
  })
}

/** Members of a profile, by key. */
export function membersIn(database: Database, profile: string): readonly NodeRecord[] {
  const rows = database.range(byTextAnd('membersOf', profile), { keysOnly: true })
  return nodesIn(
    database,
    rows.map(([row]) => keyAt(row, row.length - KEY_BYTES)),
  )
}

function addComponent(database: Database, found: Found, label: Key, limits: LoadLimits): void {
  const keys = database
    .range(byKey('nodesOf', label), { keysOnly: true, limit: limits.componentNodesMax + 1 })
    .map(([row]) => keyAt(row, row.length - KEY_BYTES))
  const edges = keys.length > limits.componentNodesMax ? null : edgesOf(database, keys, limits)
  if (edges === null) {
    found.over.add(label)
    return
  }
  for (const key of keys) found.complete.add(key)
  addNodes(database, found, keys)
  for (const row of edges) if (startsHere(row[0])) found.edges.set(nameOf(row[0]), edgeIn(row))
  const wanted = edges
    .flatMap(([row]) => (startsHere(row) ? [] : [edgeRow(endsOf(row))]))
    .filter((row) => !found.edges.has(nameOf(row)))
  addEdges(database, found, wanted)
}

/** Edges that start or end at these nodes, a row at each end; null if there are too many. */
function edgesOf(
  database: Database,
  keys: readonly Key[],
  { componentEdgesMax }: LoadLimits,
): readonly Row[] | null {
  const rows: Row[] = []
  for (const key of keys) {
    const room = componentEdgesMax + 1 - rows.length
    for (const row of database.range(byKey('edge', key), { limit: room })) rows.push(row)
    if (rows.length > componentEdgesMax) return null
  }
  return rows
}

/** Edges between nodes that were asked for, of those whose edges are not all here anyway. */
function addEdgesAmong(database: Database, found: Found, asked: readonly NodeRecord[]): void {
  const keys = new Set(asked.map(({ key }) => key))
  const lone = asked.filter(({ key, component }) => component !== '' && !found.complete.has(key))
  const wanted = lone.flatMap(({ key }) =>
    database
      .range(byKey('edge', key), { keysOnly: true })
      .flatMap(([row]) => (startsHere(row) && keys.has(endsOf(row).to) ? [row] : [])),
  )
  addEdges(database, found, wanted)
}

/** Far ends of edges between members. */
function addEnds(database: Database, found: Found): void {
  const ends = [...found.edges.values()]
    .filter(({ kind }) => edgeKindCode(kind) < MEMBER_KIND_CODES_END)
    .flatMap(({ from, to }) => [from, to])
  addNodes(database, found, ends)
}

function addNodes(database: Database, { nodes }: Found, keys: readonly Key[]): void {
  const wanted = new Set(keys.filter((key) => !nodes.has(key)))
  for (const node of nodesIn(database, [...wanted])) nodes.set(node.key, node)
}

function addEdges(database: Database, { edges }: Found, rows: readonly Buffer[]): void {
  const values = database.getMany(rows)
  rows.forEach((row, at) => {
    const value = values[at]
    if (value !== undefined) edges.set(nameOf(row), edgeIn([row, value]))
  })
}

function crowdIn(
  database: Database,
  { identifier, fromDay, toDay }: CrowdRequest,
  perDayMax: number,
): readonly Sighting[] {
  const rows: Row[] = []
  let day = fromDay
  while (day <= toDay) {
    const page = pageFrom(database, identifier, day, toDay, perDayMax + 1)
    const last = page.at(-1)
    if (last === undefined) break
    // A page that is not of one day may end within one: that one is read again, from its first row.
    const lastDay = seenIn(last[0]).day
    const whole = page.length <= perDayMax || seenIn(page[0]?.[0] ?? last[0]).day === lastDay
    rows.push(...(whole ? page : page.filter(([row]) => seenIn(row).day !== lastDay)))
    day = whole ? lastDay + 1 : lastDay
  }
  const seen = rows.map(([row, value]) => ({ ...seenIn(row), hours: wholeOf(value) }))
  const ends = new Map(
    nodesIn(database, [...new Set(seen.map(({ from }) => from))]).map((node) => [node.key, node]),
  )
  return seen.flatMap((one) => {
    const end = ends.get(one.from)
    return end === undefined ? [] : [{ ...one, anchor: end.anchor, fromType: end.type }]
  })
}

function pageFrom(
  database: Database,
  identifier: Key,
  fromDay: number,
  toDay: number,
  limit: number,
): readonly Row[] {
  return database.range(byKey('sighting', identifier), {
    from: sightingsFrom(identifier, fromDay),
    to: sightingsFrom(identifier, toDay + 1),
    limit,
  })
}

function questionsAbout(database: Database, keys: Iterable<Key>): readonly QuestionRecord[] {
  return listedIn(database, 'questionsOf', 'question', keys).map(questionOf)
}

function verdictsNaming(database: Database, keys: Iterable<Key>): readonly VerdictRecord[] {
  return listedIn(database, 'verdictsOf', 'verdict', keys).map(verdictOf)
}

/** Values of what is listed under any of the keys, each once. */
function listedIn(
  database: Database,
  list: Kind,
  kind: Kind,
  keys: Iterable<Key>,
): readonly Buffer[] {
  const lists = database.getMany([...keys].map((key) => byKey(list, key)))
  const ids = new Set(
    lists.flatMap((value) => (value ? (JSON.parse(value.toString()) as string[]) : [])),
  )
  const values = database.getMany([...ids].map((id) => byText(kind, id)))
  return values.flatMap((value) => value ?? [])
}

function nameOf(row: Buffer): string {
  return row.toString('latin1')
}
