// Who would leave if an edge were cut: the smaller side of what holds.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { sideOf } from './side-of-edge.ts'

type Parts = Parameters<typeof sideOf>[0]

/** A graph of members m0 … and witnesses; each pair of numbers an edge that holds. */
function graphOf(members: number, pairs: readonly (readonly [number, number])[]): Parts {
  const seen = { first_seen: null, last_seen: null, sites: [], quarantined: false }
  const node = (identifier: string, profile: string | null): Parts['nodes'][number] => ({
    identifier,
    profile,
    type: 'cookie',
    namespace: '',
    value: identifier,
    ...seen,
    shared_because: null,
    promiscuity: null,
  })
  return {
    profile: 'prf_1',
    nodes: [
      ...Array.from({ length: members }, (_, n) => node(`m${n}`, 'prf_1')),
      node('other', 'prf_2'),
      node('ip', null),
    ],
    edges: pairs.map(([a, b]) => edgeOf(`m${a}`, `m${b}`, true)),
  }
}

function edgeOf(from: string, to: string, holds: boolean): Parts['edges'][number] {
  const seen = { first_seen: '', last_seen: '', sites: [], count: 1 }
  const worth = { confidence: 0.9, effective_confidence: 0.9, cut: null, scored_by: null }
  return { from, to, kind: 'login', holds, ...seen, ...worth }
}

describe('the side that leaves', () => {
  const chain = graphOf(5, [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ])

  test('is the smaller one, whichever way the edge points', () => {
    const small = { kind: 'side', leaves: ['m3', 'm4'], stays: 3 }
    expect(sideOf(chain, edgeOf('m2', 'm3', true), 5)).toEqual(small)
    expect(sideOf(chain, edgeOf('m3', 'm2', true), 5)).toEqual(small)
    expect(sideOf(chain, edgeOf('m0', 'm1', true), 5)).toEqual({
      kind: 'side',
      leaves: ['m0'],
      stays: 4,
    })
  })

  test('goes with every edge between the two, and never with who is of another profile', () => {
    const twice = {
      ...chain,
      edges: [...chain.edges, edgeOf('m3', 'm2', true), edgeOf('m3', 'other', true)],
    }
    expect(sideOf(twice, edgeOf('m2', 'm3', true), 5)).toMatchObject({ leaves: ['m3', 'm4'] })
  })

  test('is none where the edge does not hold, others hold, or members are missing', () => {
    expect(sideOf(chain, edgeOf('m0', 'm4', false), 5)).toEqual({ kind: 'loose' })
    const ring = graphOf(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ])
    expect(sideOf(ring, edgeOf('m0', 'm1', true), 3)).toEqual({ kind: 'holds' })
    expect(sideOf(chain, edgeOf('m0', 'm1', true), 6)).toEqual({ kind: 'unknown' })
  })

  test('and the one that stays are all members, of any tree', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), fc.nat(), (parents, at) => {
        const pairs = parents.map((parent, n) => [n + 1, parent % (n + 1)] as const)
        const tree = graphOf(parents.length + 1, pairs)
        const [from = 0, to = 0] = pairs[at % pairs.length] ?? []
        const cut = sideOf(tree, edgeOf(`m${from}`, `m${to}`, true), parents.length + 1)
        if (cut.kind !== 'side') throw new Error(cut.kind)
        expect(cut.leaves.length + cut.stays).toBe(parents.length + 1)
        expect(cut.leaves.length).toBeLessThanOrEqual(cut.stays)
        expect(cut.leaves.includes(`m${from}`)).not.toBe(cut.leaves.includes(`m${to}`))
      }),
    )
  })
})
