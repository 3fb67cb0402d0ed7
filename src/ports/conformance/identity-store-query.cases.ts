// Cases of the identity store: profiles by id, changes, what waits, counts, all nodes, closing and opening.

import { expectEqual } from './case.ts'
import { profileId } from './identity-store.samples.ts'
import {
  committed,
  type IdentityStoreCase,
  LIMITS,
  loaded,
  stored,
  withStore,
} from './identity-store.subject.ts'

const profileCases: readonly IdentityStoreCase[] = [
  {
    name: 'an id answers with its profile, over any number of redirects, and its members by key',
    run: (subject) =>
      withStore(subject, async (store, { key, profile, people }) => {
        const gone = (name: string, to: string) =>
          profile(name, { size: 0, redirect: profileId(to) })
        await committed(store, people('email:a', 'cookie:1', 'cookie:2'), people('cookie:other'), {
          profiles: [
            gone('cookie:1', 'cookie:2'),
            gone('cookie:2', 'cookie:3'),
            gone('cookie:3', 'email:a'),
          ],
        })
        for (const name of ['email:a', 'cookie:3', 'cookie:1']) {
          const found = await store.profile(profileId(name))
          expectEqual(found?.profile, stored(profile('email:a', { size: 3 })), `of ${name}`)
          const members = ['email:a', 'cookie:1', 'cookie:2'].map(key)
          expectEqual(
            found?.members.map((m) => m.key),
            members.toSorted(),
            'the members',
          )
        }
        expectEqual(await store.profile(profileId('nobody')), null, 'of an id never given out')
        await committed(store, { profiles: [profile('cookie:2', { version: 1, size: 0 })] })
        const erased = await store.profile(profileId('cookie:1'))
        expectEqual(
          erased,
          { profile: stored(profile('cookie:2', { version: 1, size: 0 })), members: [] },
          'of one erased',
        )
      }),
  },
]

const changeCases: readonly IdentityStoreCase[] = [
  {
    name: 'changes are numbered upwards by the store, and read from any number',
    run: (subject) =>
      withStore(subject, async (store, { people, change }) => {
        expectEqual(await store.changes(0, 10), [], 'none yet')
        const given = [
          change('cookie:1', 1, { event: 'created', reason: 'first "seen"' }),
          change('cookie:2', 1, { event: 'created' }),
          change('cookie:1', 2, { event: 'merged', from: [profileId('cookie:2'), 'prf_x'] }),
          change('cookie:1', 3, { event: 'split', from: ['prf_y'] }),
          change('cookie:2', 2, { event: 'confirmed' }),
        ]
        await committed(store, people('cookie:1'), people('cookie:2'), {
          changes: given.slice(0, 2),
        })
        await committed(store, { changes: [] })
        await committed(store, { changes: given.slice(2) })
        const all = await store.changes(0, 10)
        expectEqual(
          all,
          given.map((one, at) => ({ ...one, sequence: all[at]?.sequence })),
          'the changes',
        )
        const numbers = all.map((c) => c.sequence)
        expectEqual(
          numbers.toSorted((a, b) => a - b),
          numbers,
          'their order',
        )
        expectEqual(new Set(numbers).size, 5, 'their numbers')
        const [, second = 0] = numbers
        expectEqual(await store.changes(second, 2), all.slice(2, 4), 'a part')
        expectEqual(await store.changes(numbers.at(-1) ?? 0, 10), [], 'after the last')
        const one = all.filter((c) => c.profile === profileId('cookie:1'))
        expectEqual(await store.changesOf(profileId('cookie:1'), 10), one, 'of one profile')
        expectEqual(await store.changesOf(profileId('cookie:1'), 2), one.slice(1), 'the latest two')
        expectEqual(await store.changesOf('prf_unknown', 10), [], 'of an unknown one')
      }),
  },
  {
    name: 'what waits is a set, in key order',
    run: (subject) =>
      withStore(subject, async (store, { key }) => {
        const keys = ['a:1', 'a:2', 'a:3', 'a:4'].map(key)
        await committed(store, { waiting: keys.slice(0, 3) })
        await committed(store, { waiting: keys.slice(2) })
        expectEqual(await store.waiting(10), keys.toSorted(), 'all')
        expectEqual(await store.waiting(2), keys.toSorted().slice(0, 2), 'the first')
        await committed(store, { waitingRemoved: keys.slice(0, 3), waiting: keys.slice(2, 3) })
        expectEqual(await store.waiting(10), keys.slice(2).toSorted(), 'the rest')
        expectEqual((await store.counts()).waiting, 2, 'how many')
      }),
  },
  {
    name: 'questions and verdicts are replaced and removed by their ids',
    run: (subject) =>
      withStore(subject, async (store, { key, people, question, verdict }) => {
        await committed(store, people('cookie:1'), people('cookie:2'), people('cookie:3'))
        const questions = [
          question('q1', 'cookie:1', 'cookie:2'),
          question('q2', 'cookie:1', 'cookie:2'),
        ]
        const verdicts = [
          verdict('v1', ['cookie:1'], ['cookie:2']),
          verdict('v2', ['cookie:1'], []),
        ]
        await committed(store, { questions, verdicts })
        const other = { ...question('q1', 'cookie:1', 'cookie:3'), evidence: 9 }
        const later = verdict('v1', ['cookie:3'], ['cookie:1'])
        await committed(store, {
          questions: [other],
          questionsRemoved: ['q2', 'never'],
          verdicts: [later],
          verdictsRemoved: ['v2', 'never'],
        })
        const found = await loaded(store, [key('cookie:1')])
        expectEqual([found.questions, found.verdicts], [[other], [later]], 'of the first')
        const second = await loaded(store, [key('cookie:2')])
        expectEqual([second.questions, second.verdicts], [[], []], 'of the second')
        expectEqual((await store.counts()).questions, 1, 'how many')
        await committed(store, { questionsRemoved: ['q1'], verdictsRemoved: ['v1'] })
        const after = await loaded(store, [key('cookie:1')])
        expectEqual([after.questions, after.verdicts], [[], []], 'in the end')
        await committed(store, { questionsRemoved: ['q1'], questions: [other] })
        expectEqual((await store.counts()).questions, 1, 'removed and asked anew')
      }),
  },
]

/** The code with which an answer is refused. */
async function refused(answer: Promise<unknown>): Promise<unknown> {
  try {
    await answer
    return 'answered'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

const wholeCases: readonly IdentityStoreCase[] = [
  {
    name: 'all nodes are read in key order, page by page',
    run: (subject) =>
      withStore(subject, async (store, { key, people, witnesses }) => {
        const names = Array.from({ length: 25 }, (_, i) => `cookie:${i}`)
        await committed(store, witnesses('ip:1'), ...names.map((name) => people(name)))
        const keys: string[] = []
        for (;;) {
          const page = await store.scanNodes(keys.at(-1) ?? '', 7)
          keys.push(...page.map((node) => node.key))
          if (page.length < 7) break
        }
        expectEqual(keys, ['ip:1', ...names].map(key).toSorted(), 'the keys')
      }),
  },
  {
    name: 'the counts follow what is stored',
    run: (subject) =>
      withStore(subject, async (store, { profile, people, edge, question }) => {
        const none = { identifiers: 0, edges: 0, profiles: 0, questions: 0, waiting: 0 }
        expectEqual(await store.counts(), none, 'at first')
        const edges = [edge('cookie:1', 'cookie:2', 'steward')]
        const questions = [question('q', 'cookie:1', 'cookie:2')]
        await committed(store, people('cookie:1'), people('cookie:2'), { edges, questions })
        await committed(store, { edges, questions })
        const both = { ...none, identifiers: 2, edges: 1, profiles: 2, questions: 1 }
        expectEqual(await store.counts(), both, 'of two')
        const merged = profile('cookie:2', { version: 1, size: 0, redirect: profileId('cookie:1') })
        await committed(store, { profiles: [merged] })
        expectEqual(await store.counts(), { ...both, profiles: 1 }, 'of one redirected')
        await committed(store, { profiles: [profile('cookie:2', { version: 2 })] })
        expectEqual(await store.counts(), both, 'of one come back')
      }),
  },
  {
    name: 'a closed store answers nothing any more, and closes again',
    run: async (subject) => {
      const store = await subject.open()
      await store.close()
      await store.close()
      const none = { nodes: [], crowds: [], profiles: [] }
      expectEqual(await refused(store.load(none, LIMITS)), 'closed', 'a load')
      expectEqual(await refused(store.position('log')), 'closed', 'a position')
      expectEqual(await refused(store.census(new Map())), 'closed', 'a census')
      expectEqual(await refused(committed(store, {})), 'closed', 'a commit')
    },
  },
  {
    name: 'what was committed is there after a restart, and goes on from there',
    needs: 'restart',
    run: async (subject) => {
      await withStore(subject, async (store, { people, witnesses, edge, change, verdict, key }) => {
        await committed(store, people('email:a', 'cookie:1'), witnesses('ip:1'), {
          edges: [edge('cookie:1', 'email:a', 'login'), edge('cookie:1', 'ip:1', 'ip_match')],
          changes: [change('email:a', 1)],
          verdicts: [verdict('v', ['cookie:1'], ['email:a'])],
          waiting: [key('email:a')],
        })
      })
      await withStore(subject, async (store, { key, node, people, change }) => {
        expectEqual(await store.position('log'), 1, 'the position')
        const found = await loaded(store, [key('email:a')])
        const shape = [found.complete.length, found.edges.length, found.verdicts.length]
        expectEqual(shape, [2, 2, 1], 'the component')
        const at = { component: key('email:a'), profile: profileId('email:a') }
        const nodes = [node('cookie:1', { ...at, version: 1 })]
        await committed(store, people('cookie:2'), { nodes, changes: [change('email:a', 2)] })
      })
      await withStore(subject, async (store, { key }) => {
        const counts = { identifiers: 4, edges: 2, profiles: 2, questions: 0, waiting: 1 }
        expectEqual(await store.counts(), counts, 'the counts')
        expectEqual(await store.waiting(5), [key('email:a')], 'what waits')
        const [first, second, ...more] = await store.changes(0, 10)
        expectEqual([first?.revision, second?.revision, more], [1, 2, []], 'the changes')
        expectEqual((first?.sequence ?? 0) < (second?.sequence ?? 0), true, 'their order')
      })
    },
  },
]

export const queryCases: readonly IdentityStoreCase[] = [
  ...profileCases,
  ...changeCases,
  ...wholeCases,
]
