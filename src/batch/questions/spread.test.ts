// The order of questions: cases as a table, and that it is what picking the best again and again gives.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Askable, HALF_AFTER, mostWorthFirst } from './spread.ts'

/** `NAME KIND WORTH`, in the order they come in, and if need be the number of a profile that it is about. */
const asked = (...lines: readonly string[]) =>
  lines.map((line, i) => {
    const [name = '', kind = '', worth = '', about = ''] = line.split(' ')
    const sides = [about === '' ? 100 + 2 * i : Number(about), 101 + 2 * i] as const
    return { name, kind: Number(kind), worth: Number(worth), sides }
  })

test.each([
  {
    what: 'by worth',
    given: asked('a 1 10', 'b 2 30', 'c 3 20'),
    wanted: ['b 30', 'c 20', 'a 10'],
  },
  {
    what: 'of equal worth another kind comes first',
    given: asked('a 1 90', 'b 1 90', 'c 1 90', 'd 2 90', 'e 2 90'),
    wanted: ['a 90', 'd 90', 'b 80', 'e 80', 'c 72'],
  },
  {
    what: 'a kind must be worth much more to be asked again and again',
    given: asked('a 1 1000', 'b 1 1000', 'c 1 1000', 'd 2 100'),
    wanted: ['a 1000', 'b 888', 'c 800', 'd 100'],
  },
  {
    what: 'after so many of its kind it is worth half',
    given: asked(...Array.from({ length: HALF_AFTER + 1 }, (_, i) => `q${i} 1 800`)),
    wanted: [
      'q0 800',
      'q1 711',
      'q2 640',
      'q3 581',
      'q4 533',
      'q5 492',
      'q6 457',
      'q7 426',
      'q8 400',
    ],
  },
  {
    what: 'about another profile first',
    given: asked('a 1 900 7', 'b 2 900 7', 'c 3 800', 'd 4 900 7'),
    wanted: ['a 900', 'c 800', 'b 600', 'd 450'],
  },
  { what: 'ties as they came', given: asked('a 2 5', 'b 1 5'), wanted: ['a 5', 'b 5'] },
  { what: 'never worth nothing', given: asked('a 1 1', 'b 1 1'), wanted: ['a 1', 'b 1'] },
])('$what', ({ given, wanted }) => {
  expect(mostWorthFirst(given, 100).map(({ name, worth }) => `${name} ${worth}`)).toEqual(wanted)
  expect(mostWorthFirst(given, 1)).toHaveLength(1)
})

test('of as many profiles: what picking the best again and again gives, each by what has been picked before', () => {
  const question = fc.record({
    worth: fc.integer({ min: 1, max: 60 }),
    kind: fc.nat({ max: 3 }),
    at: fc.constant(0),
    sides: fc.constant([0, 0] as const),
  })
  fc.assert(
    fc.property(fc.array(question, { maxLength: 30 }), fc.nat({ max: 30 }), (raw, max) => {
      const questions = raw.map((one, at) => ({ ...one, at, sides: [2 * at, 2 * at + 1] as const }))
      const spread = mostWorthFirst(questions, max)
      expect(spread.map(({ worth }) => worth)).toEqual(picked(questions, max))
      const whole = mostWorthFirst(questions, questions.length)
      expect(whole.slice(0, max)).toEqual(spread)
      expect(whole.map(({ at }) => at).toSorted((x, y) => x - y)).toEqual([...questions.keys()])
    }),
  )
})

function picked(questions: readonly Askable[], max: number): number[] {
  // Rounded down two may be worth alike: then the one that is worth more by itself.
  const left = questions.toSorted((x, y) => y.worth - x.worth)
  const before = new Map<number, number>()
  const worths: number[] = []
  while (left.length > 0 && worths.length < max) {
    const now = left.map(({ worth, kind }) =>
      Math.max(1, Math.floor((worth * HALF_AFTER) / (HALF_AFTER + (before.get(kind) ?? 0)))),
    )
    const best = now.indexOf(Math.max(...now))
    worths.push(now[best] ?? 0)
    const kind = left[best]?.kind ?? 0
    before.set(kind, (before.get(kind) ?? 0) + 1)
    left.splice(best, 1)
  }
  return worths
}
