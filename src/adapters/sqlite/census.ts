// Counts everything a store holds, in one pass over the nodes and one over the profiles.
// Invariant: the rows are counted by functions of ours, since `GROUP BY` would sort them all for each question.

import type { DatabaseSync } from 'node:sqlite'
import { dayOf } from '../../core/evidence/day-hours.ts'
import type { Census } from '../../ports/identity-store.ts'
import { codeOf, PROFILE_KINDS, PROFILE_STATES, wordOf } from '../../ports/record-codes.ts'
import { prepareQuery } from './query.ts'
import type { Tally } from './tally.ts'

/** To be called in a transaction, with what its tally says. */
export type TakeCensus = (crowdFrom: ReadonlyMap<string, number>, tally: Tally) => Census

/** What is counted while the rows go by. */
interface Counting {
  readonly types: Map<string, number>
  /** By codes. */
  readonly profiles: Map<number, Map<number, number>>
  readonly cookies: Map<number, number>
  readonly people: Map<number, number>
  /** By the number of the profile. */
  readonly firstDays: Int32Array
}

const NEVER = 0x7fffffff
const SHARED = codeOf(PROFILE_KINDS, 'shared')

export function prepareCensus(database: DatabaseSync): TakeCensus {
  let counting = nothing(0)
  database.function('count_node', { deterministic: false }, (type, firstSeen, profile) => {
    countNode(counting, String(type), dayOf(Number(firstSeen)), profile as number | null)
    return 0
  })
  database.function('count_profile', { deterministic: false }, (id, kind, state) => {
    countProfile(counting, Number(id), Number(kind), Number(state))
    return 0
  })
  const nodes = prepareQuery(
    database,
    'SELECT sum(count_node(type, first_seen, profile)) FROM node',
  )
  const profiles = prepareQuery(
    database,
    'SELECT sum(count_profile(id, kind, state)) FROM profile WHERE size > 0',
  )
  // What is seen on one day lies together, identifier by identifier. An anchor may have been erased: then each is its own.
  const crowds = prepareQuery<[type: string, people: number]>(
    database,
    `SELECT (SELECT type FROM node WHERE id = s.identifier_id), count(DISTINCT coalesce(a.id, n.id))
     FROM sighting s JOIN node n ON n.id = s.from_id LEFT JOIN node a ON a.id = n.anchor
     WHERE s.day = (SELECT max(day) FROM sighting) AND n.type = 'cookie' GROUP BY s.identifier_id`,
  )
  return (crowdFrom, tally) => {
    counting = nothing(tally.lastProfile)
    nodes.all()
    profiles.all()
    const crowded = new Map<string, number>()
    for (const [type, people] of crowds.all()) {
      if (people >= (crowdFrom.get(type) ?? Infinity)) increase(crowded, type)
    }
    const census = censusOf(counting, crowded)
    counting = nothing(0)
    return census
  }
}

function nothing(lastProfile: number): Counting {
  return {
    types: new Map(),
    profiles: new Map(),
    cookies: new Map(),
    people: new Map(),
    firstDays: new Int32Array(lastProfile + 1).fill(NEVER),
  }
}

function countNode(
  { types, cookies, firstDays }: Counting,
  type: string,
  day: number,
  profile: number | null,
): void {
  increase(types, type)
  if (type === 'cookie') increase(cookies, day)
  if (profile !== null && day < (firstDays[profile] ?? NEVER)) firstDays[profile] = day
}

function countProfile(
  { profiles, people, firstDays }: Counting,
  id: number,
  kind: number,
  state: number,
): void {
  const states = profiles.get(kind) ?? new Map<number, number>()
  profiles.set(kind, states)
  increase(states, state)
  const day = firstDays[id] ?? NEVER
  if (kind !== SHARED && day !== NEVER) increase(people, day)
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function censusOf(
  { types, profiles, cookies, people }: Counting,
  crowded: ReadonlyMap<string, number>,
): Census {
  const days = [...new Set([...cookies.keys(), ...people.keys()])]
  const ofKinds = [...profiles].flatMap(([kind, states]) =>
    [...states].map(([state, count]) => ({
      kind: wordOf(PROFILE_KINDS, kind),
      state: wordOf(PROFILE_STATES, state),
      count,
    })),
  )
  return {
    identifiers: byType(types),
    crowded: byType(crowded),
    profiles: ofKinds.toSorted((a, b) =>
      `${a.kind} ${a.state}` < `${b.kind} ${b.state}` ? -1 : 1,
    ),
    days: days
      .toSorted((a, b) => a - b)
      .map((day) => ({ day, cookies: cookies.get(day) ?? 0, people: people.get(day) ?? 0 })),
  }
}

function byType(counts: ReadonlyMap<string, number>): Census['crowded'] {
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))
}
