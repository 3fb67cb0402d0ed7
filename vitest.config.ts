// Tests stand beside the code and in test/. Failing properties print their seed themselves.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,scripts}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    setupFiles: ['test/setup.ts'],
  },
})
