// Rows as the statements give them and the records they stand for.
// Invariant: a row's columns and its type stand side by side, in one order.

import type { Key } from '../../core/identifier/identifier.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
} from '../../core/profile/view/records.ts'
import type { FeedRow, StoredChange } from '../../ports/identity-store.ts'
import {
  CHANGE_EVENTS,
  edgeKindOf,
  FEED_EVENTS,
  PROFILE_KINDS,
  PROFILE_STATES,
  wordOf,
} from '../../ports/record-codes.ts'
import { cluesOf, daysOf, sitesOf, VALUE_TEXT } from './columns.ts'
import type { Numbers } from './numbers.ts'

export const NODE_COLUMNS = `n.id, lower(hex(n.key)), n.type, n.namespace, ${VALUE_TEXT}, n.first_seen, n.last_after_ms,
  n.received_after_ms, n.sites, n.profile, n.member, lower(hex(n.component)), n.anchor, n.quarantined, n.version, n.clues`

export type NodeRow = [
  id: number,
  key: Key,
  type: string,
  namespace: string,
  value: string,
  firstSeen: number,
  lastAfterMs: number,
  receivedAfterMs: number,
  sites: string,
  profile: number | null,
  member: number,
  /** Empty when it is the node itself. */
  component: Key,
  anchor: number | null,
  quarantined: number,
  version: number,
  clues: Uint8Array | null,
]

/** Key of the component of a node, empty for a witness. */
export function componentOf(row: NodeRow): Key {
  if (row[10] === 0) return ''
  return row[11] === '' ? row[1] : row[11]
}

export function nodeRecord(
  row: NodeRow,
  numbers: Numbers,
  keyOf: (id: number) => Key | undefined,
): NodeRecord {
  const [, key, type, namespace, value, firstSeen, lastAfterMs, receivedAfterMs, sites] = row
  const [profile, anchor, quarantined, version] = [row[9], row[12], row[13], row[14]]
  return {
    key,
    type,
    namespace,
    value,
    firstSeen,
    lastSeen: firstSeen + lastAfterMs,
    receivedAt: firstSeen + receivedAfterMs,
    sites: sitesOf(sites),
    profile: profile === null ? '' : (numbers.profileName(profile) ?? ''),
    component: componentOf(row),
    // An anchor that was erased anchors nobody.
    anchor: (anchor === null ? null : keyOf(anchor)) ?? key,
    quarantined: quarantined === 1,
    clues: cluesOf(row[15]),
    version,
  }
}

export const EDGE_COLUMNS =
  'from_id, to_id, kind, first_seen, last_after_ms, count, sites, first_event, last_event, days'

export type EdgeRow = [
  fromId: number,
  toId: number,
  kind: number,
  firstSeen: number,
  lastAfterMs: number,
  count: number,
  sites: string,
  firstEvent: string,
  lastEvent: string | null,
  days: number | Uint8Array,
]

export function edgeRecord(row: EdgeRow, from: Key, to: Key): EdgeRecord {
  const [, , kind, firstSeen, lastAfterMs, count, sites, firstEvent, lastEvent, days] = row
  return {
    from,
    to,
    kind: edgeKindOf(kind),
    firstSeen,
    lastSeen: firstSeen + lastAfterMs,
    count,
    sites: sitesOf(sites),
    firstEvent,
    lastEvent: lastEvent ?? firstEvent,
    days: daysOf(days),
  }
}

export const PROFILE_COLUMNS =
  'id, name, lower(hex(founder)), founded_at, kind, state, size, weakest, revision, redirect, version'

export type ProfileRow = [
  id: number,
  name: string,
  founder: Key,
  foundedAt: number,
  kind: number,
  state: number,
  size: number,
  weakest: number,
  revision: number,
  redirect: number | null,
  version: number,
]

export function profileRecord(row: ProfileRow, numbers: Numbers): ProfileRecord {
  const [, id, founder, foundedAt, kind, state, size, weakest, revision, redirect, version] = row
  return {
    id,
    founder,
    foundedAt,
    kind: wordOf(PROFILE_KINDS, kind),
    state: wordOf(PROFILE_STATES, state),
    size,
    weakest,
    revision,
    redirect: redirect === null ? null : (numbers.profileName(redirect) ?? null),
    version,
  }
}

export const QUESTION_COLUMNS = 'id, a_id, b_id, guard, reason, evidence, scored_by, worth'

export type QuestionRow = [
  id: string,
  aId: number,
  bId: number,
  guard: string,
  reason: string,
  evidence: number,
  scoredBy: string | null,
  worth: number,
]

export function questionRecord(row: QuestionRow, a: Key, b: Key): QuestionRecord {
  const [id, , , guard, reason, evidence, scoredBy, worth] = row
  return { id, a, b, guard: guard as QuestionRecord['guard'], reason, evidence, scoredBy, worth }
}

export const CHANGE_COLUMNS =
  'c.sequence, p.name, c.event, c.revision, c.from_names, c.at, c.reason'

export type ChangeRow = [
  sequence: number,
  profile: string,
  event: number,
  revision: number,
  fromNames: string | null,
  at: number,
  reason: string,
]

export function storedChange(row: ChangeRow): StoredChange {
  const [sequence, profile, event, revision, fromNames, at, reason] = row
  return {
    sequence,
    event: wordOf(CHANGE_EVENTS, event),
    profile,
    revision,
    from: fromNames === null ? [] : (JSON.parse(fromNames) as string[]),
    at,
    reason,
  }
}

export const FEED_COLUMNS =
  'c.sequence, coalesce(p.name, c.subject), c.event, c.revision, c.from_names, c.at, c.reason'

/** As of a change, with what it is about for the profile. */
export function feedRow(row: ChangeRow): FeedRow {
  const [sequence, subject, event, revision, fromNames, at, reason] = row
  const from = fromNames === null ? [] : (JSON.parse(fromNames) as string[])
  return { sequence, event: wordOf(FEED_EVENTS, event), subject, revision, from, at, reason }
}
