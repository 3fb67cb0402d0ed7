// Questions of a run beside those of the live path, over small random worlds: none that is answered, none lost.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from '../../../test/worlds/play.ts'
import { ids, smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import { ask, type AlikePair, takeBack } from './ask.ts'
import { newPass, type Pass } from './view/neighbours.ts'
import type { QuestionRecord } from './view/records.ts'
import { isOfARun } from './questions.ts'
import { isShared } from './shared/shared.ts'
import { hasUnstored, takeUnstored } from './view/unstored.ts'
import type { View } from './view/view.ts'

const policy = smallPolicy(0.9)

/** Every two cookies. */
function everyPair(view: View): AlikePair[] {
  const cookies = [...view.nodes()].filter(({ type }) => type === 'cookie')
  return cookies.flatMap(({ key: a }, i) =>
    cookies
      .slice(i + 1)
      .map(({ key: b }) => ({ a, b, evidence: 1, reason: 'alike', scoredBy: null, worth: 1 })),
  )
}

const asked = (view: View): QuestionRecord[] => [...view.questions.values()].filter(isOfARun)

test('asked twice leaves no trace; nobody is asked about one profile, a shared cookie, or what the live path asks', () => {
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const thirds = Math.max(1, Math.ceil(facts.length / 3))
      const batches = [0, 1, 2].map((third) => facts.slice(third * thirds, (third + 1) * thirds))
      let before = new Set<string>()
      play(policy, batches, (view) => {
        const left = new Set(asked(view).map(({ id }) => id))
        const profileOf = (key: string): string => view.node(key)?.profile ?? ''
        // What is left of the questions of before is about two profiles; what is gone is not, or is the live path's.
        for (const { a, b } of asked(view)) expect(profileOf(a)).not.toBe(profileOf(b))
        const pass = newPass(view, policy)
        const gone = [...before].filter((id) => !left.has(id) && !view.questions.has(id))
        expect(gone.filter((id) => standsAsItDid(pass, id))).toEqual([])
        takeUnstored(view)
        const pairs = everyPair(view)
        const standing = ask(view, policy, pairs, ids)
        for (const { a, b } of asked(view)) {
          expect(profileOf(a)).not.toBe(profileOf(b))
          expect([a, b].some((key) => isShared(pass, view.node(key)!))).toBe(false)
        }
        takeUnstored(view)
        expect(ask(view, policy, pairs, ids)).toEqual(standing)
        expect(hasUnstored(view)).toBe(false)
        before = new Set(asked(view).map(({ id }) => id))
        sides.clear()
        for (const { id, a, b } of asked(view)) sides.set(id, [a, b])
      })
    }),
  )
})

const sides = new Map<string, readonly [string, string]>()

function standsAsItDid(pass: Pass, id: string): boolean {
  const [a, b] = (sides.get(id) ?? []).map((key) => pass.view.node(key)!)
  return a!.profile !== b!.profile && !isShared(pass, a!) && !isShared(pass, b!)
}

test('what a run takes back is gone, the live path’s questions are not', () => {
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const view = play(policy, [facts])
      const live = [...view.questions.values()]
      ask(view, policy, everyPair(view), ids)
      takeBack(view, policy, [...view.questions.values()])
      expect([...view.questions.values()]).toEqual(live)
    }),
  )
})
