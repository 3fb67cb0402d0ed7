// Cases of the identity store: where a load ends, and what it brings around the nodes.

import { expectEqual } from './case.ts'
import { profileId } from './identity-store.samples.ts'
import {
  committed,
  type IdentityStoreCase,
  keysOf,
  LIMITS,
  loaded,
  plainEdges,
  stored,
  withStore,
} from './identity-store.subject.ts'

const pastLimitCases: readonly IdentityStoreCase[] = [
  {
    name: 'of a component past a limit only the nodes asked for come, and edges between these',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, edge, question }) => {
        const names = ['cookie:1', 'cookie:2', 'cookie:3', 'cookie:4']
        const edges = [
          edge('cookie:1', 'cookie:2', 'steward'),
          edge('cookie:1', 'cookie:3', 'steward'),
          edge('cookie:1', 'email:a', 'login'),
          edge('cookie:2', 'ip:1', 'ip_match'),
          edge('email:a', 'cookie:1', 'same_message'),
        ]
        await committed(store, people(...names), people('email:a'), witnesses('ip:1'), {
          edges,
          questions: [question('q', 'cookie:1', 'email:a')],
        })
        const within = await loaded(store, [key('cookie:2')], {
          componentNodesMax: 4,
          componentEdgesMax: 7,
        })
        expectEqual([within.over, within.complete.length], [[], 4], 'at both limits')
        for (const limits of [{ componentNodesMax: 3 }, { componentEdgesMax: 6 }]) {
          const found = await loaded(store, [key('cookie:1'), key('cookie:2')], limits)
          expectEqual(found.over, [key('cookie:1')], 'over')
          const asked = [key('cookie:1'), key('cookie:2')].toSorted()
          expectEqual(keysOf(found.nodes), asked, 'the nodes')
          expectEqual(plainEdges(found.edges), plainEdges(edges.slice(0, 1)), 'the edges between')
          const rest = [found.complete, found.profiles, found.questions]
          expectEqual(rest, [[], [], []], 'nothing else')
          const more = ['cookie:1', 'cookie:2', 'email:a', 'ip:1']
          const around = await loaded(store, more.map(key), limits)
          const between = edges.filter((e) => e.to !== key('cookie:3'))
          expectEqual(plainEdges(around.edges), plainEdges(between), 'the edges around')
          expectEqual(around.complete, [key('email:a')], 'complete around')
        }
      }),
  },
  {
    name: 'limits may be infinite',
    run: (subject) =>
      withStore(subject, async (store, { key, people, sighting, witnesses }) => {
        await committed(store, people('cookie:1', 'cookie:2'), witnesses('ip:1'))
        await committed(store, { sightings: [sighting('ip:1', 'cookie:1')] })
        const found = await store.load(
          {
            nodes: [key('cookie:1')],
            crowds: [{ identifier: key('ip:1'), fromDay: 0, toDay: Infinity }],
            profiles: [],
          },
          {
            ...LIMITS,
            componentNodesMax: Infinity,
            componentEdgesMax: Infinity,
            sightingsPerDayMax: Infinity,
          },
        )
        expectEqual([found.complete.length, found.sightings.length], [2, 1], 'what was found')
      }),
  },
]

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}

const aroundCases: readonly IdentityStoreCase[] = [
  {
    name: 'verdicts and questions come with any node they name, once; verdicts also with one that is not there',
    run: (subject) =>
      withStore(subject, async (store, { key, people, edge, question, verdict }) => {
        await committed(
          store,
          people('cookie:1', 'cookie:2'),
          people('cookie:3'),
          people('email:a'),
        )
        const questions = [
          question('q1', 'cookie:1', 'cookie:3'),
          question('q2', 'cookie:2', 'cookie:1'),
          question('q3', 'cookie:3', 'email:a'),
        ]
        const verdicts = [
          verdict('v1', ['cookie:1', 'cookie:2'], ['cookie:3']),
          { ...verdict('v2', ['email:a'], ['cookie:2']), verdict: 'same' as const },
          verdict('v3', ['cookie:3'], ['email:a']),
          verdict('v4', ['cookie:3'], ['phone:erased']),
        ]
        const edges = [edge('cookie:1', 'cookie:3', 'alias')]
        await committed(store, { questions, verdicts, edges })
        const found = await loaded(store, [key('cookie:1')])
        expectEqual(found.questions.toSorted(byId), questions.slice(0, 2), 'the questions')
        expectEqual(found.verdicts.toSorted(byId), verdicts.slice(0, 2), 'the verdicts')
        const all = await loaded(store, ['cookie:1', 'cookie:3', 'email:a'].map(key))
        expectEqual([all.questions.length, all.verdicts.length], [3, 4], 'all of them')
        const gone = await loaded(store, [key('phone:erased')])
        expectEqual([gone.nodes, gone.verdicts], [[], verdicts.slice(3)], 'of who is not there')
      }),
  },
  {
    name: 'profiles asked for by id come as they are stored, redirects too',
    run: (subject) =>
      withStore(subject, async (store, { profile, people }) => {
        const old = profile('cookie:old', { size: 0, redirect: profileId('cookie:1') })
        await committed(store, people('cookie:1'), { profiles: [old] })
        const { profiles, nodes } = await store.load(
          { nodes: [], crowds: [], profiles: [old.id, profileId('cookie:unknown')] },
          LIMITS,
        )
        expectEqual(profiles, [stored(old)], 'the profiles')
        expectEqual(nodes, [], 'the nodes')
      }),
  },
]

export const limitCases: readonly IdentityStoreCase[] = [...pastLimitCases, ...aroundCases]
