// Cases of the identity store: a commit that was made on another state than the stored one leaves no trace.

import type { Applied, Commit, IdentityStore } from '../identity-store.ts'
import { expectEqual } from './case.ts'
import type { Records } from './identity-store.samples.ts'
import {
  commitOf,
  committed,
  type IdentityStoreCase,
  loaded,
  plainEdges,
  together,
  withStore,
} from './identity-store.subject.ts'

/** Sees to it that the records conflict and that nothing was written. */
export async function conflicts(
  store: IdentityStore,
  what: string,
  records: Records,
): Promise<void> {
  const [before, position] = [await wholeOf(store), await store.position('log')]
  const answer = await store.commit(commitOf(position, records))
  expectEqual(answer, 'conflict', what)
  expectEqual(await wholeOf(store), before, `the store after ${what}`)
}

function from(records: Records, ...applied: readonly Applied[]): Commit {
  return { ...together([records]), applied }
}

async function wholeOf(store: IdentityStore): Promise<unknown> {
  const [nodes, counts] = [await store.scanNodes('', 1_000), await store.counts()]
  const { edges, profiles } = await loaded(
    store,
    nodes.map((node) => node.key),
  )
  const rest = [
    await store.changes(0, 1_000),
    await store.waiting(1_000),
    await store.position('log'),
  ]
  const byId = profiles.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { nodes, counts, edges: plainEdges(edges), profiles: byId, rest }
}

export const conflictCases: readonly IdentityStoreCase[] = [
  {
    name: 'each source has its position, and another one than expected conflicts',
    run: (subject) =>
      withStore(subject, async (store, { people }) => {
        expectEqual(await store.position('log'), 0, 'of a source never seen')
        const [zero, one] = ['partition 0', 'partition 1']
        const first = from(people('cookie:1'), { source: zero, from: 0, to: 10 })
        expectEqual(await store.commit(first), 'committed', 'the first')
        expectEqual(await store.commit(first), 'conflict', 'once more')
        const other = from(people('cookie:2'), { source: one, from: 10, to: 13 })
        expectEqual(await store.commit(other), 'conflict', 'expected of another source')
        const both = from(
          people('cookie:2'),
          { source: one, from: 0, to: 3 },
          { source: zero, from: 10, to: 11 },
        )
        expectEqual(await store.commit(both), 'committed', 'two sources')
        const half = from(
          people('cookie:9'),
          { source: one, from: 3, to: 4 },
          { source: zero, from: 10, to: 12 },
        )
        expectEqual(await store.commit(half), 'conflict', 'one of two that went on')
        const next = from(people('cookie:3'), { source: zero, from: 11, to: 25 })
        expectEqual(await store.commit(next), 'committed', 'the next')
        const positions = ['partition 0', 'partition 1', 'log']
        expectEqual(
          await Promise.all(positions.map((source) => store.position(source))),
          [25, 3, 0],
          'the positions',
        )
        const same = from(people('cookie:4'), { source: zero, from: 25, to: 25 })
        expectEqual(await store.commit(same), 'committed', 'without going on')
        expectEqual(await store.commit(from(people('cookie:5'))), 'committed', 'of no source')
      }),
  },
  {
    name: 'a commit on another epoch conflicts',
    run: (subject) =>
      withStore(subject, async (store, { people }) => {
        const epoch = await store.epoch()
        const other = { ...commitOf(0, people('cookie:1')), epoch: `${epoch}x` }
        expectEqual(await store.commit(other), 'conflict', 'of another epoch')
        expectEqual((await store.counts()).identifiers, 0, 'what is stored')
        expectEqual(await store.commit({ ...other, epoch }), 'committed', 'of its own')
      }),
  },
  {
    name: 'a node that was read in another version conflicts',
    run: (subject) =>
      withStore(subject, async (store, { key, node, people }) => {
        await committed(store, people('cookie:1'), people('cookie:2'))
        await committed(store, { nodes: [node('cookie:1', { version: 1 })] })
        const read = (name: string, version: number) => ({
          ...people('cookie:new'),
          read: [
            { key: key('cookie:2'), version: 1 },
            { key: key(name), version },
          ],
        })
        await conflicts(store, 'an outdated node', read('cookie:1', 1))
        await conflicts(store, 'a node taken for absent', read('cookie:1', 0))
        await conflicts(store, 'an absent node taken for stored', read('cookie:3', 1))
        await committed(store, read('cookie:1', 2))
        const absent = { read: [{ key: key('cookie:3'), version: 0 }] }
        await committed(store, absent)
        await conflicts(store, 'an outdated node that goes', {
          nodesRemoved: [key('cookie:1')],
          read: [{ key: key('cookie:1'), version: 1 }],
        })
        await committed(store, {
          nodesRemoved: [key('cookie:1')],
          read: [{ key: key('cookie:1'), version: 2 }],
        })
        await conflicts(store, 'a node that was removed', {
          read: [{ key: key('cookie:1'), version: 2 }],
        })
      }),
  },
  {
    name: 'a node or profile of another version conflicts, and nothing of the commit is written',
    run: (subject) =>
      withStore(subject, async (store, { node, profile, people, change, edge, question, key }) => {
        await committed(store, people('cookie:1', 'cookie:2'))
        await committed(store, { nodes: [node('cookie:1', { version: 1 })] })
        const good = {
          ...people('cookie:new'),
          edges: [edge('cookie:1', 'cookie:2', 'steward')],
          questions: [question('q', 'cookie:1', 'cookie:2')],
          changes: [change('cookie:1', 2)],
          waiting: [key('cookie:1')],
          nodesRemoved: [key('cookie:2')],
        }
        const nodes = (version: number, name = 'cookie:1') => ({
          ...good,
          nodes: [...(good.nodes ?? []), node(name, { version })],
          edges: [],
          questions: [],
        })
        await conflicts(store, 'a node taken for new', nodes(0))
        await conflicts(store, 'an outdated node', nodes(1))
        await conflicts(store, 'a node ahead', nodes(3))
        await conflicts(store, 'an unknown node taken for stored', nodes(1, 'cookie:unknown'))
        const profiles = (version: number, name = 'cookie:1') => ({
          ...good,
          profiles: [...(good.profiles ?? []), profile(name, { version })],
          nodesRemoved: [],
        })
        await conflicts(store, 'a profile taken for new', profiles(0))
        await conflicts(store, 'a profile ahead', profiles(2))
        await conflicts(store, 'an unknown profile taken for stored', profiles(1, 'cookie:unknown'))
        await committed(store, { ...good, edges: [], questions: [] })
      }),
  },
]
