// Messages a second, from pulses.
import type { PulseAnswer } from 'selfsame/client'
import { expect, test } from 'vitest'

import { averageOf, BEATS_MAX, GAP_MS, type Pulses, ratesOf, withPulse } from './pulses.ts'

const START = Date.UTC(2026, 2, 2)

const pulse = (afterMs: number, records: number): PulseAnswer => ({
  at: new Date(START + afterMs).toISOString(),
  log_records: records,
  applied: records,
  identifiers: 0,
  profiles: 0,
  edges: 0,
  questions: 0,
  waiting: 0,
  run: null,
  problem: null,
})

const after = (...pulses: readonly (readonly [ms: number, records: number])[]): Pulses['beats'] => {
  let all: Pulses | null = null
  for (const [ms, records] of pulses) all = withPulse(all, pulse(ms, records))
  return all?.beats ?? []
}

test('the rate is what came between two pulses, by the time between them', () => {
  const [at, rates] = ratesOf(after([0, 100], [2_000, 120], [4_000, 120], [5_000, 123]))
  expect(rates).toEqual([10, 0, 3])
  expect(at).toEqual([2, 4, 5].map((seconds) => START / 1_000 + seconds))
})

test('of one pulse, or none, there is nothing to say', () => {
  expect(ratesOf(after([0, 100]))).toEqual([[], []])
  expect(averageOf(after([0, 100]))).toBe(null)
  expect(averageOf([])).toBe(null)
})

test('where nobody looked there is a gap, which the average leaves out', () => {
  const beats = after([0, 0], [1_000, 10], [1_001 + GAP_MS, 5_000], [2_001 + GAP_MS, 5_020])
  expect(ratesOf(beats)[1]).toEqual([10, null, 20])
  expect(averageOf(beats)).toBe(15)
  expect(ratesOf(after([0, 0], [GAP_MS, 10]))[1]).toEqual([1])
})

test('a log that is shorter than it was begins anew, as does a clock that was put back', () => {
  expect(after([0, 100], [2_000, 50])).toHaveLength(1)
  expect(after([2_000, 100], [0, 150])).toHaveLength(1)
})

test('only so many are kept', () => {
  const many = Array.from({ length: BEATS_MAX + 5 }, (_, i) => [i * 2_000, i] as const)
  const beats = after(...many)
  expect(beats).toHaveLength(BEATS_MAX)
  expect(beats.at(-1)?.records).toBe(BEATS_MAX + 4)
})
