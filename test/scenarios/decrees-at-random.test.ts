// Decrees on small random worlds, at both thresholds: when they are given does not matter, and erasing leaves no trace.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Decree } from '../../src/core/profile/apply-decree.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { extractionOf } from '../extraction.ts'
import { decreeArb, type Told, told } from '../worlds/decrees.ts'
import { smallPolicy, smallWorld } from '../worlds/small-world.ts'
import { type Graph, newGraph, playStep, unwhole } from './graph.ts'
import { newNames } from './names.ts'
import { withoutIdentifiers } from './orders.ts'
import { partitionText } from './reading.ts'

const extraction = extractionOf()
const names = newNames(extraction)

function playAll(policy: Policy, all: readonly (Told & { readonly order: number })[]): Graph {
  const graph = newGraph(
    policy,
    extraction,
    all.flatMap(({ facts }) => facts),
  )
  for (const { facts, decree, order } of all) {
    const dated = decree === null ? null : { id: `d${order}`, at: 1, author: 'sam', order, decree }
    playStep(graph, { batches: facts.length === 0 ? [] : [facts], dated })
  }
  return graph
}

const end = (graph: Graph): readonly [string, readonly string[]] => [
  partitionText(graph, names, false),
  unwhole(graph),
]

for (const merge of [0.85, 0.28, 'learned'] as const) {
  const policy = smallPolicy(merge)
  test(`decrees between the facts or after all of them (threshold ${merge})`, () => {
    fc.assert(
      fc.property(smallWorld, fc.array(decreeArb, { maxLength: 6 }), (facts, decrees) => {
        const between = told(facts, decrees).map((one, order) => ({ ...one, order }))
        const after = [
          { facts, decree: null, order: -1 },
          ...between.filter(({ decree }) => decree !== null),
        ]
        expect(end(playAll(policy, between))).toEqual(end(playAll(policy, after)))
      }),
    )
  })

  test(`erasing identifiers under standing decrees leaves no trace (threshold ${merge})`, () => {
    fc.assert(
      fc.property(
        smallWorld,
        fc.array(decreeArb, { maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        (facts, decrees, picks) => {
          const keys = [...new Set(facts.flatMap((fact) => fact.identifiers.map(({ key }) => key)))]
          fc.pre(keys.length > 0)
          const erased = new Set(picks.map((n) => keys[n % keys.length] ?? ''))
          const before = told(facts, decrees).map((one, order) => ({ ...one, order }))
          const erasure: Decree = { type: 'erasure', identifiers: [...erased] }
          const never = before.map((one) => ({
            ...one,
            facts: one.facts.map((fact) => withoutIdentifiers(fact, erased)),
          }))
          const graph = playAll(policy, [...before, { facts: [], decree: erasure, order: 1_000 }])
          expect(end(graph)).toEqual(end(playAll(policy, never)))
        },
      ),
    )
  })
}
