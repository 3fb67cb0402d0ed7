// A graph against a rebuild from its log: the same identifiers, the same partition, every id ever given out resolves.
// Invariant: changes nothing but the scratch store; holds a page of nodes at a time, however large the graph is.

import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Ids } from '../core/profile/decision.ts'
import type { NodeRecord } from '../core/profile/view/records.ts'
import type { EventLog, Position } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { SoleResolver } from './resolve-events.ts'

export interface VerifyParts {
  /** Ends where the graph has applied it. */
  readonly log: EventLog
  readonly graph: IdentityStore
  /** Empty; the rebuild goes there. */
  readonly scratch: IdentityStore
  readonly policy: Policy
  /** False when the graph may hold what another policy decided: then whose an identifier is, is not compared. */
  readonly settled: boolean
  readonly ids: Ids
  /** Told how many records of the log were replayed. */
  readonly replayed: (position: Position) => void
}

/** Something that is not as the log says. */
interface Difference {
  readonly what: 'missing' | 'unknown' | 'facts' | 'partition' | 'profile' | 'lost_id' | 'count'
  readonly detail: string
}

export interface Verification {
  readonly records: number
  readonly identifiers: number
  readonly profiles: number
  /** Ids that the change feed names. */
  readonly changes: number
  /** Identifiers whose decision waits, which therefore were not compared. */
  readonly waiting: number
  /** The first of them. */
  readonly differences: readonly Difference[]
}

const RECORDS_AT_ONCE = 2_000
const NODES_AT_ONCE = 1_000
const CHANGES_AT_ONCE = 1_000
const DIFFERENCES_MAX = 20
const WAITING_MAX = 100_000
/** Ids remembered as seen to resolve. */
const IDS_REMEMBERED_MAX = 100_000

export async function verifyGraph(parts: VerifyParts): Promise<Verification> {
  const { graph, log } = parts
  await rebuild(parts)
  const compared = await compareNodes(parts)
  const differences = [...compared.differences]
  await compareCounts(parts, differences)
  const changes = await resolveIds(graph, differences)
  const { profiles } = await graph.counts()
  return {
    records: log.end(),
    identifiers: compared.identifiers,
    profiles,
    changes,
    waiting: compared.waiting,
    differences: differences.slice(0, DIFFERENCES_MAX),
  }
}

async function rebuild({ log, scratch, policy, ids, replayed }: VerifyParts): Promise<void> {
  const resolver = new SoleResolver({ log, store: scratch, policy, ids })
  for (let next = 1; next <= log.end();) {
    const records = await log.read(next, RECORDS_AT_ONCE)
    if (records.length === 0) break
    await resolver.apply(records)
    next += records.length
    replayed(next - 1)
  }
  await resolver.flush()
  // What a run has decided since can only be compared with what has been decided.
  await resolver.decideWaiting(WAITING_MAX)
}

interface Compared {
  readonly identifiers: number
  readonly waiting: number
  readonly differences: readonly Difference[]
}

/** Walks both graphs in the order of their keys. */
async function compareNodes({ graph, scratch, settled }: VerifyParts): Promise<Compared> {
  const waits = new Set([
    ...(await graph.waiting(WAITING_MAX)),
    ...(await scratch.waiting(WAITING_MAX)),
  ])
  const differences: Difference[] = []
  const [ours, theirs] = [nodesOf(graph), nodesOf(scratch)]
  let [a, b] = [await ours.next(), await theirs.next()]
  let identifiers = 0
  let waiting = 0
  while ((a.done !== true || b.done !== true) && differences.length < DIFFERENCES_MAX) {
    if (b.done === true || (a.done !== true && a.value.key < b.value.key)) {
      if (a.done !== true)
        differences.push({ what: 'unknown', detail: `${nameOf(a.value)} is not in the log` })
      a = await ours.next()
    } else if (a.done === true || b.value.key < a.value.key) {
      differences.push({
        what: 'missing',
        detail: `${nameOf(b.value)} is in the log, not in the graph`,
      })
      b = await theirs.next()
    } else {
      identifiers++
      if (!settled || waits.has(a.value.component) || waits.has(b.value.component)) waiting++
      else differences.push(...(await compareNode(graph, scratch, a.value, b.value)))
      ;[a, b] = [await ours.next(), await theirs.next()]
    }
  }
  return { identifiers, waiting, differences }
}

async function* nodesOf(store: IdentityStore): AsyncGenerator<NodeRecord, undefined> {
  let after: Key = ''
  for (;;) {
    const page = await store.scanNodes(after, NODES_AT_ONCE)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return undefined
    after = last.key
  }
}

const FACTS = ['firstSeen', 'lastSeen', 'receivedAt', 'quarantined'] as const

async function compareNode(
  graph: IdentityStore,
  scratch: IdentityStore,
  ours: NodeRecord,
  theirs: NodeRecord,
): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const fact of FACTS) {
    if (ours[fact] === theirs[fact]) continue
    const detail = `${nameOf(ours)} has ${fact} ${ours[fact]}, by the log ${theirs[fact]}`
    differences.push({ what: 'facts', detail })
  }
  if (ours.clues.join() !== theirs.clues.join()) {
    const detail = `${nameOf(ours)} has ${ours.clues.length} clues, by the log ${theirs.clues.length}, or others`
    differences.push({ what: 'facts', detail })
  }
  const isMember = ours.profile !== ''
  if (isMember !== (theirs.profile !== ''))
    return [
      ...differences,
      { what: 'partition', detail: `${nameOf(ours)} is a member in one only` },
    ]
  return isMember
    ? [...differences, ...(await compareProfile(graph, scratch, ours, theirs))]
    : differences
}

/** Each profile is compared once, at the member with the smallest key. */
async function compareProfile(
  graph: IdentityStore,
  scratch: IdentityStore,
  ours: NodeRecord,
  theirs: NodeRecord,
): Promise<Difference[]> {
  const live = await graph.profile(ours.profile)
  if (live === null || live.profile.id !== ours.profile) {
    return [
      {
        what: 'profile',
        detail: `${nameOf(ours)} names ${ours.profile}, which is no live profile`,
      },
    ]
  }
  const { profile, members } = live
  if (members[0]?.key !== ours.key) return []
  const differences: Difference[] = []
  if (profile.size !== members.length) {
    const detail = `${profile.id} says it has ${profile.size} members, and has ${members.length}`
    differences.push({ what: 'profile', detail })
  }
  const rebuilt = (await scratch.profile(theirs.profile))?.members ?? []
  const same =
    rebuilt.length === members.length && members.every(({ key }, i) => key === rebuilt[i]?.key)
  if (same) return differences
  const detail = `${profile.id} has ${members.length} members, by the log ${rebuilt.length}: ${differing(members, rebuilt)}`
  return [...differences, { what: 'partition', detail }]
}

/** A member that only one of them has. */
function differing(a: readonly NodeRecord[], b: readonly NodeRecord[]): string {
  const [keysA, keysB] = [new Set(a.map(({ key }) => key)), new Set(b.map(({ key }) => key))]
  const extra = a.find(({ key }) => !keysB.has(key))
  const lacking = b.find(({ key }) => !keysA.has(key))
  const words = [
    ...(extra === undefined ? [] : [`${nameOf(extra)} should not be there`]),
    ...(lacking === undefined ? [] : [`${nameOf(lacking)} is missing`]),
  ]
  return words.join(', ')
}

async function compareCounts(
  { graph, scratch, settled }: VerifyParts,
  differences: Difference[],
): Promise<void> {
  const [ours, theirs] = [await graph.counts(), await scratch.counts()]
  const compared = settled && ours.waiting + theirs.waiting === 0
  const names = compared ? ([...COUNTED, 'profiles'] as const) : COUNTED
  for (const name of names) {
    if (ours[name] === theirs[name]) continue
    const detail = `the graph counts ${ours[name]} ${name}, by the log ${theirs[name]}`
    differences.push({ what: 'count', detail })
  }
}

const COUNTED = ['identifiers', 'edges'] as const

/** Every id of the change feed must lead somewhere; how many changes there are. */
async function resolveIds(graph: IdentityStore, differences: Difference[]): Promise<number> {
  const known = new Set<string>()
  let changes = 0
  for (let after = 0; ;) {
    const page = await graph.changes(after, CHANGES_AT_ONCE)
    for (const { profile, from } of page) {
      for (const id of [profile, ...from]) {
        if (known.has(id)) continue
        if (known.size >= IDS_REMEMBERED_MAX) known.clear()
        known.add(id)
        if ((await graph.profile(id)) !== null) continue
        if (differences.length < DIFFERENCES_MAX)
          differences.push({ what: 'lost_id', detail: `${id} was published and leads nowhere` })
      }
    }
    changes += page.length
    const last = page.at(-1)
    if (last === undefined) return changes
    after = last.sequence
  }
}

function nameOf({ type, namespace, value }: NodeRecord): string {
  const shown = value.length > 40 ? `${value.slice(0, 12)}…` : value
  return namespace === '' ? `${type}:${shown}` : `${type}:${namespace}:${shown}`
}
