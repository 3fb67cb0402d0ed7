// Cases of the identity store: who belongs to whom, read as a whole.

import type { QuestionRecord } from '../../core/profile/view/records.ts'
import type { QuestionPlace } from '../identity-store.ts'
import { expectEqual } from './case.ts'
import { profileId } from './identity-store.samples.ts'
import { committed, type IdentityStoreCase, withStore } from './identity-store.subject.ts'

export const membershipCases: readonly IdentityStoreCase[] = [
  {
    name: 'the membership of nothing is empty',
    run: (subject) =>
      withStore(subject, async (store) => {
        const { members, ids } = await store.membership()
        expectEqual([members.length, ids.length], [0, 0], 'members and profiles')
      }),
  },
  {
    name: 'a question by its id; verdicts page by page, the latest first, and by the question they answer',
    run: (subject) =>
      withStore(subject, async (store, { people, question, verdict }) => {
        await committed(store, people('cookie:1'), people('cookie:2'))
        const asked = question('q1', 'cookie:1', 'cookie:2')
        const answered = question('q2', 'cookie:1', 'cookie:2')
        const given = [3, 12, 5].map((order) =>
          verdict(`v${order}`, ['cookie:1'], ['cookie:2'], {
            order,
            question: order === 5 ? null : answered,
          }),
        )
        await committed(store, { questions: [asked], verdicts: given })
        expectEqual(await store.question('q1'), asked, 'the open one')
        expectEqual(await store.question('q2'), null, 'the answered one')
        const [third, twelfth, fifth] = given
        expectEqual(await store.verdicts(null, 10), [twelfth, fifth, third], 'all')
        expectEqual(await store.verdicts(null, 2), [twelfth, fifth], 'the first page')
        expectEqual(await store.verdicts(5, 2), [third], 'the second page')
        expectEqual(await store.verdictOn('q2'), twelfth, 'the latest on it')
        expectEqual(await store.verdictOn('q1'), null, 'on the open one')
        expectEqual(await store.verdictOn('v5'), fifth, 'by its own id')
        await committed(store, { verdictsRemoved: ['v12'] })
        expectEqual(await store.verdictOn('q2'), third, 'what stands when that was taken back')
      }),
  },
  {
    name: 'questions come page by page, those worth most first, of equal ones by id; nothing twice while others go',
    run: (subject) =>
      withStore(subject, async (store, { people, question }) => {
        const worths = { rev_c: 5, rev_a: 5, rev_d: 9_000_000_000, rev_b: 5, rev_e: 1 }
        const questions = Object.entries(worths).map(([id, worth]) =>
          question(id, 'cookie:1', 'cookie:2', { worth, scoredBy: id === 'rev_a' ? 'v1' : null }),
        )
        await committed(store, people('cookie:1'), people('cookie:2'), { questions })
        const found: QuestionRecord[] = []
        for (let after: QuestionPlace | null = null; ;) {
          const page: readonly QuestionRecord[] = await store.questions(after, 2)
          const last = page.at(-1)
          if (last === undefined) break
          found.push(...page)
          after = last
          await committed(store, { questionsRemoved: page.map(({ id }) => id) })
        }
        const wanted = ['rev_d', 'rev_a', 'rev_b', 'rev_c', 'rev_e']
        expectEqual(
          found,
          wanted.map((id) => questions.find((one) => one.id === id)),
          'the questions',
        )
      }),
  },
  {
    name: 'the membership names each member by its key and its profile by id, state and revision',
    run: (subject) =>
      withStore(subject, async (store, { people, witnesses, profile, key }) => {
        await committed(store, people('email:a', 'cookie:1'), people('cookie:2'), witnesses('ip:1'))
        await committed(store, {
          profiles: [
            profile('email:a', {
              version: 1,
              size: 2,
              state: 'confirmed',
              revision: 7,
              weakest: 5,
            }),
            profile('gone', { size: 0, redirect: profileId('email:a') }),
          ],
        })
        const found = await store.membership()
        const rows = [...found.members].map((member, i) => {
          const at = found.profileOf[i] ?? -1
          return [
            String(member),
            found.ids[at],
            found.confirmed[at],
            found.revisions[at],
            found.weakest[at],
          ]
        })
        const number = (name: string): string =>
          String(BigInt.asIntN(64, BigInt(`0x${key(name).slice(0, 16)}`) ^ (1n << 63n)))
        expectEqual(
          ordered(rows),
          ordered([
            [number('email:a'), profileId('email:a'), 1, 7, 5],
            [number('cookie:1'), profileId('email:a'), 1, 7, 5],
            [
              number('cookie:2'),
              profileId('cookie:2'),
              0,
              1,
              found.weakest[found.ids.indexOf(profileId('cookie:2'))],
            ],
          ]),
          'the members',
        )
        expectEqual(found.position, await store.position('log'), 'the position')
      }),
  },
]

function ordered(list: readonly (readonly unknown[])[]): readonly string[] {
  return list.map((row) => row.join(' ')).toSorted()
}
