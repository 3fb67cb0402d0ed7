// Cases of the identity store: an erased identifier leaves nothing behind, and may come again as a new one.

import { expectEqual } from './case.ts'
import { DAY, profileId, type Records, type Samples } from './identity-store.samples.ts'
import {
  committed,
  type IdentityStoreCase,
  LIMITS,
  loaded,
  plainEdges,
  stored,
  together,
  withStore,
} from './identity-store.subject.ts'

/** A cookie that is to be erased, with everything that can name it. */
function surroundings(samples: Samples): Records {
  const { people, witnesses, edge, sighting, question, verdict } = samples
  return {
    ...together([people('email:a', 'cookie:1', 'cookie:2'), people('email:b'), witnesses('ip:1')]),
    edges: [
      edge('cookie:1', 'email:a', 'login'),
      edge('cookie:1', 'ip:1', 'ip_match'),
      edge('email:b', 'cookie:1', 'same_message'),
    ],
    sightings: [
      sighting('email:a', 'cookie:1'),
      sighting('ip:1', 'cookie:1'),
      sighting('ip:1', 'cookie:2'),
      sighting('cookie:1', 'email:b'),
    ],
    questions: [question('q1', 'cookie:1', 'email:b'), question('q2', 'email:a', 'email:b')],
    verdicts: [verdict('v', ['cookie:1'], ['email:b'])],
  }
}

export const removalCases: readonly IdentityStoreCase[] = [
  {
    name: 'an erased member goes with its edges, sightings and questions',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { key, edge, profile } = samples
        const kept = edge('cookie:2', 'email:b', 'login')
        await committed(store, surroundings(samples), { edges: [kept] })
        await committed(store, {
          nodesRemoved: [key('cookie:1'), key('cookie:never there')],
          profiles: [profile('email:a', { version: 1, size: 2 })],
        })
        const asked = ['cookie:1', 'cookie:2', 'email:a', 'email:b', 'ip:1']
        const found = await store.load(
          {
            nodes: asked.map(key),
            crowds: asked.map((name) => ({ identifier: key(name), fromDay: DAY, toDay: DAY })),
            profiles: [],
          },
          LIMITS,
        )
        expectEqual(found.nodes.length, 4, 'the nodes')
        expectEqual(plainEdges(found.edges), plainEdges([kept]), 'the edges')
        expectEqual(
          found.sightings.map((s) => s.from),
          [key('cookie:2')],
          'the sightings',
        )
        expectEqual(
          found.questions.map((q) => q.id),
          ['q2'],
          'the questions',
        )
        expectEqual(
          found.verdicts.map((v) => v.id),
          ['v'],
          'the verdicts',
        )
        const counts = { identifiers: 4, edges: 1, profiles: 2, questions: 1, waiting: 0 }
        expectEqual(await store.counts(), counts, 'the counts')
        const person = await store.profile(profileId('email:a'))
        expectEqual(person?.members.length, 2, 'the members left')
      }),
  },
  {
    name: 'an erased witness goes with the edges that lead to it',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses, edge, sighting }) => {
        const kept = edge('cookie:1', 'ip:2', 'ip_match')
        await committed(store, people('cookie:1'), witnesses('ip:1', 'ip:2'), {
          edges: [edge('cookie:1', 'ip:1', 'ip_match'), kept],
          sightings: [sighting('ip:1', 'cookie:1'), sighting('ip:2', 'cookie:1')],
        })
        await committed(store, { nodesRemoved: [key('ip:1')] })
        const { edges } = await loaded(store, [key('cookie:1')])
        expectEqual(plainEdges(edges), plainEdges([kept]), 'the edges')
        expectEqual((await store.counts()).edges, 1, 'how many')
      }),
  },
  {
    name: 'what was erased comes again as new, also in the same commit',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people, witnesses, edge, sighting }) => {
        await committed(store, people('cookie:1'), witnesses('ip:1'), {
          edges: [edge('cookie:1', 'ip:1', 'ip_match')],
          sightings: [sighting('ip:1', 'cookie:1')],
        })
        const again = node('cookie:1', { firstSeen: 77 })
        await committed(store, { nodesRemoved: [again.key], nodes: [again] })
        const crowds = [{ identifier: key('ip:1'), fromDay: DAY, toDay: DAY }]
        const found = await store.load({ nodes: [again.key], crowds, profiles: [] }, LIMITS)
        expectEqual(found.nodes, [stored(again)], 'the node')
        expectEqual([found.edges, found.sightings], [[], []], 'around it')
        await committed(store, { nodesRemoved: [again.key] })
        await committed(store, { nodes: [again] })
        expectEqual((await loaded(store, [again.key])).nodes, [stored(again)], 'once more')
        expectEqual((await store.counts()).identifiers, 2, 'how many')
      }),
  },
  {
    name: 'who was labelled or anchored by an erased member stays together, and is its own anchor',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people, witnesses, sighting }) => {
        const label = { component: key('email:a'), profile: profileId('email:a') }
        await committed(store, people('email:a'), people('cookie:3'), witnesses('ip:1'), {
          nodes: ['cookie:1', 'cookie:2'].map((name) =>
            node(name, { ...label, anchor: key('email:a') }),
          ),
          sightings: [sighting('ip:1', 'cookie:1')],
        })
        await committed(store, { nodesRemoved: [key('email:a')] })
        const crowds = [{ identifier: key('ip:1'), fromDay: DAY, toDay: DAY }]
        const nodes = [key('cookie:1')]
        const found = await store.load({ nodes, crowds, profiles: [] }, LIMITS)
        expectEqual(found.complete.length, 2, 'complete')
        expectEqual(
          found.nodes.map((n) => n.anchor === n.key),
          [true, true],
          'their anchors',
        )
        expectEqual(
          found.nodes.map((n) => n.component),
          Array(2).fill(key('email:a')),
          'the label',
        )
        expectEqual(
          found.sightings.map((s) => s.anchor),
          [key('cookie:1')],
          'in a crowd',
        )
        const over = await loaded(store, nodes, { componentNodesMax: 1 })
        expectEqual(over.over, [key('email:a')], 'over')
        await committed(store, { nodes: [node('email:a')] })
        const after = await loaded(store, nodes)
        expectEqual(after.complete.length, 3, 'with a new one of that name')
        const anchors = after.nodes.map((n) => n.anchor === n.key)
        expectEqual(anchors, [true, true, true], 'their anchors then')
      }),
  },
]
