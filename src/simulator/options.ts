// The frame of a world: how large it may be, and what is taken where nothing is said.

import type { Trouble } from './trouble.ts'
import { TROUBLES } from './trouble.ts'

/** What a world is made from. Days are whole UTC days; `startAt` is epoch ms. */
export interface WorldOptions {
  readonly people: number
  readonly seed: number
  readonly days: number
  readonly hard: boolean
  readonly trouble: Trouble
  readonly startAt: number
}

// A million is promised; a person's number must fit 22 bits beside kiosks and bots.
const PEOPLE_MAX = 1_000_000
// The hours of a world must fit 16 bits in a cookie jar.
const DAYS_MAX = 2_500
// The year 2100.
const START_AT_MAX_MS = 4_102_444_800_000

/** Two months hold a story of research, sign-up, order and return; 2026-03-02 is a Monday. */
export const WORLD_DEFAULTS: Omit<WorldOptions, 'people'> = {
  seed: 1,
  days: 60,
  hard: false,
  trouble: 'none',
  startAt: 1_772_409_600_000,
}

/** Options with defaults filled in. Throws a RangeError that names what is out of range. */
export function worldOptions(options: Partial<WorldOptions> & { people: number }): WorldOptions {
  const world = { ...WORLD_DEFAULTS, ...options }
  requireWhole('people', world.people, 1, PEOPLE_MAX)
  requireWhole('days', world.days, 1, DAYS_MAX)
  requireWhole('seed', world.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  requireWhole('startAt', world.startAt, 0, START_AT_MAX_MS)
  if (!TROUBLES.includes(world.trouble)) {
    throw new RangeError(`trouble must be one of ${TROUBLES.join(', ')}, not ${world.trouble}`)
  }
  return world
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`)
}
