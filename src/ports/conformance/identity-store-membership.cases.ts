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
