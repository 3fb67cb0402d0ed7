// Cases of the identity store: who was seen with an identifier on which day.

import type { CrowdRequest, IdentityStore } from '../identity-store.ts'
import type { Sighting } from '../../core/profile/view/records.ts'
import { expectEqual } from './case.ts'
import { DAY } from './identity-store.samples.ts'
import { committed, type IdentityStoreCase, LIMITS, withStore } from './identity-store.subject.ts'

async function crowds(
  store: IdentityStore,
  requests: readonly CrowdRequest[],
  sightingsPerDayMax = 100,
): Promise<readonly Sighting[]> {
  const request = { nodes: [], crowds: requests, profiles: [] }
  return (await store.load(request, { ...LIMITS, sightingsPerDayMax })).sightings
}

export const crowdCases: readonly IdentityStoreCase[] = [
  {
    name: 'a crowd comes by day and key, with what the nodes of the other ends say',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people, witnesses, sighting }) => {
        const cookies = ['cookie:1', 'cookie:2', 'cookie:3']
        await committed(store, ...cookies.map((name) => people(name)), people('email:a'))
        await committed(store, witnesses('ip:1', 'ip:2'), {
          nodes: [node('cookie:2', { version: 1, anchor: key('email:a') })],
          sightings: [
            sighting('ip:1', 'cookie:3', DAY - 1),
            sighting('ip:1', 'cookie:2', DAY - 1, 0xffffff),
            ...cookies.map((cookie) => sighting('ip:1', cookie, DAY, 0b101)),
            sighting('ip:1', 'cookie:1', DAY + 1),
            sighting('ip:2', 'cookie:1'),
            sighting('email:a', 'cookie:1', DAY),
            sighting('email:a', 'email:a', DAY),
          ],
        })
        const identifier = key('ip:1')
        const found = await crowds(store, [{ identifier, fromDay: DAY - 1, toDay: DAY }])
        const seen = (name: string, day: number, hours: number): Sighting => {
          const anchor = key(name === 'cookie:2' ? 'email:a' : name)
          return { identifier, day, from: key(name), hours, anchor, fromType: 'cookie' }
        }
        const inOrder = (names: readonly string[]): readonly string[] =>
          names.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
        const expected = [
          ...inOrder(['cookie:2', 'cookie:3']).map((name) =>
            seen(name, DAY - 1, name === 'cookie:2' ? 0xffffff : 1),
          ),
          ...inOrder(cookies).map((name) => seen(name, DAY, 0b101)),
        ]
        expectEqual(found, expected, 'two days')
        const none = { identifier, fromDay: DAY + 2, toDay: DAY + 400 }
        const unknown = { identifier: key('ip:unknown'), fromDay: 0, toDay: DAY }
        expectEqual(await crowds(store, [none, unknown]), [], 'nobody')
        const email = await crowds(store, [
          { identifier: key('email:a'), fromDay: -5, toDay: DAY * 2 },
        ])
        expectEqual(email.map((s) => s.fromType).toSorted(), ['cookie', 'email'], 'of an e-mail')
      }),
  },
  {
    name: 'of an overfull day come the first by key and one too many',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, sighting }) => {
        const cookies = Array.from({ length: 30 }, (_, i) => `cookie:${i}`)
        await committed(store, witnesses('ip:1'), ...cookies.map((name) => people(name)))
        await committed(store, {
          sightings: [
            ...cookies.map((name) => sighting('ip:1', name)),
            ...cookies.slice(0, 7).map((name) => sighting('ip:1', name, DAY + 1)),
          ],
        })
        const asked = [{ identifier: key('ip:1'), fromDay: DAY, toDay: DAY + 1 }]
        const found = await crowds(store, asked, 7)
        const onFirst = found.filter((s) => s.day === DAY).map((s) => s.from)
        expectEqual(onFirst, cookies.map(key).toSorted().slice(0, 8), 'the overfull day')
        expectEqual(found.length, 8 + 7, 'the full day')
      }),
  },
  {
    name: 'a sighting is replaced, not added to',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, sighting }) => {
        await committed(store, witnesses('ip:1'), people('cookie:1'))
        await committed(store, { sightings: [sighting('ip:1', 'cookie:1', DAY, 0b110)] })
        await committed(store, { sightings: [sighting('ip:1', 'cookie:1', DAY, 0b011)] })
        const found = await crowds(store, [{ identifier: key('ip:1'), fromDay: DAY, toDay: DAY }])
        expectEqual(
          found.map((s) => s.hours),
          [0b011],
          'the hours',
        )
      }),
  },
]
