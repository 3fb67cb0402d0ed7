// Nodes, edges and profiles as the bytes that are kept; the scripts read the beginnings of these.
// Invariant: what is packed unpacks to an equal record.

import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type {
  DayHours,
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
} from '../../core/profile/view/records.ts'
import {
  codeOf,
  edgeKindCode,
  edgeKindOf,
  PROFILE_KINDS,
  PROFILE_STATES,
  wordOf,
} from '../../ports/record-codes.ts'
import { type ByteReader, type ByteWriter, profileField, profileOfField } from './bytes.ts'

const MEMBER = 1
const OTHER_COMPONENT = 2
const OTHER_ANCHOR = 4
const QUARANTINED = 1
/** Sites were added by a script, at the end. */
const SITES_UNSORTED = 2

/** With the version that is stored. The layout stands in lists-script.ts. */
export function writeNode(bytes: ByteWriter, node: NodeRecord, version: number): void {
  bytes.u32(version)
  bytes.whole(node.firstSeen)
  bytes.whole(node.lastSeen)
  bytes.whole(node.receivedAt)
  bytes.u8(node.quarantined ? QUARANTINED : 0)
  const place = bytes.open(2)
  const { key, component, anchor } = node
  const isLabelled = component !== '' && component !== key
  bytes.u8(
    (component === '' ? 0 : MEMBER) +
      (isLabelled ? OTHER_COMPONENT : 0) +
      (anchor === key ? 0 : OTHER_ANCHOR),
  )
  if (isLabelled) bytes.key(component)
  if (anchor !== key) bytes.key(anchor)
  const type = bytes.open(1)
  bytes.utf8(node.type)
  bytes.close(type, 1)
  writeShort(bytes, node.profile === '' ? NOTHING : profileField(node.profile))
  bytes.close(place, 2)
  writeSites(bytes, node.sites)
  bytes.text(node.namespace)
  bytes.text(node.value)
  bytes.count(node.clues.length)
  for (const clue of node.clues) bytes.u32(clue)
}

const NOTHING = Buffer.alloc(0)

function writeShort(bytes: ByteWriter, text: Buffer): void {
  bytes.u8(text.length)
  bytes.raw(text)
}

export function readNode(bytes: ByteReader, key: Key): NodeRecord {
  const version = bytes.u32()
  const [firstSeen, lastSeen, receivedAt] = [bytes.whole(), bytes.whole(), bytes.whole()]
  const flags = bytes.u8()
  const place = readPlace(bytes, key)
  const sites = readSites(bytes)
  const [namespace, value] = [bytes.text(), bytes.text()]
  return {
    key,
    type: place.type,
    namespace,
    value,
    firstSeen,
    lastSeen,
    receivedAt,
    sites: (flags & SITES_UNSORTED) === 0 ? sites : sites.toSorted(),
    profile: place.profile,
    component: place.component,
    anchor: place.anchor,
    quarantined: (flags & QUARANTINED) !== 0,
    clues: readClues(bytes),
    version,
  }
}

export type Seen = Pick<NodeRecord, 'type' | 'profile' | 'firstSeen'>

/** The beginning of a node. */
export function readSeen(bytes: ByteReader, key: Key): Seen {
  bytes.at += 4
  const firstSeen = bytes.whole()
  bytes.at += 13
  const { type, profile } = readPlace(bytes, key)
  return { type, profile, firstSeen }
}

type Place = Pick<NodeRecord, 'component' | 'anchor' | 'type' | 'profile'>

/** With the length before it. */
export function readPlace(bytes: ByteReader, key: Key): Place {
  const end = bytes.u16() + bytes.at
  const flags = bytes.u8()
  const isLabelled = (flags & OTHER_COMPONENT) !== 0
  const component = isLabelled ? bytes.key() : (flags & MEMBER) === 0 ? '' : key
  const anchor = (flags & OTHER_ANCHOR) === 0 ? key : bytes.key()
  const type = wordIn(bytes)
  const length = bytes.u8()
  const profile = length === 0 ? '' : profileOfField(bytes.raw(length))
  bytes.at = end
  return { component, anchor, type, profile }
}

function wordIn(bytes: ByteReader): string {
  return bytes.utf8(bytes.u8())
}

function readClues(bytes: ByteReader): Clues {
  const length = bytes.count()
  if (length === 0) return NO_CLUES
  const clues = new Uint32Array(length)
  for (let at = 0; at < length; at++) clues[at] = bytes.u32()
  return clues
}

function writeSites(bytes: ByteWriter, sites: readonly string[]): void {
  const start = bytes.open(2)
  for (const site of sites) {
    const one = bytes.open(2)
    bytes.utf8(site)
    bytes.close(one, 2)
  }
  bytes.close(start, 2)
}

const SITE_LISTS_MAX = 10_000
const siteLists = new Map<string, readonly string[]>()

/** Lists of sites repeat endlessly, so that each is read once and shared. */
function readSites(bytes: ByteReader): readonly string[] {
  const length = bytes.u16()
  const start = bytes.at
  const packed = bytes.latin(length)
  let sites = siteLists.get(packed)
  if (sites === undefined) {
    const list: string[] = []
    for (bytes.at = start; bytes.at < start + length;) list.push(bytes.utf8(bytes.u16()))
    sites = Object.freeze(list)
    if (siteLists.size >= SITE_LISTS_MAX) siteLists.clear()
    siteLists.set(packed, sites)
  }
  return sites
}

/** What stands of an edge beside its ends and kind. */
function writeEdge(bytes: ByteWriter, edge: EdgeRecord): void {
  bytes.whole(edge.firstSeen)
  bytes.whole(edge.lastSeen)
  bytes.count(edge.count)
  writeSites(bytes, edge.sites)
  bytes.text(edge.firstEvent)
  const isSame = edge.lastEvent === edge.firstEvent
  bytes.u8(isSame ? 1 : 0)
  if (!isSame) bytes.text(edge.lastEvent)
  writeDays(bytes, edge.days)
}

function writeDays(bytes: ByteWriter, days: DayHours): void {
  bytes.count(days.size)
  for (const [day, hours] of days) {
    bytes.day(day)
    bytes.u24(hours)
  }
}

function readEdge(bytes: ByteReader, ends: Pick<EdgeRecord, 'from' | 'to' | 'kind'>): EdgeRecord {
  const [firstSeen, lastSeen, count] = [bytes.whole(), bytes.whole(), bytes.count()]
  const sites = readSites(bytes)
  const firstEvent = bytes.text()
  const lastEvent = bytes.u8() === 1 ? firstEvent : bytes.text()
  const days = new Map<number, number>()
  for (let left = bytes.count(); left > 0; left--) days.set(bytes.day(), bytes.u24())
  const { from, to, kind } = ends
  return { from, to, kind, firstSeen, lastSeen, count, sites, firstEvent, lastEvent, days }
}

const ENTRY_BYTES = 36
const LENGTH_AT = 33

/** Edges of one node: how many, their ends and kinds, then what stands of each. */
export function writeEdges(bytes: ByteWriter, edges: readonly EdgeRecord[]): void {
  bytes.u8(0)
  bytes.u16(edges.length)
  const first = bytes.length
  for (const { to, kind } of edges) {
    bytes.key(to)
    bytes.u8(edgeKindCode(kind))
    bytes.u24(0)
  }
  for (const [at, edge] of edges.entries()) {
    const start = bytes.length
    writeEdge(bytes, edge)
    bytes.patch24(first + at * ENTRY_BYTES + LENGTH_AT, bytes.length - start)
  }
}

/** @param bytes at the beginning of such edges */
export function readEdges(bytes: ByteReader, from: Key, into: EdgeRecord[]): void {
  bytes.u8()
  const count = bytes.u16()
  const start = bytes.at
  let at = start + count * ENTRY_BYTES
  for (let i = 0; i < count; i++) {
    bytes.at = start + i * ENTRY_BYTES
    const ends = { from, to: bytes.key(), kind: edgeKindOf(bytes.u8()) }
    const length = bytes.u24()
    bytes.at = at
    into.push(readEdge(bytes, ends))
    at += length
  }
  bytes.at = at
}

/** With the version that is stored. The scripts know it up to its redirect. */
export function writeProfile(bytes: ByteWriter, profile: ProfileRecord): void {
  bytes.u32(profile.version + 1)
  bytes.key(profile.founder)
  bytes.u32(profile.size)
  writeShort(bytes, profile.redirect === null ? NOTHING : profileField(profile.redirect))
  bytes.whole(profile.foundedAt)
  bytes.u8(codeOf(PROFILE_KINDS, profile.kind))
  bytes.u8(codeOf(PROFILE_STATES, profile.state))
  bytes.whole(profile.weakest)
  bytes.count(profile.revision)
}

export function readProfile(bytes: ByteReader, id: string): ProfileRecord {
  const [version, founder, size, redirect] = [bytes.u32(), bytes.key(), bytes.u32(), bytes.u8()]
  return {
    id,
    founder,
    redirect: redirect === 0 ? null : profileOfField(bytes.raw(redirect)),
    foundedAt: bytes.whole(),
    kind: wordOf(PROFILE_KINDS, bytes.u8()),
    state: wordOf(PROFILE_STATES, bytes.u8()),
    weakest: bytes.whole(),
    revision: bytes.count(),
    size,
    version,
  }
}
