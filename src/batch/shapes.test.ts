// The law of partition.test.ts on graphs of shapes: crowds at every limit, long paths, ties, households. The live path,
// with all in memory or with little of it, and the batch come to the same profiles.
// A world that differs is named by its seed: SELFSAME_SHAPES=12,34 plays just these.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { differencesOf } from '../../test/batch/against-live.ts'
import { shapesPolicy } from '../../test/worlds/shaped-world.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 50

const asked = process.env['SELFSAME_SHAPES']?.split(',').map(Number) ?? []
const runs = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS / 2)
const seedArb = fc.noShrink(
  fc.uniqueArray(fc.nat(2 ** 31 - 1), { minLength: WORLDS, maxLength: WORLDS, size: 'max' }),
)

for (const merge of [0.85, 0.28]) {
  test(
    `graphs of shapes come out of a batch as they do live (threshold ${merge})`,
    { timeout: 600_000 },
    async () => {
      const policy = shapesPolicy(merge)
      if (asked.length > 0) {
        expect(await differencesOf(asked, policy)).toEqual([])
        return
      }
      await fc.assert(
        fc.asyncProperty(seedArb, async (seeds) => {
          expect(await differencesOf(seeds, policy)).toEqual([])
        }),
        { numRuns: runs },
      )
    },
  )
}
