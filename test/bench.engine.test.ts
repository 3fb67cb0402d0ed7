// The benchmark of the stack runs, small, so that it cannot rot. Nothing is said of its times.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the benchmark of the stack measures what it says', { timeout: 300_000 }, () => {
  const args = ['bench/stack/run.ts', '--messages', '3000', '--seconds', '1', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ messages: 3000, seed: 1 })
  expect(figures['result']).toMatch(/^[0-9a-f]{16}$/)
  for (const name of ['floor_per_s', 'redis_writes', 'changes_seen', 'to_stored_p50_ms'])
    expect(figures[name]).toBeGreaterThan(0)
})
