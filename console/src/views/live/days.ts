// Days as points of a chart. Days on which nobody came are left out of the census; between others they are zero.

import type { StatsAnswer } from 'selfsame/client'

import type { Points } from '../../parts/draw-chart.ts'

type Day = StatsAnswer['days'][number]

const DAY_SECONDS = 86_400
const MS_PER_SECOND = 1_000

export function pointsOf(days: readonly Day[]): Points {
  const points: (readonly [at: number, cookies: number, people: number])[] = []
  for (const { day, cookies, people } of days) {
    const at = Date.parse(day) / MS_PER_SECOND
    const last = points.at(-1)?.[0] ?? at
    // The ends of the silence are enough for the line to lie on the ground.
    if (at - last > DAY_SECONDS) points.push([last + DAY_SECONDS, 0, 0])
    if (at - last > 2 * DAY_SECONDS) points.push([at - DAY_SECONDS, 0, 0])
    points.push([at, cookies, people])
  }
  return [points.map(([at]) => at), points.map(([, n]) => n), points.map(([, , n]) => n)]
}
