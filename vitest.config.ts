// Tests stand beside the code and in test/. A failing property prints its seed (test/setup.ts).
import { defineConfig } from 'vitest/config'

/** Limits grow with the runs a property is asked for (test/setup.ts). */
const minutes = Math.max(1, Number(process.env['SELFSAME_RUNS'] ?? 100) / 100)
/** Where CI wants the counts of this run as JSON. */
const reportFile = process.env['SELFSAME_REPORT']

/** Suites of their own, for their time or for what they need: run only where their variable is set (package.json). */
const SUITES = {
  SELFSAME_BROWSER: ['test/{clients,console}/**'],
  SELFSAME_BENCHES: ['test/{accuracy,bench}.test.ts'],
  SELFSAME_COMMANDS: ['test/cli/**'],
  SELFSAME_PACKAGE: ['test/pack.test.ts'],
  // Against real servers, which are fetched and started (test/engines).
  SELFSAME_ENGINES_TESTS: ['**/*.engine.test.ts'],
  SELFSAME_FAULTS: ['test/chaos/{disk,beside,signals}.test.ts'],
  SELFSAME_LIVE_RUNS: [
    'test/chaos/{hairballs,ids-over-runs,live-runs,policy-change,runs}.test.ts',
    'src/flows/{ask-alike,ask-doubtful,run-batch}.test.ts',
  ],
}

export default defineConfig({
  test: {
    include: ['{src,test,scripts,console/src}/**/*.test.ts'],
    exclude: Object.entries(SUITES).flatMap(([variable, files]) =>
      process.env[variable] === undefined ? files : [],
    ),
    setupFiles: ['test/setup.ts'],
    // A process a file: what a crash, a lock or a signal handler of one test does stays there.
    pool: 'forks',
    // One more than there are cores: some tests wait for clients that come again.
    maxWorkers: 3,
    testTimeout: minutes * 60_000,
    hookTimeout: minutes * 60_000,
    reporters:
      reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text', 'html'],
    },
  },
})
