// A story of facts and decrees in a graph of its own, and what a graph holds, to compare.
import { digest, ids as smallIds } from '../worlds/small-world.ts'
import type { Told } from '../worlds/decrees.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { Ids } from '../../src/core/profile/decision.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { EventLog, StoredRecord } from '../../src/ports/event-log.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'

/** The facts first, then what was decreed, by one resolver that nobody disturbs. */
export async function nothingBut(
  store: IdentityStore,
  policy: Policy,
  story: readonly Told[],
  ids: Ids = smallIds,
): Promise<void> {
  const facts = story.flatMap((one) => one.facts)
  const messages = facts.map((fact, i): StoredRecord => ({
    kind: 'message',
    fact,
    extractionVersion: 1,
    raw: '{}',
    position: i + 1,
  }))
  const decrees = story.flatMap(({ decree }, i) =>
    decree === null
      ? []
      : [{ kind: 'decision' as const, id: `d${i}`, at: 0, author: 'steward', decision: decree }],
  )
  const records: StoredRecord[] = [
    ...messages,
    ...decrees.map((record, i) => ({ ...record, position: messages.length + 1 + i })),
  ]
  const log: EventLog = {
    append: () => Promise.reject(new Error('only read')),
    read: (from, limit) => Promise.resolve(records.slice(from - 1, from - 1 + limit)),
    messagesOf: () => Promise.resolve([]),
    end: () => records.length,
    close: () => Promise.resolve(),
  }
  const resolver = new SoleResolver({ log, store, policy, ids })
  await resolver.catchUp()
  await resolver.flush()
}

/** Who is together, what is known of each, and how often each edge was made. */
export async function tallyOf(store: IdentityStore): Promise<unknown> {
  const nodes = await store.scanNodes('', 100_000)
  const limits = { componentNodesMax: 1e6, componentEdgesMax: 1e6, sightingsPerDayMax: 1e6 }
  const { edges } = await store.load(
    { nodes: nodes.map(({ key }) => key), crowds: [], profiles: [] },
    limits,
  )
  const groups = new Map<string, string[]>()
  for (const { profile, type, value } of nodes)
    if (profile !== '') groups.set(profile, [...(groups.get(profile) ?? []), `${type}:${value}`])
  for (const [id, members] of groups) {
    const size = (await store.profile(id))?.profile.size
    if (size !== members.length) throw new Error(`${id} says ${size} and holds ${members.length}`)
  }
  return {
    groups: [...groups.values()].map((one) => one.toSorted().join(' ')).toSorted(),
    nodes: nodes.map(
      ({ key, firstSeen, lastSeen, receivedAt, sites, anchor, quarantined, clues }) => [
        key,
        firstSeen,
        lastSeen,
        receivedAt,
        sites,
        anchor,
        quarantined,
        digest(clues.join()),
      ],
    ),
    edges: edges
      .map(({ from, to, kind, firstSeen, lastSeen, count, sites, firstEvent, lastEvent, days }) =>
        [
          from,
          to,
          kind,
          firstSeen,
          lastSeen,
          count,
          sites.join(),
          firstEvent,
          lastEvent,
          JSON.stringify([...days].toSorted(([a], [b]) => a - b)),
        ].join(' '),
      )
      .toSorted(),
    questions: (await store.questions(null, 10_000))
      .map(({ id, guard }) => `${id} ${guard}`)
      .toSorted(),
    verdicts: (await store.verdicts(null, 10_000)).map(({ id }) => id).toSorted(),
  }
}
