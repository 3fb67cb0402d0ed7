// The benchmark of the console runs, small, so that it cannot rot. Nothing is said of its times.
import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { hasChromium } from '../clients/browser/chromium.ts'

// reason: a machine may have no Chromium
test.skipIf(!hasChromium)('the benchmark of the console measures what it says', () => {
  const world = ['--profiles', '120', '--questions', '300', '--identifiers', '30']
  const sizes = ['--messages', '200', '--rows', '150', '--decisions', '2', '--times', '1']
  const args = ['bench/console/run.ts', ...world, ...sizes, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ questions: 301, large_identifiers: 30, decisions: 2 })
  expect(figures['result']).toMatch(/^[0-9a-f]{16}$/)
  const parts = ['first_view', 'overview', 'activity', 'graph', 'queue', 'scroll_frame', 'jump']
  const others = ['decide_to_next', 'gone_in_second_browser', 'floor_empty_page', 'floor_click']
  for (const name of [...parts, ...others])
    expect([name, Number(figures[`${name}_max_ms`]) > 0]).toEqual([name, true])
  // What the first view loads is part of the bundle.
  const { bundle_gzip_kb: all, first_view_gzip_kb: first } = figures
  expect(Number(first)).toBeGreaterThan(0)
  expect(Number(first)).toBeLessThanOrEqual(Number(all))
})
