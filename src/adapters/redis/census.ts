// Counts everything that is stored, and finds who holds many together: a look at all of it, step by step.
// Invariant: nobody who loads or commits waits for more than one step.

import { dayOf } from '../../core/evidence/day-hours.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord, ProfileKind, ProfileState } from '../../core/profile/view/records.ts'
import type { Census, Promiscuous, PromiscuousPlace } from '../../ports/identity-store.ts'
import { ByteReader } from './bytes.ts'
import { keys } from './commit-arguments.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { CROWDS } from './query-scripts.ts'
import { readNode } from './records.ts'
import { daySteps, nodeSteps, profileSteps } from './scan.ts'

type CrowdFrom = ReadonlyMap<string, number>

export async function censusOf(link: Link, names: Names, crowdFrom: CrowdFrom): Promise<Census> {
  const crowded = await crowdedOn(link, names, await latestDay(link, names), crowdFrom)
  const types = new Map<string, number>()
  const cookies = new Map<number, number>()
  const firstSeen = new Map<string, number>()
  const seen = new Set<number>()
  for await (const nodes of nodeSteps(link, names)) {
    for (const { key, type, profile, firstSeen: at } of nodes) {
      const number = shortOf(key)
      if (seen.has(number)) continue
      seen.add(number)
      add(types, type)
      if (type === 'cookie') add(cookies, dayOf(at))
      firstSeen.set(profile, Math.min(at, firstSeen.get(profile) ?? at))
    }
  }
  const kinds = new Map<string, number>()
  const people = new Map<number, number>()
  for await (const profiles of profileSteps(link, names)) {
    for (const { id, kind, state, size } of profiles) {
      if (size === 0) continue
      add(kinds, `${kind} ${state}`)
      const at = firstSeen.get(id)
      if (kind !== 'shared' && at !== undefined) add(people, dayOf(at))
    }
  }
  return {
    identifiers: byType(types),
    profiles: [...kinds].toSorted(byName).map(([name, count]) => {
      const [kind, state] = name.split(' ') as [ProfileKind, ProfileState]
      return { kind, state, count }
    }),
    days: [...new Set([...cookies.keys(), ...people.keys()])]
      .toSorted((a, b) => a - b)
      .map((day) => ({ day, cookies: cookies.get(day) ?? 0, people: people.get(day) ?? 0 })),
    crowded: byType(crowded),
  }
}

/** 52 bits of a key: a count of millions is hardly ever wrong by one for it, and takes a tenth of the memory. */
function shortOf(key: Key): number {
  return Number.parseInt(key.slice(0, 13), 16)
}

function add<K>(counts: Map<K, number>, one: K): void {
  counts.set(one, (counts.get(one) ?? 0) + 1)
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1
}

function byType(counts: ReadonlyMap<string, number>): Census['identifiers'] {
  return [...counts].toSorted(byName).map(([type, count]) => ({ type, count }))
}

/** Identifiers asked about in one step. */
const CROWDS_A_STEP = 50
const BIAS = 2 ** 23

interface Latest {
  readonly day: number
  readonly identifiers: ReadonlySet<Key>
}

async function latestDay(link: Link, names: Names): Promise<Latest> {
  let day = -Infinity
  let identifiers = new Set<Key>()
  for await (const step of daySteps(link, names)) {
    for (const [identifier, latest] of step) {
      if (latest > day) {
        day = latest
        identifiers = new Set()
      }
      if (latest === day) identifiers.add(identifier)
    }
  }
  return { day, identifiers }
}

async function crowdedOn(
  link: Link,
  names: Names,
  { day, identifiers }: Latest,
  crowdFrom: CrowdFrom,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const part of parts([...identifiers], CROWDS_A_STEP)) {
    const found = await crowdsOf(link, names, part, day + BIAS)
    const nodes = await nodesOf(link, names, part)
    for (const [i, node] of nodes.entries()) {
      const least = crowdFrom.get(node?.type ?? '') ?? Infinity
      if (node !== null && (found[i]?.most ?? 0) >= least) add(counts, node.type)
    }
  }
  return counts
}

interface Crowd {
  readonly most: number
  readonly around: number
}

async function crowdsOf(
  link: Link,
  names: Names,
  identifiers: readonly Key[],
  day: number,
): Promise<readonly Crowd[]> {
  const given = [keys(identifiers), String(day)]
  const found = (await link.run(CROWDS, names.keys, given)) as readonly number[]
  return identifiers.map((_, i) => ({ most: found[2 * i] ?? 0, around: found[2 * i + 1] ?? 0 }))
}

/** Null where there is none. */
export async function nodesOf(
  link: Link,
  names: Names,
  wanted: readonly Key[],
): Promise<readonly (NodeRecord | null)[]> {
  if (wanted.length === 0) return []
  const fields = wanted.map((key) => Buffer.from(key, 'hex'))
  const found = await link.ask('HMGET', names.key('node'), ...fields)
  return (found as readonly (Buffer | null)[]).map((bytes, i) =>
    bytes === null ? null : readNode(new ByteReader(bytes), wanted[i] ?? ''),
  )
}

function* parts<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size)
}

export async function promiscuousIn(
  link: Link,
  names: Names,
  crowdFrom: CrowdFrom,
  after: PromiscuousPlace | null,
  limit: number,
): Promise<readonly Promiscuous[]> {
  const shared = new Set<string>()
  for await (const profiles of profileSteps(link, names)) {
    for (const { id, kind } of profiles) if (kind === 'shared') shared.add(id)
  }
  const found = new Map<Key, Promiscuous>()
  for await (const nodes of nodeSteps(link, names)) {
    const isHeld = ({ quarantined, profile }: NodeRecord): boolean =>
      quarantined || shared.has(profile)
    const some = nodes.filter((node) => isHeld(node) || crowdFrom.has(node.type))
    for (const part of parts(some, CROWDS_A_STEP)) {
      const asked = part.map(({ key }) => key)
      const crowds = await crowdsOf(link, names, asked, -1)
      for (const [i, node] of part.entries()) {
        const { most, around } = crowds[i] ?? { most: 0, around: 0 }
        if (!isHeld(node) && most < (crowdFrom.get(node.type) ?? Infinity)) continue
        const one = { node, promiscuity: most, around }
        if (after === null || byCrowd(after, placeOf(one)) < 0) found.set(node.key, one)
      }
    }
  }
  return [...found.values()].toSorted((x, y) => byCrowd(placeOf(x), placeOf(y))).slice(0, limit)
}

function placeOf({ node, promiscuity }: Promiscuous): PromiscuousPlace {
  return { promiscuity, key: node.key }
}

function byCrowd(x: PromiscuousPlace, y: PromiscuousPlace): number {
  return y.promiscuity - x.promiscuity || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)
}
