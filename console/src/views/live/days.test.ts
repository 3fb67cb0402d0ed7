// Days of the census as points of a chart.
import { expect, test } from 'vitest'

import { pointsOf } from './days.ts'

const day = (date: string, cookies: number, people: number) => ({ day: date, cookies, people })
const at = (date: string): number => Date.parse(date) / 1_000

test('days beside each other are as they are', () => {
  expect(pointsOf([day('2026-03-01', 3, 2), day('2026-03-02', 5, 4)])).toEqual([
    [at('2026-03-01'), at('2026-03-02')],
    [3, 5],
    [2, 4],
  ])
  expect(pointsOf([])).toEqual([[], [], []])
})

test('between days that are apart nobody came', () => {
  const [days, cookies, people] = pointsOf([
    day('2026-03-01', 3, 2),
    day('2026-03-03', 1, 1),
    day('2026-04-01', 5, 4),
  ])
  expect(days).toEqual(
    ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-31', '2026-04-01'].map(at),
  )
  expect(cookies).toEqual([3, 0, 1, 0, 0, 5])
  expect(people).toEqual([2, 0, 1, 0, 0, 4])
})
