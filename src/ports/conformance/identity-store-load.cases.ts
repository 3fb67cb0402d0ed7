// Cases of the identity store: what a load of identifiers brings, and where it ends.

import { expectEqual } from './case.ts'
import { profileId } from './identity-store.samples.ts'
import {
  committed,
  type IdentityStoreCase,
  keysOf,
  loaded,
  plainEdges,
  stored,
  withStore,
} from './identity-store.subject.ts'
import { clueOf, clueOfText, cluesFrom, NO_CLUES } from '../../core/edge/clue.ts'

/** From the smallest to the largest number. */
const SOME_CLUES = cluesFrom([clueOf('device', 0), clueOf('page', 7), clueOf('click', 2 ** 28 - 1)])

const clueCases: readonly IdentityStoreCase[] = [
  {
    name: 'clues come back as stored, more, fewer and none',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people }) => {
        await committed(store, people('cookie:told', 'email:ana'))
        const label = { component: key('cookie:told'), profile: profileId('cookie:told') }
        const some = [clueOfText('page', 'a'), clueOfText('page', 'b')]
        for (const [at, clues] of [SOME_CLUES, cluesFrom(some), NO_CLUES, SOME_CLUES].entries()) {
          const cookie = node('cookie:told', { ...label, clues, version: at + 1 })
          await committed(store, { nodes: [cookie] })
          const { nodes } = await loaded(store, [cookie.key])
          expectEqual(
            nodes
              .map((one) => [one.key === cookie.key, one.clues])
              .toSorted(([a]) => (a === true ? -1 : 1)),
            [
              [true, clues],
              [false, NO_CLUES],
            ],
            'what a load brings',
          )
          const scanned = (await store.scanNodes('', 10)).find((one) => one.key === cookie.key)
          expectEqual(scanned, stored(cookie), 'what a scan brings')
        }
        const found = await store.profile(profileId('cookie:told'))
        const told = found?.members.find((one) => one.type === 'cookie')
        expectEqual(told?.clues, SOME_CLUES, 'what a profile has')
      }),
  },
]

const componentCases: readonly IdentityStoreCase[] = [
  {
    name: 'of identifiers it does not know a load brings nothing',
    run: (subject) =>
      withStore(subject, async (store, { key, people }) => {
        await committed(store, people('cookie:known'))
        const nothing = await loaded(store, [key('cookie:unknown'), key('ip:unknown')])
        const empty = {
          nodes: [],
          complete: [],
          over: [],
          edges: [],
          sightings: [],
          profiles: [],
          verdicts: [],
          questions: [],
        }
        expectEqual(nothing, empty, 'of unknown ones')
        expectEqual(await loaded(store, []), empty, 'of none')
      }),
  },
  {
    name: 'a lone member comes back as it was, with its profile and the next version',
    run: (subject) =>
      withStore(subject, async (store, { key, node, profile }) => {
        const email = node('email:ana')
        const cookie = node('cookie:ünï "code"', {
          namespace: 'user@shop',
          firstSeen: 1_500,
          lastSeen: 1_700_000_000_000,
          receivedAt: 900,
          sites: ['a', 'b', 'c'],
          anchor: email.key,
          quarantined: true,
        })
        const hashed = node('email:hash', { value: key('anything') })
        const profiles = [
          profile('cookie:ünï "code"', { kind: 'shared', state: 'awaiting_batch', revision: 9 }),
          profile('email:ana', { founder: cookie.key, kind: 'person', state: 'confirmed' }),
          profile('email:hash'),
        ]
        await committed(store, { nodes: [cookie, email, hashed], profiles })
        for (const [at, member] of [cookie, email, hashed].entries()) {
          const found = await loaded(store, [member.key])
          expectEqual(found.nodes, [stored(member)], 'the node')
          expectEqual(found.complete, [member.key], 'what is complete')
          expectEqual(found.profiles, profiles.slice(at, at + 1).map(stored), 'the profile')
        }
      }),
  },
  {
    name: 'a member brings its whole component, whichever of it is asked for',
    run: (subject) =>
      withStore(subject, async (store, { key, people }) => {
        const names = ['email:label', 'cookie:1', 'cookie:2']
        await committed(store, people(...names), people('cookie:other'))
        for (const asked of [['email:label'], ['cookie:1'], ['cookie:2', 'cookie:1'], names]) {
          const found = await loaded(store, asked.map(key))
          expectEqual(
            found.complete.toSorted(),
            names.map(key).toSorted(),
            `complete of ${asked.join()}`,
          )
          expectEqual(keysOf(found.nodes), names.map(key).toSorted(), 'the nodes')
          expectEqual(
            found.profiles.map((p) => p.id),
            [profileId('email:label')],
            'the profile',
          )
        }
      }),
  },
  {
    name: 'the member a component is called by may have gone to another one',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people }) => {
        await committed(store, people('email:label', 'cookie:1', 'cookie:2'), people('cookie:new'))
        const gone = { ...node('email:label', { version: 1, component: key('cookie:new') }) }
        await committed(store, { nodes: [gone] })
        const left = await loaded(store, [key('cookie:1')])
        expectEqual(
          left.complete.toSorted(),
          [key('cookie:1'), key('cookie:2')].toSorted(),
          'who is left',
        )
        const joined = await loaded(store, [key('cookie:new')])
        const pair = [key('cookie:new'), key('email:label')]
        expectEqual(joined.complete.toSorted(), pair.toSorted(), 'who was joined')
        await committed(store, { nodes: [{ ...gone, version: 2, component: key('email:label') }] })
        const again = await loaded(store, [key('email:label')])
        expectEqual(again.complete.length, 3, 'back again')
        expectEqual((await loaded(store, [key('cookie:new')])).complete.length, 1, 'alone again')
      }),
  },
  {
    name: 'a component is asked for by hundreds of its members at once',
    run: (subject) =>
      withStore(subject, async (store, { key, people }) => {
        const names = Array.from({ length: 250 }, (_, i) => `cookie:${i}`)
        await committed(store, people(...names))
        const lone = Array.from({ length: 250 }, (_, i) => `cookie:lone ${i}`)
        await committed(store, ...lone.map((name) => people(name)))
        const asked = [...names, ...lone].map(key)
        const found = await loaded(store, asked, { componentNodesMax: 250 })
        expectEqual(found.complete.toSorted(), asked.toSorted(), 'complete')
        expectEqual(found.profiles.length, 251, 'the profiles')
        expectEqual(found.over, [], 'over')
        const past = await loaded(store, [key('cookie:7')], { componentNodesMax: 249 })
        expectEqual([past.over, past.complete], [[key('cookie:0')], []], 'past the limit')
      }),
  },
]

const edgeCases: readonly IdentityStoreCase[] = [
  {
    name: 'edges come from complete nodes to all ends, and into them between members',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, edge }) => {
        const out = edge('cookie:1', 'email:a', 'login')
        const witness = edge('cookie:1', 'ip:1', 'ip_match')
        const inside = edge('cookie:1', 'cookie:2', 'steward')
        const into = edge('cookie:far', 'cookie:2', 'alias')
        const others = [
          edge('cookie:far', 'ip:1', 'ip_match'),
          edge('cookie:far', 'email:a', 'login'),
        ]
        await committed(
          store,
          people('cookie:1', 'cookie:2'),
          people('cookie:far'),
          people('email:a'),
          witnesses('ip:1'),
          { edges: [out, witness, inside, into, ...others] },
        )
        const found = await loaded(store, [key('cookie:2')])
        expectEqual(plainEdges(found.edges), plainEdges([out, witness, inside, into]), 'the edges')
        const members = ['cookie:1', 'cookie:2', 'cookie:far', 'email:a'].map(key)
        expectEqual(keysOf(found.nodes), members.toSorted(), 'ends that are members')
        const complete = ['cookie:1', 'cookie:2'].map(key)
        expectEqual(found.complete.toSorted(), complete.toSorted(), 'complete')
        expectEqual(
          found.profiles.map((p) => p.id),
          [profileId('cookie:1')],
          'its own profile',
        )
      }),
  },
  {
    name: 'an edge between two complete components comes once',
    run: (subject) =>
      withStore(subject, async (store, { key, people, edge }) => {
        const edges = [
          edge('cookie:1', 'email:a', 'login'),
          edge('email:a', 'cookie:1', 'alias'),
          edge('cookie:1', 'email:a', 'checkout'),
        ]
        await committed(store, people('cookie:1'), people('email:a'), { edges })
        const both = await loaded(store, [key('email:a'), key('cookie:1')])
        expectEqual(plainEdges(both.edges), plainEdges(edges), 'the edges')
        expectEqual(both.complete.length, 2, 'complete')
        const one = await loaded(store, [key('email:a')])
        expectEqual(plainEdges(one.edges), plainEdges(edges), 'the edges of one')
        expectEqual(one.complete, [key('email:a')], 'one complete')
      }),
  },
  {
    name: 'a witness comes alone, and a far end is not looked behind',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people, witnesses, edge }) => {
        const cookies = Array.from({ length: 150 }, (_, i) => `cookie:${i}`)
        await committed(store, ...cookies.map((name) => people(name)), people('email:hub'))
        await committed(store, witnesses('ip:hub'), {
          edges: cookies.flatMap((cookie) => [
            edge(cookie, 'email:hub', 'login'),
            edge(cookie, 'ip:hub', 'ip_match'),
          ]),
        })
        const witness = await loaded(store, [key('ip:hub')])
        expectEqual(witness.nodes, [stored(node('ip:hub'))], 'the witness')
        expectEqual([witness.complete, witness.edges, witness.profiles], [[], [], []], 'no more')
        const cookie = await loaded(store, [key('cookie:7')])
        expectEqual(cookie.edges.length, 2, 'the edges of a cookie')
        const ends = [key('cookie:7'), key('email:hub')].toSorted()
        expectEqual(keysOf(cookie.nodes), ends, 'its nodes')
        expectEqual(cookie.complete, [key('cookie:7')], 'what is complete')
      }),
  },
]

export const loadCases: readonly IdentityStoreCase[] = [
  ...clueCases,
  ...componentCases,
  ...edgeCases,
]
