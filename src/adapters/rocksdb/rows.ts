// Records as the values of rows; what the name of a row says already is not in its value.
// Invariant: what is read is equal to what was written.

import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type {
  DayHours,
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
} from '../../core/profile/view/records.ts'
import type { FeedRow } from '../../ports/identity-store.ts'
import {
  codeOf,
  edgeKindOf,
  FEED_EVENTS,
  PROFILE_KINDS,
  PROFILE_STATES,
  wordOf,
} from '../../ports/record-codes.ts'
import { Reader, Writer } from './codec.ts'

/** What of a node is said by a bit, or by its absence. */
const NODE = { member: 1, labelled: 2, anchored: 4, quarantined: 8, inProfile: 16 } as const

const writer = new Writer()

export function nodeValue(node: NodeRecord): Buffer {
  const { key, component, anchor, profile } = node
  const labelled = component !== '' && component !== key
  const anchored = anchor !== key
  writer.byte(
    (component === '' ? 0 : NODE.member) |
      (labelled ? NODE.labelled : 0) |
      (anchored ? NODE.anchored : 0) |
      (node.quarantined ? NODE.quarantined : 0) |
      (profile === '' ? 0 : NODE.inProfile),
  )
  writer.count(node.version)
  writer.whole(node.firstSeen)
  writer.whole(node.lastSeen - node.firstSeen)
  writer.whole(node.receivedAt - node.firstSeen)
  writer.text(node.type)
  writer.text(node.namespace)
  writer.word(node.value)
  writer.text(JSON.stringify(node.sites))
  if (profile !== '') writer.text(profile)
  if (labelled) writer.key(component)
  if (anchored) writer.key(anchor)
  for (const clue of node.clues) writer.uint32(clue)
  return writer.take()
}

export function nodeOf(key: Key, value: Buffer): NodeRecord {
  const reader = new Reader(value)
  const bits = reader.byte()
  const version = reader.count()
  const firstSeen = reader.whole()
  const lastSeen = firstSeen + reader.whole()
  const receivedAt = firstSeen + reader.whole()
  const type = reader.text()
  const namespace = reader.text()
  const text = reader.word()
  const sites = sitesOf(reader.text())
  const profile = (bits & NODE.inProfile) === 0 ? '' : reader.text()
  const own = (bits & NODE.member) === 0 ? '' : key
  const component = (bits & NODE.labelled) === 0 ? own : reader.key()
  const anchor = (bits & NODE.anchored) === 0 ? key : reader.key()
  const quarantined = (bits & NODE.quarantined) !== 0
  return {
    key,
    type,
    namespace,
    value: text,
    firstSeen,
    lastSeen,
    receivedAt,
    sites,
    profile,
    component,
    anchor,
    quarantined,
    clues: cluesOf(reader),
    version,
  }
}

function cluesOf(reader: Reader): Clues {
  if (reader.left() === 0) return NO_CLUES
  const clues: number[] = []
  while (reader.left() > 0) clues.push(reader.uint32())
  return Uint32Array.from(clues)
}

export function edgeValue(edge: EdgeRecord): Buffer {
  writer.whole(edge.firstSeen)
  writer.whole(edge.lastSeen - edge.firstSeen)
  writer.count(edge.count)
  writer.text(JSON.stringify(edge.sites))
  writer.word(edge.firstEvent)
  const same = edge.lastEvent === edge.firstEvent
  writer.byte(same ? 1 : 0)
  if (!same) writer.word(edge.lastEvent)
  writeDays(edge.days)
  return writer.take()
}

function writeDays(days: DayHours): void {
  let before = 0
  for (const [day, hours] of [...days].toSorted(([a], [b]) => a - b)) {
    writer.whole(day - before)
    writer.hours(hours)
    before = day
  }
}

export function edgeOf(from: Key, to: Key, kind: number, value: Buffer): EdgeRecord {
  const reader = new Reader(value)
  const firstSeen = reader.whole()
  const lastSeen = firstSeen + reader.whole()
  const count = reader.count()
  const sites = sitesOf(reader.text())
  const firstEvent = reader.word()
  const lastEvent = reader.byte() === 1 ? firstEvent : reader.word()
  const days = new Map<number, number>()
  let day = 0
  while (reader.left() > 0) {
    day += reader.whole()
    days.set(day, reader.hours())
  }
  const name = edgeKindOf(kind)
  return { from, to, kind: name, firstSeen, lastSeen, count, sites, firstEvent, lastEvent, days }
}

export function profileValue(profile: ProfileRecord): Buffer {
  writer.key(profile.founder)
  writer.whole(profile.foundedAt)
  writer.byte(codeOf(PROFILE_KINDS, profile.kind))
  writer.byte(codeOf(PROFILE_STATES, profile.state))
  writer.count(profile.size)
  writer.whole(profile.weakest)
  writer.count(profile.revision)
  writer.count(profile.version)
  if (profile.redirect !== null) writer.text(profile.redirect)
  return writer.take()
}

export function profileOf(id: string, value: Buffer): ProfileRecord {
  const reader = new Reader(value)
  const founder = reader.key()
  const foundedAt = reader.whole()
  const kind = wordOf(PROFILE_KINDS, reader.byte())
  const state = wordOf(PROFILE_STATES, reader.byte())
  const size = reader.count()
  const weakest = reader.whole()
  const revision = reader.count()
  const version = reader.count()
  const redirect = reader.left() === 0 ? null : reader.text()
  return { id, founder, foundedAt, kind, state, size, weakest, revision, redirect, version }
}

export function feedValue(row: Omit<FeedRow, 'sequence'>): Buffer {
  writer.byte(codeOf(FEED_EVENTS, row.event))
  writer.text(row.subject)
  writer.count(row.revision)
  writer.whole(row.at)
  writer.text(row.reason)
  for (const id of row.from) writer.text(id)
  return writer.take()
}

export function feedOf(sequence: number, value: Buffer): FeedRow {
  const reader = new Reader(value)
  const event = wordOf(FEED_EVENTS, reader.byte())
  const subject = reader.text()
  const revision = reader.count()
  const at = reader.whole()
  const reason = reader.text()
  const from: string[] = []
  while (reader.left() > 0) from.push(reader.text())
  return { sequence, event, subject, revision, from, at, reason }
}

/** Numbers that stand alone: hours of a sighting, when a member was first seen. */
export function wholeValue(value: number): Buffer {
  writer.whole(value)
  return writer.take()
}

export function wholeOf(value: Buffer): number {
  return new Reader(value).whole()
}

/** What is rare and has many parts. */
export function jsonValue(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

const SITE_LISTS_MAX = 10_000
const siteLists = new Map<string, readonly string[]>()

/** Lists of sites repeat endlessly, so that each text is parsed once and its list shared. */
function sitesOf(text: string): readonly string[] {
  let sites = siteLists.get(text)
  if (sites === undefined) {
    sites = Object.freeze(JSON.parse(text) as string[])
    if (siteLists.size >= SITE_LISTS_MAX) siteLists.clear()
    siteLists.set(text, sites)
  }
  return sites
}
