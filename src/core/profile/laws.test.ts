// The laws on small random worlds: what is decided one by one, at once, shuffled or doubled is the same.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from '../../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import type { Policy } from '../policy/policy.ts'
import { describeProfile } from './explain/describe.ts'
import type { View } from './view/view.ts'

function partition(view: View): string {
  const profiles = new Map<string, string[]>()
  for (const node of view.nodes()) {
    if (node.component === '') continue
    expect(node.profile).not.toBe('')
    profiles.set(
      node.profile,
      [
        ...(profiles.get(node.profile) ?? []),
        `${node.type}:${node.namespace}:${node.value} (${node.clues.join()})`,
      ].toSorted(),
    )
  }
  return [...profiles.values()]
    .map((m) => m.join(' '))
    .toSorted()
    .join('\n')
}

const questions = (view: View): string =>
  [...view.questions.values()]
    .map((q) => `${q.a} ${q.b} ${q.guard} ${q.evidence} ${q.scoredBy} ${q.worth}`)
    .toSorted()
    .join('\n')

const described = (view: View, policy: Policy) =>
  [...view.nodes()].map(({ key }) => describeProfile(view, policy, key))

for (const merge of [0.85, 0.28, 'learned'] as const) {
  const policy = smallPolicy(merge)

  test(`what was said of a profile before is not said again when it has changed (threshold ${merge})`, () => {
    fc.assert(
      fc.property(smallWorld, (facts) => {
        const thirds = Math.max(1, Math.ceil(facts.length / 3))
        play(
          policy,
          [0, 1, 2].map((third) => facts.slice(third * thirds, (third + 1) * thirds)),
          (view) => {
            const remembered = described(view, policy)
            view.weakestLinks.clear()
            expect(remembered).toEqual(described(view, policy))
          },
        )
      }),
    )
  })

  test(`profiles are a function of the facts: one by one, at once, shuffled, doubled (threshold ${merge})`, () => {
    fc.assert(
      fc.property(smallWorld, fc.infiniteStream(fc.nat()), (facts, random) => {
        const atOnce = play(policy, [facts])
        const oneByOne = play(
          policy,
          facts.map((f) => [f]),
        )
        const shuffled = facts
          .map((f) => ({ f, n: random.next().value as number }))
          .toSorted((x, y) => x.n - y.n)
          .map(({ f }) => f)
        const doubled = [...shuffled, ...shuffled.slice(0, 5)]
        expect(partition(oneByOne)).toBe(partition(atOnce))
        expect(questions(oneByOne)).toBe(questions(atOnce))
        const again = play(
          policy,
          doubled.map((f) => [f]),
        )
        expect(partition(again)).toBe(partition(atOnce))
        expect(questions(again)).toBe(questions(atOnce))
      }),
    )
  })
}
