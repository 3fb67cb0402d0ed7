// Property settings for every test file: SELFSAME_RUNS cases a property, SELFSAME_SEED replays one.
// fast-check names seed, path and counterexample in the failure it throws, so none is lost.
import { fileURLToPath } from 'node:url'

import { configureGlobal } from 'fast-check'

// Most of a command's start is compiling, and the tests start hundreds: what is compiled is kept for the next one.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('../node_modules/.cache/selfsame', import.meta.url),
)

const runs = Number(process.env['SELFSAME_RUNS'] ?? 100)
if (!Number.isSafeInteger(runs) || runs < 1) {
  throw new RangeError('SELFSAME_RUNS must be a whole number of 1 or more')
}

const seedText = process.env['SELFSAME_SEED']
if (seedText !== undefined && !Number.isSafeInteger(Number(seedText))) {
  throw new RangeError('SELFSAME_SEED must be a whole number')
}

/** A little less than a test of so many runs may take: a failure that is still being made smaller then must be shown. */
const MS_A_RUN = 570
const RUNS_AT_LEAST = 1_000

configureGlobal({
  numRuns: runs,
  interruptAfterTimeLimit: Math.max(runs, RUNS_AT_LEAST) * MS_A_RUN,
  markInterruptAsFailure: true,
  ...(seedText === undefined ? {} : { seed: Number(seedText) }),
})
