// kill -9 at random instants of a load: every acknowledged message is in the log exactly once, none is half there, and
// the profiles are those of a load that nobody disturbed. SELFSAME_KILLS sets how many, SELFSAME_WORLD_PEOPLE how large
// the worlds are, SELFSAME_SEED draws the same instants again.
import { expect, test } from 'vitest'

import { SEED } from './random.ts'
import { playSeries } from './series.ts'

const KILLS = Number(process.env['SELFSAME_KILLS'] ?? 5)
const SIZE = { people: Number(process.env['SELFSAME_WORLD_PEOPLE'] ?? 40), days: 12 }
const KILLS_PER_SERIES_MAX = 10
/** Generous: a kill takes a second or two, on a machine that does nothing else. */
const MS_PER_KILL_MAX = 30_000

test.concurrent.for([
  ['a file', false],
  ['a file and requests in turn', true],
] as const)(
  `kills lose and double nothing of %s (${KILLS} in all, seed ${SEED})`,
  { timeout: 60_000 + KILLS * MS_PER_KILL_MAX },
  async ([, isMixed]) => {
    const count = isMixed ? Math.floor(KILLS / 2) : Math.ceil(KILLS / 2)
    let done = 0
    for (let seed = SEED; done < count; seed++) {
      const kills = Math.min(count - done, KILLS_PER_SERIES_MAX)
      done += await playSeries({ seed, size: SIZE, kills, isMixed })
    }
    expect(done).toBe(count)
  },
)
