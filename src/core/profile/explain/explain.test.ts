// What is explained is what was decided: on small random worlds under a model, pair by pair.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from '../../../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../../../test/worlds/small-world.ts'
import { evidenceOfScore } from '../../evidence/learned/model.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { Policy } from '../../policy/policy.ts'
import { absorbCrowds } from '../view/absorb.ts'
import { holdingOf, pairsWithin } from '../alike/alike-pairs.ts'
import { componentsOf } from '../component.ts'
import { type Explanation, explain } from './explain.ts'
import { learnedPairs } from '../alike/learned-pairs.ts'
import { newPass } from '../view/neighbours.ts'
import { stageA } from '../stage-a.ts'
import type { View, ViewNode } from '../view/view.ts'

/** Every pair of a world is explained, which costs as much as ten worlds elsewhere. */
const RUNS = { numRuns: Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / 10) }

const policy = smallPolicy('learned')
const { knowledge } = policy
if (knowledge === null) throw new Error('a policy that has learned')

const membersOf = (view: View): readonly ViewNode[] =>
  [...view.nodes()].filter(({ profile }) => profile !== '')

/** A whole view misses only crowds that nobody was in. */
function explained(view: View, under: Policy, a: string, b: string): Explanation {
  for (let round = 0; round < 50; round++) {
    const found = explain(view, under, a, b)
    if (!('needs' in found)) return found
    expect(found.needs.nodes).toEqual([])
    absorbCrowds(view, under, found.needs.crowds, [])
  }
  throw new Error('never explained')
}

function* pairsOf(view: View): Iterable<readonly [ViewNode, ViewNode]> {
  const members = membersOf(view)
  for (const [i, a] of members.entries()) for (const b of members.slice(i + 1)) yield [a, b]
}

test('every pair of a waterfall adds up, and its sum is the score that stage B decided by', () => {
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const view = play(policy, [facts])
      const keys = new Map<string, Key>(
        membersOf(view).map((node) => [`${node.type}:${node.value}`, node.key] as const),
      )
      for (const [a, b] of pairsOf(view)) {
        const { model } = explained(view, policy, a.key, b.key)
        for (const { signals, bias, sum, joinFrom, met, from, to } of model?.pairs ?? []) {
          expect(signals.reduce((all, { weight }) => all + weight, bias)).toBe(sum)
          const cookie = view.node(keys.get(from) ?? '')
          if (cookie === undefined) throw new Error(`no ${from}`)
          const seen = learnedPairs(newPass(view, policy), knowledge, cookie, [])
          const used = seen.get(keys.get(to) ?? '')?.learned ?? 0
          expect(used).toBe(met && sum >= joinFrom ? evidenceOfScore(sum) : 0)
        }
      }
    }),
    RUNS,
  )
})

test('of two together every join on the way is shown, of two apart the reason', () => {
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const view = play(policy, [facts])
      for (const [a, b] of pairsOf(view)) {
        const { together, model, path, weakest, threshold, score } = explained(
          view,
          policy,
          a.key,
          b.key,
        )
        expect(together).toBe(a.profile === b.profile)
        if (model === null) continue
        const joins = path.filter(({ kind }) => kind === 'alike')
        const expected = together ? model.pairs.map(({ from, to }) => `${from} ${to}`) : []
        expect(joins.map(({ from, to }) => `${from} ${to}`)).toEqual(expected)
        expect(model.because === null).toBe(together)
        expect(model.because ?? '').not.toMatch(/^nothing stands against|decided to be one earlier/)
        for (const { sum, joinFrom } of model.pairs) expect(together && sum < joinFrom).toBe(false)
        expect(weakest === null).toBe(path.length === 0)
        const worths = model.pairs.map(({ probability }) => probability)
        expect(score).toBe(worths.length === 0 ? 0 : Math.min(...worths))
        expect(threshold).toBe(model.pairs[0]?.threshold ?? 0.85)
      }
    }),
    RUNS,
  )
})

test('the joins that hold a profile are worth what its record says', () => {
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const view = play(policy, [facts])
      for (const { key, profile } of membersOf(view)) {
        const pass = newPass(view, policy)
        const groups = componentsOf(pass, [key])
          .components.flatMap((component) => stageA(pass, component).groups)
          .filter(({ nodes }) => nodes[0]?.profile === profile)
        if (groups.length < 2) continue
        const joins = holdingOf(pairsWithin({ pass, knowledge, asks: [] }, groups))
        expect(joins).toHaveLength(groups.length - 1)
        const links = [
          ...joins.map(({ score }) => evidenceOfScore(score)),
          ...groups.flatMap(({ weakest }) => weakest ?? []),
        ]
        expect(Math.min(...links)).toBe(view.profiles.get(profile)?.weakest)
      }
    }),
    RUNS,
  )
})

test('a model that is stopped says so to whoever it would have joined', () => {
  const stopped: Policy = { ...policy, knowledge: { ...knowledge, stopped: true } }
  fc.assert(
    fc.property(smallWorld, (facts) => {
      const view = play(stopped, [facts])
      for (const [a, b] of pairsOf(view)) {
        const { together, model, refusal } = explained(view, stopped, a.key, b.key)
        if (model === null || together) continue
        expect(model.stopped).toBe(true)
        const [pair] = model.pairs
        const would = pair !== undefined && pair.met && pair.sum >= pair.joinFrom
        const told = /stopped|shared|quarantine/.test(model.because ?? '') || refusal !== null
        expect(!would || told).toBe(true)
      }
    }),
    RUNS,
  )
})
