// Cases of the identity store: what a commit holds is stored, each record in the place of what was there.

import type { EdgeRecord } from '../../core/profile/view/records.ts'
import { expectEqual } from './case.ts'
import { conflicts } from './identity-store-conflict.cases.ts'
import { DAY, profileId } from './identity-store.samples.ts'
import {
  committed,
  type IdentityStoreCase,
  loaded,
  plainEdges,
  stored,
  withStore,
} from './identity-store.subject.ts'

export const commitCases: readonly IdentityStoreCase[] = [
  {
    name: 'a node and a profile are replaced and counted up',
    run: (subject) =>
      withStore(subject, async (store, { key, node, profile, people }) => {
        await committed(store, people('cookie:1', 'email:a'), people('cookie:2'))
        const moved = node('cookie:1', {
          version: 1,
          firstSeen: 5,
          lastSeen: 1_800_000_000_000,
          receivedAt: 3,
          sites: ['b', 'shop'],
          profile: profileId('cookie:2'),
          component: key('cookie:2'),
          anchor: key('email:a'),
          quarantined: true,
        })
        const left = profile('cookie:1', { version: 1, size: 0, redirect: profileId('cookie:2') })
        const grown = profile('cookie:2', { version: 1, size: 2, kind: 'person', weakest: 17 })
        await committed(store, { nodes: [moved], profiles: [left, grown] })
        const found = await loaded(store, [key('cookie:2')])
        expectEqual(
          found.nodes.find((n) => n.key === moved.key),
          stored(moved),
          'the node',
        )
        expectEqual(found.profiles, [stored(grown)], 'the profile')
        const back = node('cookie:1', { version: 2 })
        const alone = profile('cookie:1', { version: 2, revision: 3 })
        await committed(store, { nodes: [back], profiles: [alone] })
        const again = await loaded(store, [key('cookie:1')])
        expectEqual(
          again.nodes.find((n) => n.key === back.key),
          stored(back),
          'the node again',
        )
        expectEqual(again.profiles, [stored(alone)], 'the profile again')
      }),
  },
  {
    name: 'a node that is widened keeps what it is and covers both spans, whatever its version',
    run: (subject) =>
      withStore(subject, async (store, { key, node, witnesses }) => {
        const seen = (first: number, last: number, site: string) =>
          node('ip:1', { firstSeen: first, lastSeen: last, receivedAt: last, sites: [site] })
        const ip = async () => (await loaded(store, [key('ip:1')])).nodes[0]
        await committed(store, { widened: [seen(50, 60, 'shop')] })
        expectEqual(await ip(), stored(seen(50, 60, 'shop')), 'new')
        await committed(store, { widened: [seen(70, 80, 'blog')] })
        await committed(store, { widened: [seen(30, 40, 'shop')] })
        const whole = { firstSeen: 30, lastSeen: 80, receivedAt: 40, sites: ['blog', 'shop'] }
        expectEqual(await ip(), { ...seen(0, 0, ''), ...whole, version: 3 }, 'widened')
        const held = node('ip:1', { ...whole, quarantined: true, version: 3 })
        await committed(store, { nodes: [held] }, witnesses('ip:2'))
        await committed(store, { widened: [seen(35, 90, 'shop')] })
        expectEqual(await ip(), { ...held, lastSeen: 90, version: 5 }, 'quarantined')
        await conflicts(store, 'read before', { read: [{ key: key('ip:1'), version: 4 }] })
        await committed(store, { nodesRemoved: [key('ip:1')], widened: [seen(7, 8, 'new')] })
        expectEqual(await ip(), stored(seen(7, 8, 'new')), 'removed and seen anew')
      }),
  },
  {
    name: 'an edge is replaced; direction and kind tell edges apart',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, edge }) => {
        await committed(store, people('cookie:1'), people('email:a'), witnesses('ip:1'))
        const many = new Map(Array.from({ length: 400 }, (_, i) => [DAY + i * 3, i + 1] as const))
        const edges = [
          edge('cookie:1', 'email:a', 'login', { days: new Map([[DAY, 0x800000]]) }),
          edge('cookie:1', 'email:a', 'checkout', { sites: ['a', 'b'], lastEvent: 'same' }),
          edge('email:a', 'cookie:1', 'same_message', { firstEvent: 'same', lastEvent: 'same' }),
          edge('cookie:1', 'ip:1', 'ip_match', { days: many, count: 9_000_000_000 }),
        ]
        await committed(store, { edges })
        const found = async (): Promise<readonly EdgeRecord[]> =>
          (await loaded(store, [key('cookie:1')])).edges
        expectEqual(plainEdges(await found()), plainEdges(edges), 'the edges')
        const changed = edges.map((e, i) => ({
          ...e,
          count: e.count + 1,
          firstSeen: 1_000,
          firstEvent: `later ${i}`,
          days: new Map([...e.days, [DAY - 7 * (i + 1), 0b1]]),
        }))
        await committed(store, { edges: changed })
        expectEqual(plainEdges(await found()), plainEdges(changed), 'the edges after')
        expectEqual((await store.counts()).edges, 4, 'how many')
      }),
  },
  {
    name: 'what the caller does with its records afterwards changes nothing',
    run: (subject) =>
      withStore(subject, async (store, { key, people, edge }) => {
        const days = new Map([[DAY, 1]])
        const given = edge('cookie:1', 'email:a', 'login', { days })
        await committed(store, people('cookie:1'), people('email:a'), { edges: [given] })
        days.set(DAY, 2).set(DAY + 1, 4)
        const { edges } = await loaded(store, [key('cookie:1')])
        expectEqual(plainEdges(edges), plainEdges([{ ...given, days: new Map([[DAY, 1]]) }]), 'it')
      }),
  },
  {
    name: 'a commit may hold hundreds of records of every kind',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { key, people, witnesses, edge, sighting, question, verdict, change } = samples
        const names = Array.from({ length: 300 }, (_, i) => `cookie:${i}`)
        await committed(store, witnesses('ip:1'), ...names.map((name) => people(name)), {
          edges: names.map((name) => edge(name, 'ip:1', 'ip_match')),
          sightings: names.map((name) => sighting('ip:1', name)),
          changes: names.map((name) => change(name, 1, { event: 'created' })),
          questions: names.map((name) => question(name, name, 'cookie:0')),
          verdicts: names.map((name) => verdict(name, [name], ['cookie:0'])),
          waiting: names.map(key),
        })
        const counts = { identifiers: 301, edges: 300, profiles: 300, questions: 300, waiting: 300 }
        expectEqual(await store.counts(), counts, 'the counts')
        const found = await loaded(store, names.map(key), { componentEdgesMax: 1 })
        expectEqual([found.complete.length, found.edges.length], [300, 300], 'what is loaded')
        expectEqual([found.questions.length, found.verdicts.length], [300, 300], 'around them')
        expectEqual((await store.changes(0, 1_000)).length, 300, 'the changes')
      }),
  },
]
