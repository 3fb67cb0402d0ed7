// Counts everything a store holds, page by page beside whoever loads and commits.
// Invariant: what is counted is of the moment of the call; only the people of a crowd are looked up later.

import { dayOf } from '../../core/evidence/day-hours.ts'
import type { ProfileKind, ProfileState } from '../../core/profile/view/records.ts'
import type { Census } from '../../ports/identity-store.ts'
import { crowdsIn, smallestOf } from './crowds.ts'
import type { Database, Row } from './database.ts'
import { keyAt, KEY_BYTES, prefixOf } from './keys.ts'
import { nodesIn, profilesIn } from './neighbourhood.ts'
import { nodeOf, profileOf, wholeOf } from './rows.ts'

type Pages = AsyncIterable<readonly Row[]>
type Counts<K> = ReadonlyMap<K, number>

export async function censusOf(database: Database, crowdFrom: Counts<string>): Promise<Census> {
  const [nodes, members, profiles, sightings] = [
    database.scan(prefixOf('node')),
    database.scan(prefixOf('membersOf')),
    database.scan(prefixOf('profile')),
    database.scan(prefixOf('sighting')),
  ]
  const { types, cookies } = await countNodes(nodes)
  const people = await countPeople(database, members)
  const days = [...new Set([...cookies.keys(), ...people.keys()])].toSorted((a, b) => a - b)
  return {
    identifiers: byType(types),
    profiles: await countProfiles(profiles),
    crowded: byType(await countCrowded(database, sightings, crowdFrom)),
    days: days.map((day) => ({
      day,
      cookies: cookies.get(day) ?? 0,
      people: people.get(day) ?? 0,
    })),
  }
}

async function countNodes(
  pages: Pages,
): Promise<{ readonly types: Counts<string>; readonly cookies: Counts<number> }> {
  const types = new Map<string, number>()
  const cookies = new Map<number, number>()
  for await (const page of pages) {
    for (const [row, value] of page) {
      const { type, firstSeen } = nodeOf(keyAt(row, 1), value)
      increase(types, type)
      if (type === 'cookie') increase(cookies, dayOf(firstSeen))
    }
  }
  return { types, cookies }
}

/** Profiles by the day on which their first member was seen. */
async function countPeople(database: Database, pages: Pages): Promise<Counts<number>> {
  const people = new Map<number, number>()
  let firstSeen = new Map<string, number>()
  const count = (): void => {
    for (const { id, kind, size } of profilesIn(database, [...firstSeen.keys()]))
      if (kind !== 'shared' && size > 0) increase(people, dayOf(firstSeen.get(id) ?? 0))
  }
  for await (const page of pages) {
    let last = ''
    for (const [row, value] of page) {
      last = row.toString('utf8', 1, row.length - KEY_BYTES - 1)
      firstSeen.set(last, Math.min(firstSeen.get(last) ?? Infinity, wholeOf(value)))
    }
    // Members of the last one may follow on the next page.
    const open = firstSeen.get(last)
    firstSeen.delete(last)
    count()
    firstSeen = new Map(open === undefined ? [] : [[last, open]])
  }
  count()
  return people
}

async function countProfiles(pages: Pages): Promise<Census['profiles']> {
  const counts = new Map<string, number>()
  for await (const page of pages) {
    for (const [, value] of page) {
      const { kind, state, size } = profileOf('', value)
      if (size > 0) increase(counts, `${kind} ${state}`)
    }
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => {
      const [kind, state] = name.split(' ') as [ProfileKind, ProfileState]
      return { kind, state, count }
    })
}

/** Identifiers with a crowd on the latest day of all, by type. */
async function countCrowded(
  database: Database,
  pages: Pages,
  crowdFrom: Counts<string>,
): Promise<Counts<string>> {
  const smallest = smallestOf(crowdFrom)
  let latest = -Infinity
  let crowded = new Map<string, number>()
  for await (const { identifier, day, from } of crowdsIn(pages)) {
    if (day > latest) crowded = new Map()
    latest = Math.max(latest, day)
    if (day < latest || from.length < smallest) continue
    const [node] = nodesIn(database, [identifier])
    const cookies = nodesIn(database, from).filter(({ type }) => type === 'cookie')
    const people = new Set(cookies.map(({ anchor }) => anchor)).size
    if (node !== undefined && people >= (crowdFrom.get(node.type) ?? Infinity))
      increase(crowded, node.type)
  }
  return crowded
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function byType(counts: Counts<string>): Census['crowded'] {
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))
}
