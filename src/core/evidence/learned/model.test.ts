// A model scores by adding whole numbers, is the same read back from its document, and its evidence is a probability's.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { confidenceOf } from '../../policy/evidence-unit.ts'
import type { Model } from '../../policy/knowledge.ts'
import {
  evidenceOfScore,
  PAIR_BIN_COUNTS,
  probabilityOfScore,
  scoreOf,
  writeBins,
} from './model.ts'
import { documentOf, modelOf } from './model-document.ts'
import { BIN_COUNTS, MISSING, SIGNAL_COUNT } from './signals.ts'

const drawn = (random: () => number): Model => ({
  bias: random(),
  weights: BIN_COUNTS.map((bins) =>
    Int32Array.from({ length: bins }, (_, bin) => (bin === 0 ? 0 : random())),
  ),
  pairWeights: PAIR_BIN_COUNTS.map((bins) => Int32Array.from({ length: bins }, random)),
  joinFrom: random(),
})
const modelArb = fc.integer({ min: 1, max: 1_000_000 }).map((seed) => {
  let state = seed
  return drawn(() => {
    state = (state * 48_271) % 2_147_483_647
    return (state % 6_001) - 3_000
  })
})

test('read back from its document it is the same; one with other signals is not read', () => {
  fc.assert(
    fc.property(modelArb, (model) => {
      const document = documentOf(model)
      expect(modelOf(structuredClone(document))).toEqual(model)
      const { addresses, ...others } = document.signals
      expect(modelOf({ ...document, signals: others })).toBeNull()
      expect(
        modelOf({ ...document, signals: { ...others, addresses: [...(addresses ?? []), 1] } }),
      ).toBeNull()
    }),
    { numRuns: 20 },
  )
})

test('of whom nothing is known the score is the bias', () => {
  fc.assert(
    fc.property(modelArb, (drawnModel) => {
      const model = {
        ...drawnModel,
        pairWeights: drawnModel.pairWeights.map((w) => w.map(() => 0)),
      }
      const bins = new Uint8Array(SIGNAL_COUNT)
      writeBins(new Int32Array(SIGNAL_COUNT).fill(MISSING), bins, 0)
      expect(scoreOf(model, bins)).toBe(model.bias)
    }),
    { numRuns: 20 },
  )
})

test('evidence of a score is that of its probability, and never falls', () => {
  let before = -1
  for (let score = -13_000; score <= 13_000; score += 7) {
    const evidence = evidenceOfScore(score)
    expect(evidence).toBeGreaterThanOrEqual(before)
    before = evidence
    // Shown confidences end at 0.9999.
    const probability = Math.min(probabilityOfScore(score), 0.9999)
    expect(Math.abs(confidenceOf(evidence) - probability)).toBeLessThan(0.003)
  }
})
