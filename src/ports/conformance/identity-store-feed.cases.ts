// Cases of the identity store: the feed has everything that happened in one sequence, and is told from another one.

import type { Announced, FeedRow, IdentityStore } from '../identity-store.ts'
import { expectEqual } from './case.ts'
import { profileId, type Samples } from './identity-store.samples.ts'
import { committed, type IdentityStoreCase, withStore } from './identity-store.subject.ts'

const AT = 1_700_000_000_000
const RUN: Announced = { event: 'run.finished', subject: '3', at: AT, reason: 'run 3' }

/** What the commits since a sequence have given, and where they ended. */
async function toldSince(
  store: IdentityStore,
  after: number,
): Promise<{ readonly told: readonly (readonly string[])[]; readonly end: number }> {
  const rows = await store.feed(after, 1_000)
  const end = await store.feedEnd()
  expectEqual(rows.at(-1)?.sequence ?? after, end, 'the end of the feed')
  return { told: rows.map(({ event, subject, reason }) => [event, subject, reason]), end }
}

/** Two people to ask about, after whom the feed is at its beginning. */
async function asked(store: IdentityStore, { people, question }: Samples): Promise<void> {
  await committed(store, people('cookie:1'), people('cookie:2'), {
    questions: [question('q1', 'cookie:1', 'cookie:2')],
  })
}

export const feedCases: readonly IdentityStoreCase[] = [
  {
    name: 'the feed tells changes, questions, verdicts and what is announced in one sequence',
    run: (subject) =>
      withStore(subject, async (store, { people, change, question, verdict }) => {
        expectEqual([await store.feed(0, 10), await store.feedEnd()], [[], 0], 'none yet')
        await committed(store, people('cookie:1'), people('cookie:2'), {
          changes: [change('cookie:1', 1, { event: 'created', from: ['prf_x'] })],
          questions: [question('q1', 'cookie:1', 'cookie:2')],
          verdicts: [verdict('v1', ['cookie:1'], ['cookie:2'])],
          announced: [RUN],
        })
        await committed(store, { changes: [change('cookie:2', 2)] })
        const rows = await store.feed(0, 10)
        const [created] = rows
        const first: Omit<FeedRow, 'sequence'> = {
          event: 'profile.created',
          subject: profileId('cookie:1'),
          revision: 1,
          from: ['prf_x'],
          at: created?.at ?? 0,
          reason: 'change 1',
        }
        expectEqual(created, { ...first, sequence: created?.sequence }, 'of a profile')
        expectEqual(
          rows.map((row) => [row.event, row.subject, row.reason]),
          [
            ['profile.created', profileId('cookie:1'), 'change 1'],
            ['review.opened', 'q1', 'margin'],
            ['review.decided', 'v1', 'different, by ana'],
            ['run.finished', '3', 'run 3'],
            ['profile.updated', profileId('cookie:2'), 'change 2'],
          ],
          'all',
        )
        const others = rows.slice(1, 4).map(({ revision, from }) => [revision, from])
        const none = [0, []]
        expectEqual(others, [none, none, none], 'of others')
        expectEqual(rows[3]?.at, AT, 'when the run ended')
        const numbers = rows.map((row) => row.sequence)
        expectEqual(new Set(numbers).size, 5, 'their numbers')
        expectEqual(await store.feed(numbers[1] ?? 0, 2), rows.slice(2, 4), 'a part')
        const changes = await store.changes(0, 10)
        expectEqual(
          changes.map(({ sequence }) => sequence),
          [numbers[0], numbers[4]],
          'of profiles only',
        )
        expectEqual(
          (await store.changesOf(profileId('cookie:2'), 10)).map(({ sequence }) => sequence),
          [numbers[4]],
          'of one profile',
        )
      }),
  },
  {
    name: 'a question is told when it is opened and when it is closed, and not between',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { question, key } = samples
        await asked(store, samples)
        const opened = await toldSince(store, 0)
        expectEqual(opened.told, [['review.opened', 'q1', 'margin']], 'opened')
        const other = { ...question('q1', 'cookie:1', 'cookie:2'), evidence: 9 }
        await committed(store, { questions: [other] })
        await committed(store, { questionsRemoved: ['q1', 'never'], questions: [other] })
        expectEqual((await toldSince(store, opened.end)).told, [], 'put again')
        const questions = ['q3', 'q2'].map((id) => question(id, 'cookie:1', 'cookie:2'))
        await committed(store, { questions, questionsRemoved: ['q1'] })
        const next = await toldSince(store, opened.end)
        expectEqual(
          next.told.map(([event, id]) => [event, id]),
          [
            ['review.closed', 'q1'],
            ['review.opened', 'q3'],
            ['review.opened', 'q2'],
          ],
          'others in its place',
        )
        await committed(store, { nodesRemoved: [key('cookie:1')] })
        const gone = await toldSince(store, next.end)
        expectEqual(
          gone.told,
          ['q2', 'q3'].map((id) => ['review.closed', id, 'margin']),
          'with an erased side',
        )
      }),
  },
  {
    name: 'a question that is decided is not closed too, and one that is undone is open again',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        const { question, verdict } = samples
        await asked(store, samples)
        const { end } = await toldSince(store, 0)
        const about = question('q1', 'cookie:1', 'cookie:2')
        const given = verdict('v1', ['cookie:1'], ['cookie:2'], { question: about })
        await committed(store, { questionsRemoved: ['q1'], verdicts: [given] })
        const decided = await toldSince(store, end)
        expectEqual(decided.told, [['review.decided', 'q1', 'different, by ana']], 'decided')
        await committed(store, { verdicts: [{ ...given, note: 'seen again' }] })
        await committed(store, { verdictsRemoved: ['v1', 'never'], verdicts: [given] })
        expectEqual((await toldSince(store, decided.end)).told, [], 'put again')
        await committed(store, { verdictsRemoved: ['v1'], questions: [about] })
        expectEqual(
          (await toldSince(store, decided.end)).told,
          [
            ['review.opened', 'q1', 'margin'],
            ['review.undone', 'q1', 'different, by ana'],
          ],
          'undone',
        )
      }),
  },
  {
    name: 'a commit that is refused tells nothing',
    run: (subject) =>
      withStore(subject, async (store, samples) => {
        await asked(store, samples)
        const { end } = await toldSince(store, 0)
        const nothing = { nodes: [], edges: [], sightings: [], profiles: [], verdicts: [] }
        const lists = { verdictsRemoved: [], questions: [], questionsRemoved: ['q1'], changes: [] }
        const rest = { nodesRemoved: [], waiting: [], waitingRemoved: [], announced: [RUN] }
        const commit = (from: number) => {
          const applied = [{ source: 'runs', from, to: 3 }]
          return { applied, ...nothing, ...lists, ...rest }
        }
        expectEqual(await store.commit(commit(2)), 'conflict', 'another position')
        expectEqual((await toldSince(store, end)).told, [], 'nothing')
        expectEqual(await store.commit(commit(0)), 'committed', 'in place')
        expectEqual((await toldSince(store, end)).told.length, 2, 'both')
      }),
  },
  {
    name: 'an epoch is a short word',
    run: (subject) =>
      withStore(subject, async (store) => {
        const epoch = await store.epoch()
        expectEqual(/^[a-z0-9]{6,20}$/.test(epoch), true, epoch)
        await committed(store, {})
        expectEqual(await store.epoch(), epoch, 'after a commit')
      }),
  },
  {
    name: 'feed and epoch are as they were after a restart',
    needs: 'restart',
    run: async (subject) => {
      const seen: unknown[] = []
      for (const _ of ['before', 'after']) {
        await withStore(subject, async (store, samples) => {
          if (seen.length === 0) await asked(store, samples)
          seen.push([await store.epoch(), await store.feed(0, 10), await store.feedEnd()])
        })
      }
      expectEqual(seen[1], seen[0], 'after the restart')
    },
  },
]
