// Both ways of making one set of two end in the same roots: the smallest numbers.
import { array, assert, nat, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'

import { Forest } from './forest.ts'

test('join and unite make the same sets', () => {
  const number = nat({ max: 40 })
  assert(
    property(array(tuple(number, number), { maxLength: 80 }), (pairs) => {
      const [united, joined] = [new Forest(41), new Forest(41)]
      const sets = Array.from({ length: 41 }, (_, i) => new Set([i]))
      for (const [a, b] of pairs) {
        united.unite(a, b)
        joined.join(a, b)
        const both = new Set([...(sets[a] ?? []), ...(sets[b] ?? [])])
        for (const one of both) sets[one] = both
      }
      const smallest = Int32Array.from(sets, (set) => Math.min(...set))
      expect(united.roots()).toEqual(smallest)
      expect(joined.roots()).toEqual(smallest)
    }),
    { numRuns: Number(process.env['SELFSAME_RUNS'] ?? 100) },
  )
})
