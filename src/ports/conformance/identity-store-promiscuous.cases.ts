// Cases of the identity store: identifiers that hold many together, and those that were made to hold nobody.

import type { PromiscuousPlace } from '../identity-store.ts'
import { expectEqual } from './case.ts'
import { DAY, profileId, type Records, type Samples } from './identity-store.samples.ts'
import { committed, type IdentityStoreCase, stored, withStore } from './identity-store.subject.ts'

const CROWDS = new Map([
  ['ip', 2],
  ['email', 3],
])

/** Of the ip with this number. */
function crowdOf(n: number): number {
  return 2 + (n % 3)
}

/** An ip and an e-mail, each seen with these cookies on a day. */
function seen({ sighting }: Samples, day: number, ...cookies: readonly string[]): Records {
  const identifiers = ['ip:1', 'email:a']
  return {
    sightings: identifiers.flatMap((one) => cookies.map((cookie) => sighting(one, cookie, day))),
  }
}

export const promiscuousCases: readonly IdentityStoreCase[] = [
  {
    name: 'nothing is promiscuous in a store of nothing',
    run: (subject) =>
      withStore(subject, async (store) => {
        expectEqual(await store.promiscuous(CROWDS, null, 10), [], 'the identifiers')
        expectEqual(await store.promiscuous(new Map(), null, 10), [], 'without any crowd')
      }),
  },
  {
    name: 'the busiest day of any counts: people of a witness, cookies of a member',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { node, people, witnesses, key, edge } = samples
        const ip = node('ip:1')
        const email = node('email:a')
        const same = { anchor: key('cookie:1'), component: key('cookie:1') }
        await committed(
          store,
          { nodes: [ip, email], profiles: [samples.profile('email:a')] },
          people('cookie:1'),
          people('cookie:3'),
          people('phone:1'),
          witnesses('ip:2'),
          { nodes: [node('cookie:2', { ...same, profile: profileId('cookie:1') })] },
          {
            edges: [
              edge('cookie:1', 'email:a', 'login'),
              edge('cookie:1', 'email:a', 'checkout'),
              edge('cookie:2', 'email:a', 'login'),
              edge('email:a', 'phone:1', 'same_message'),
              edge('cookie:1', 'ip:1', 'ip_match'),
            ],
          },
          seen(samples, DAY, 'cookie:1', 'cookie:3'),
          seen(samples, DAY - 3, 'cookie:1', 'cookie:2', 'cookie:3', 'phone:1'),
        )
        const expected = [
          { node: stored(email), promiscuity: 3, around: 3 },
          { node: stored(ip), promiscuity: 2, around: 4 },
        ]
        expectEqual(await store.promiscuous(CROWDS, null, 10), expected, 'the identifiers')
        const more = new Map([
          ['ip', 3],
          ['email', 4],
        ])
        expectEqual(await store.promiscuous(more, null, 10), [], 'from larger crowds on')
      }),
  },
  {
    name: 'what is in quarantine or shared is among them, with or without a crowd; what is no longer is not',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { node, profile, people, edge, sighting } = samples
        const quarantined = node('ip:2', { quarantined: true })
        const shared = node('cookie:9')
        await committed(
          store,
          { nodes: [quarantined, shared], profiles: [profile('cookie:9', { kind: 'shared' })] },
          people('email:b'),
          people('email:c'),
          {
            edges: [
              edge('cookie:9', 'email:b', 'login'),
              edge('cookie:9', 'email:c', 'login'),
              edge('cookie:9', 'ip:2', 'ip_match'),
            ],
            sightings: [sighting('ip:2', 'cookie:9')],
          },
        )
        const expected = [
          { node: stored(quarantined), promiscuity: 1, around: 1 },
          { node: stored(shared), promiscuity: 0, around: 2 },
        ]
        expectEqual(await store.promiscuous(CROWDS, null, 10), expected, 'both')
        await committed(store, { nodes: [{ ...stored(quarantined), quarantined: false }] })
        const rest = await store.promiscuous(CROWDS, null, 10)
        expectEqual(rest, [expected[1]], 'once one is released')
      }),
  },
  {
    name: 'promiscuous identifiers come in pages: the largest crowd first, of equal ones the smallest key',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { key, people, witnesses, sighting } = samples
        const cookies = Array.from({ length: 4 }, (_, n) => `cookie:${n}`)
        const ips = Array.from({ length: 7 }, (_, n) => `ip:${n}`)
        await committed(store, witnesses(...ips), ...cookies.map((one) => people(one)), {
          sightings: ips.flatMap((ip, n) =>
            cookies.slice(0, crowdOf(n)).map((cookie) => sighting(ip, cookie)),
          ),
        })
        const order = ips
          .map((ip, n) => ({ promiscuity: crowdOf(n), key: key(ip) }))
          .toSorted((x, y) => y.promiscuity - x.promiscuity || (x.key < y.key ? -1 : 1))
        const found: PromiscuousPlace[] = []
        for (;;) {
          const page = await store.promiscuous(CROWDS, found.at(-1) ?? null, 2)
          found.push(...page.map(({ node, promiscuity }) => ({ promiscuity, key: node.key })))
          if (page.length < 2) break
        }
        expectEqual(found, order, 'all pages')
      }),
  },
  {
    name: 'of an anchor that was erased each cookie is one of a crowd again; of the erased nothing is listed',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { node, key, profile } = samples
        const anchored = { component: key('email:a'), profile: profileId('email:a') }
        const cookie = (name: string) => node(name, { ...anchored, anchor: key('email:a') })
        await committed(store, {
          nodes: [node('email:a'), cookie('cookie:1'), cookie('cookie:2'), node('ip:1')],
          profiles: [profile('email:a', { size: 3 })],
        })
        await committed(store, seen(samples, DAY, 'cookie:1', 'cookie:2'))
        expectEqual(await store.promiscuous(CROWDS, null, 10), [], 'one person')
        await committed(store, { nodesRemoved: [key('email:a')] })
        const found = await store.promiscuous(new Map([...CROWDS, ['email', 1]]), null, 10)
        const places = found.map((one) => [one.node.key, one.promiscuity])
        expectEqual(places, [[key('ip:1'), 2]], 'two')
      }),
  },
]
