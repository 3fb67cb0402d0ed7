// Cases of the identity store: a census, whose numbers are those of what is stored, day by day of event time.

import { expectEqual } from './case.ts'
import { DAY, profileId } from './identity-store.samples.ts'
import { committed, type IdentityStoreCase, withStore } from './identity-store.subject.ts'

const DAY_MS = 86_400_000

const CROWDS = new Map([
  ['ip', 2],
  ['email', 3],
])

export const censusCases: readonly IdentityStoreCase[] = [
  {
    name: 'a census of nothing is empty',
    run: (subject) =>
      withStore(subject, async (store) => {
        const none = { identifiers: [], profiles: [], days: [], crowded: [] }
        expectEqual(await store.census(CROWDS), none, 'the census')
      }),
  },
  {
    name: 'a census counts identifiers by type, and profiles that have members by kind and state',
    run: (subject) =>
      withStore(subject, async (store, { people, witnesses, profile }) => {
        await committed(
          store,
          people('email:a', 'cookie:1', 'cookie:2'),
          people('cookie:3'),
          people('phone:4'),
          people('cookie:5'),
          witnesses('ip:1', 'ip:2', 'device_signature:1'),
        )
        await committed(store, {
          profiles: [
            profile('email:a', { version: 1, size: 3, kind: 'person', state: 'confirmed' }),
            profile('cookie:3', { version: 1, kind: 'shared' }),
            profile('phone:4', { version: 1, kind: 'person' }),
            profile('gone', { size: 0, redirect: profileId('email:a') }),
          ],
        })
        const { identifiers, profiles } = await store.census(CROWDS)
        expectEqual(
          identifiers,
          [
            { type: 'cookie', count: 4 },
            { type: 'device_signature', count: 1 },
            { type: 'email', count: 1 },
            { type: 'ip', count: 2 },
            { type: 'phone', count: 1 },
          ],
          'the identifiers',
        )
        expectEqual(
          profiles,
          [
            { kind: 'anonymous', state: 'provisional', count: 1 },
            { kind: 'person', state: 'confirmed', count: 1 },
            { kind: 'person', state: 'provisional', count: 1 },
            { kind: 'shared', state: 'provisional', count: 1 },
          ],
          'the profiles',
        )
      }),
  },
  {
    name: 'cookies count on the day they were first seen on, people on that of their earliest member',
    run: (subject) =>
      withStore(subject, async (store, { node, profile, key }) => {
        const on = (day: number, name: string, of = name) =>
          node(name, {
            firstSeen: (DAY + day) * DAY_MS + 1,
            lastSeen: (DAY + 9) * DAY_MS,
            receivedAt: (DAY + 9) * DAY_MS,
            profile: profileId(of),
            component: key(of),
          })
        await committed(store, {
          nodes: [
            on(2, 'cookie:1'),
            on(0, 'email:a', 'cookie:1'),
            on(4, 'cookie:2', 'cookie:1'),
            on(2, 'cookie:3'),
            on(2, 'cookie:shared'),
            on(5, 'email:b'),
            node('ip:1', { firstSeen: (DAY + 7) * DAY_MS }),
          ],
          profiles: [
            profile('cookie:1', { size: 3, kind: 'person' }),
            profile('cookie:3'),
            profile('cookie:shared', { kind: 'shared' }),
            profile('email:b', { kind: 'person' }),
          ],
        })
        const all = [
          { day: DAY, cookies: 0, people: 1 },
          { day: DAY + 2, cookies: 3, people: 1 },
          { day: DAY + 4, cookies: 1, people: 0 },
          { day: DAY + 5, cookies: 0, people: 1 },
        ]
        expectEqual((await store.census(CROWDS)).days, all, 'all days')
        await committed(store, { nodesRemoved: [key('email:a')] })
        const later = [
          { day: DAY + 2, cookies: 3, people: 2 },
          { day: DAY + 4, cookies: 1, people: 0 },
          { day: DAY + 5, cookies: 0, people: 1 },
        ]
        expectEqual((await store.census(CROWDS)).days, later, 'once the earliest member is erased')
      }),
  },
  {
    name: 'a crowd is of people, not of cookies, on the latest day, and as large as its type says',
    run: (subject) =>
      withStore(subject, async (store, { node, people, witnesses, sighting, key }) => {
        const one = key('cookie:1')
        const same = { anchor: one, component: one, profile: profileId('cookie:1') }
        await committed(
          store,
          people('cookie:1'),
          people('cookie:2'),
          people('email:a'),
          witnesses('ip:crowd', 'ip:one', 'ip:past', 'device_signature:1'),
          {
            nodes: [node('cookie:3', same)],
            sightings: [
              sighting('ip:crowd', 'cookie:1', DAY),
              sighting('ip:crowd', 'cookie:2', DAY),
              sighting('ip:one', 'cookie:1', DAY),
              sighting('ip:one', 'cookie:3', DAY),
              sighting('ip:past', 'cookie:1', DAY - 1),
              sighting('ip:past', 'cookie:2', DAY - 1),
              sighting('email:a', 'cookie:1', DAY),
              sighting('email:a', 'cookie:2', DAY),
              sighting('device_signature:1', 'cookie:1', DAY),
              sighting('device_signature:1', 'cookie:2', DAY),
            ],
          },
        )
        expectEqual((await store.census(CROWDS)).crowded, [{ type: 'ip', count: 1 }], 'crowds')
        const fewer = new Map([['email', 2]])
        const both = [{ type: 'email', count: 1 }]
        expectEqual((await store.census(fewer)).crowded, both, 'with smaller ones')
      }),
  },
  {
    name: 'of an anchor that was erased each cookie is one person of a crowd again',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people, witnesses, sighting }) => {
        const records = people('email:a', 'cookie:1', 'cookie:2')
        const anchored = ['cookie:1', 'cookie:2'].map((name) =>
          node(name, {
            component: key('email:a'),
            profile: profileId('email:a'),
            anchor: key('email:a'),
          }),
        )
        const [email] = records.nodes ?? []
        if (email === undefined) throw new Error('nobody')
        await committed(store, witnesses('ip:1'), {
          ...records,
          nodes: [email, ...anchored],
          sightings: [sighting('ip:1', 'cookie:1', DAY), sighting('ip:1', 'cookie:2', DAY)],
        })
        expectEqual((await store.census(CROWDS)).crowded, [], 'one person')
        await committed(store, { nodesRemoved: [key('email:a')] })
        expectEqual((await store.census(CROWDS)).crowded, [{ type: 'ip', count: 1 }], 'two')
      }),
  },
  {
    name: 'censuses asked for at the same time, and while a commit is written, are whole',
    run: (subject) =>
      withStore(subject, async (store, { people }) => {
        const commits = Array.from({ length: 5 }, (_, n) => people(`cookie:${n}`, `email:${n}`))
        const sizes = new Set<number>()
        const take = async (): Promise<void> => {
          const { identifiers, profiles } = await store.census(CROWDS)
          const counts = identifiers.map(({ count }) => count)
          expectEqual(counts, counts.length === 0 ? [] : [counts[0], counts[0]], 'both types')
          expectEqual(profiles[0]?.count, counts[0], 'their profiles')
          sizes.add(counts[0] ?? 0)
        }
        for (const records of commits) {
          const taken = [take(), take()]
          await committed(store, records)
          await Promise.all(taken)
        }
        await take()
        expectEqual(sizes.has(5), true, 'the last one has everything')
      }),
  },
]
