// Counts everything that is stored at one moment, step by step.
// Invariant: nobody who loads or commits waits for more than one step.

import { dayOf } from '../../core/evidence/day-hours.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { ProfileKind, ProfileRecord, ProfileState } from '../../core/profile/view/records.ts'
import type { Census } from '../../ports/identity-store.ts'
import { ByteReader, profileOfField } from './bytes.ts'
import { crowdsOf, nodesOf, parts } from './crowds.ts'
import type { Link } from './link.ts'
import { atOneMoment } from './moment.ts'
import type { Names } from './namespaces.ts'
import { readProfile, readSeen, type Seen } from './records.ts'
import { daySteps } from './scan.ts'

type CrowdFrom = ReadonlyMap<string, number>

/** All nodes and profiles that count: some 200 bytes each. */
interface Found {
  readonly nodes: Map<number, Seen>
  readonly profiles: Map<string, Pick<ProfileRecord, 'kind' | 'state'>>
}

export async function censusOf(link: Link, names: Names, crowdFrom: CrowdFrom): Promise<Census> {
  const crowded = await crowdedOn(link, names, await latestDay(link, names), crowdFrom)
  const { nodes, profiles } = await everything(link, names)
  const types = new Map<string, number>()
  const cookies = new Map<number, number>()
  const firstSeen = new Map<string, number>()
  for (const { type, profile, firstSeen: at } of nodes.values()) {
    add(types, type)
    if (type === 'cookie') add(cookies, dayOf(at))
    firstSeen.set(profile, Math.min(at, firstSeen.get(profile) ?? at))
  }
  const kinds = new Map<string, number>()
  const people = new Map<number, number>()
  for (const [id, { kind, state }] of profiles) {
    add(kinds, `${kind} ${state}`)
    const at = firstSeen.get(id)
    if (kind !== 'shared' && at !== undefined) add(people, dayOf(at))
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
const KEY_BITS = 12

async function everything(link: Link, names: Names): Promise<Found> {
  const found: Found = { nodes: new Map(), profiles: new Map() }
  const words = new Map<string, string>()
  await atOneMoment(link, names, {
    node: (key, record) => {
      const number = Number(key.readBigUInt64BE() >> BigInt(KEY_BITS))
      if (record === null) {
        found.nodes.delete(number)
        return
      }
      const { type, profile, firstSeen } = readSeen(new ByteReader(record), '')
      // Types are few: one text for all.
      if (!words.has(type)) words.set(type, type)
      found.nodes.set(number, { type: words.get(type) ?? type, profile, firstSeen })
    },
    profile: (field, record) => {
      const id = profileOfField(field)
      const { kind, state, size } = readProfile(new ByteReader(record), id)
      if (size === 0) found.profiles.delete(id)
      else found.profiles.set(id, { kind, state })
    },
  })
  return found
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
  for (const part of parts([...identifiers])) {
    const found = await crowdsOf(link, names, part, day)
    const nodes = await nodesOf(link, names, part)
    for (const [i, node] of nodes.entries()) {
      const least = crowdFrom.get(node?.type ?? '') ?? Infinity
      if (node !== null && (found[i]?.most ?? 0) >= least) add(counts, node.type)
    }
  }
  return counts
}
