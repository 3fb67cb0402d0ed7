// A commit as the arguments of its script: one of bytes for each kind of record, so that there are few.
// Invariant: the order of arguments is that of the script.

import type { Key } from '../../core/identifier/identifier.ts'
import type { EdgeRecord, NodeRecord } from '../../core/profile/view/records.ts'
import type { Commit } from '../../ports/identity-store.ts'
import { ByteWriter, profileField } from './bytes.ts'
import { writeEdges, writeNode, writeProfile } from './records.ts'
import { packQuestion, packVerdict, rowOfChange, writeRow } from './reviews.ts'

/** @param now ms  @param channel of the news that the feed went on */
export function commitArguments(
  commit: Commit,
  now: number,
  channel: string,
): readonly (string | Buffer)[] {
  const applied = commit.applied.map(({ source, from, to }) => [source, String(from), String(to)])
  const from = grouped(commit.edges, (one) => one.from)
  const cells = sightings(commit, from)
  return [
    JSON.stringify(applied),
    time(now),
    channel,
    keys(commit.nodesRemoved),
    nodes(commit, commit.nodes, false),
    nodes(commit, commit.widened ?? [], true),
    read(commit),
    profiles(commit),
    edges(from),
    cells.seen,
    cells.loose,
    changes(commit),
    announced(commit),
    keys(commit.waitingRemoved),
    keys(commit.waiting),
    frames(commit.questionsRemoved),
    frames(commit.questions.flatMap((one) => [one.id, packQuestion(one)])),
    frames(commit.verdictsRemoved),
    frames(commit.verdicts.flatMap((one) => [one.id, packVerdict(one)])),
    commit.epoch ?? '',
  ]
}

function time(now: number): Buffer {
  const bytes = new ByteWriter(6)
  bytes.whole(now)
  return bytes.done()
}

export function keys(list: readonly Key[]): Buffer {
  const bytes = new ByteWriter(list.length * 32)
  for (const key of list) bytes.key(key)
  return bytes.done()
}

/** Each with its length before it. */
export function frames(list: readonly (string | Buffer)[]): Buffer {
  const bytes = new ByteWriter(list.length * 64)
  for (const one of list) {
    const start = bytes.open(4)
    bytes.raw(typeof one === 'string' ? Buffer.from(one) : one)
    bytes.close(start, 4)
  }
  return bytes.done()
}

const AT_HOME = 0
const ELSEWHERE = 1

/** Marked where the founder of the profile does not tell in which component the node is to be found. */
function nodes(commit: Commit, list: readonly NodeRecord[], widened: boolean): Buffer {
  const founders = new Map(commit.profiles.map(({ id, founder }) => [id, founder]))
  const bytes = new ByteWriter(list.length * 256)
  for (const node of list) {
    const { key, profile, component, version } = node
    bytes.key(key)
    const isFound = profile === '' || component === '' || founders.get(profile) === component
    bytes.u8(isFound ? AT_HOME : ELSEWHERE)
    const start = bytes.open(3)
    writeNode(bytes, node, widened ? 1 : version + 1)
    bytes.close(start, 3)
  }
  return bytes.done()
}

function read({ read: versions = [] }: Commit): Buffer {
  const bytes = new ByteWriter(versions.length * 36)
  for (const { key, version } of versions) {
    bytes.key(key)
    bytes.u32(version)
  }
  return bytes.done()
}

function profiles(commit: Commit): Buffer {
  const bytes = new ByteWriter(commit.profiles.length * 128)
  for (const profile of commit.profiles) {
    const id = profileField(profile.id)
    bytes.u16(id.length)
    bytes.raw(id)
    const start = bytes.open(3)
    writeProfile(bytes, profile)
    bytes.close(start, 3)
  }
  return bytes.done()
}

type ByStart = ReadonlyMap<Key, readonly EdgeRecord[]>

function edges(list: ByStart): Buffer {
  const bytes = new ByteWriter(list.size * 384)
  for (const [from, own] of list) {
    bytes.key(from)
    const start = bytes.open(4)
    writeEdges(bytes, own)
    bytes.close(start, 4)
  }
  return bytes.done()
}

/** Cells by identifier and day; and pairs that no edge of the commit tells, so that an erasure would not find them. */
function sightings(
  commit: Commit,
  edgesFrom: ByStart,
): { readonly seen: Buffer; readonly loose: Buffer } {
  const loose = new ByteWriter()
  const seen = new ByteWriter(commit.sightings.length * 72)
  for (const [identifier, all] of grouped(commit.sightings, (one) => one.identifier)) {
    for (const [day, own] of grouped(all, (one) => one.day)) {
      seen.key(identifier)
      seen.day(day)
      seen.u24(own.length)
      for (const { from, hours } of own) {
        seen.key(from)
        seen.u24(hours)
        if (edgesFrom.get(from)?.some(({ to }) => to === identifier) === true) continue
        loose.key(from)
        loose.key(identifier)
      }
    }
  }
  return { seen: seen.done(), loose: loose.done() }
}

function changes(commit: Commit): Buffer {
  const bytes = new ByteWriter(commit.changes.length * 128)
  for (const change of commit.changes) {
    const id = profileField(change.profile)
    bytes.u16(id.length)
    bytes.raw(id)
    const start = bytes.open(3)
    writeRow(bytes, rowOfChange(change))
    bytes.close(start, 3)
  }
  return bytes.done()
}

function announced(commit: Commit): Buffer {
  return frames(
    (commit.announced ?? []).map((one) => {
      const bytes = new ByteWriter()
      writeRow(bytes, { ...one, revision: 0, from: [] })
      return bytes.done()
    }),
  )
}

function grouped<T, K>(list: readonly T[], by: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of list) {
    const name = by(one)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [one])
    else group.push(one)
  }
  return groups
}
