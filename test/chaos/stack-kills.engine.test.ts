// kill -9 of processors, broker and Redis, in turn and together, under load: every acknowledged message takes effect once,
// the profiles are those of one resolver on the same log, nobody outside misses a change, and the archive has it all.
// SELFSAME_KILLS sets how many rounds, SELFSAME_SEED draws the same ones again.
import { expect, test } from 'vitest'

import { SEED } from './random.ts'
import { servers } from './stack/servers.ts'
import { playStackSeries } from './stack/series.ts'

const ROUNDS = Number(process.env['SELFSAME_KILLS'] ?? 10)
const ROUNDS_PER_SERIES_MAX = 20
const PEOPLE = 100
/** Generous: a broker takes its time to come back. */
const MS_PER_ROUND_MAX = 60_000
const started = servers()

test(
  `kills of everything lose and double nothing (${ROUNDS} rounds, seed ${SEED})`,
  { timeout: 120_000 + ROUNDS * MS_PER_ROUND_MAX },
  async () => {
    let done = 0
    for (let series = 1; done < ROUNDS; series++) {
      const rounds = Math.min(ROUNDS - done, ROUNDS_PER_SERIES_MAX)
      const seed = SEED + series
      const startedAt = Date.now()
      const killed = await playStackSeries({
        servers: started(),
        seed,
        rounds,
        people: PEOPLE,
        series,
      })
      process.stderr.write(
        `seed ${seed}, ${rounds} rounds in ${Date.now() - startedAt} ms: ${killed}\n`,
      )
      done += rounds
    }
    expect(done).toBe(ROUNDS)
  },
)
