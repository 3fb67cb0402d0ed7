// The benchmarks run, small, so that they cannot rot. Nothing is said of their times.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

import type { WorldFigures } from '../bench/learned/figures.ts'
import type { Trouble } from '../src/simulator/index.ts'

test('the ingest benchmark measures what it says', () => {
  const sizes = ['--messages', '1500', '--growth', '2', '--single', '20', '--kills-after', '700']
  const args = ['bench/ingest/run.ts', ...sizes, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ messages: 1500, growth: 2, seed: 1 })
  expect(figures['result']).toMatch(/^[0-9a-f]{16}$/)
  for (const name of ['messages_per_s', 'floor_messages_per_s', 'peak_mb', 'ready_after_kill_s']) {
    expect(figures[name]).toBeGreaterThan(0)
  }
})

test('the benchmark of the front door measures what it says, and loses nothing', () => {
  const args = ['bench/serve/run.ts', '--messages', '1000', '--seconds', '0.2', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ messages: 1000, seed: 1, lost: 0, doubled: 0 })
  expect(figures).toMatchObject({ overload_other_answers: 0 })
  expect(figures['result']).toMatch(/^[0-9a-f]{16}$/)
  for (const name of ['messages_per_s', 'empty_messages_per_s', 'single_p99_ms', 'look_ups_per_s'])
    expect(figures[name]).toBeGreaterThan(0)
})

test('the benchmark of a steward’s sitting asks, looks and decides', () => {
  const sizes = ['--profiles', '60', '--questions', '150', '--decisions', '4']
  const large = ['--identifiers', '30', '--messages', '200']
  const args = ['bench/reviews/run.ts', ...sizes, ...large, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ questions: 151, decided: 4, large_identifiers: 60 })
  for (const name of ['first_page_of_50_ms', 'decide_p50_ms', 'look_p50_ms', 'large_look_ms'])
    expect(figures[name]).toBeGreaterThan(0)
})

test.concurrent('the benchmark of a batch run measures what it says', () => {
  const args = ['bench/batch/run.ts', '--millions', '0.001', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ seed: 1, '0.001m_records': 994 })
  expect(figures['0.001m_result']).toMatch(/^[0-9a-f]{16}$/)
  for (const name of ['0.001m_seconds', '0.001m_peak_mb', '0.001m_floor_seconds'])
    expect(figures[name]).toBeGreaterThan(0)
})

test.concurrent('the benchmark of components finds them', () => {
  const args = ['bench/batch/components.ts', '--edges', '5000', '--python', 'none', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ edges: 5000, seed: 1, checked: 'as a map of strings' })
})

test.concurrent('the benchmark of a run that changes nothing has such a run', () => {
  const args = ['bench/batch/reconcile.ts', '--profiles', '300', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const figures = JSON.parse(stdout) as Record<string, number | string>
  expect(figures).toMatchObject({ people: 300, profiles: 301, first_confirmed: 301 })
})

test.concurrent('the benchmark of learning tells what it finds', () => {
  const sizes = ['--people', '120', '--seeds', '1', '--seed', '3', '--python', 'none', '--no-speed']
  const args = ['bench/learned/run.ts', ...sizes, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const { worlds } = JSON.parse(stdout) as { worlds: readonly WorldFigures[] }
  expect(worlds).toHaveLength(1)
  expect(worlds[0]?.seed).toBe(3)
  expect(worlds[0]?.result).toMatch(/^[0-9a-f]{16}$/)
  expect(worlds[0]?.fixed.recall).toBeGreaterThan(0)
  expect(worlds[0]?.boundReaches?.recall).toBeGreaterThan(0)
})

/** People of a world in which what is learned is used where it can be, and whether it is. */
const WORLDS = {
  none: { people: '3000', isUsed: true },
  impostors: { people: '3000', isUsed: true },
  'bot-farm': { people: '3000', isUsed: true },
  'lone-logins': { people: '3000', isUsed: false },
  'office-only': { people: '1000', isUsed: false },
  'no-logins': { people: '1000', isUsed: false },
} as const satisfies Record<Trouble, object>

test.concurrent.each(Object.entries(WORLDS))(
  'what is learned keeps its precision in a small hard world with trouble: %s',
  (trouble, { people, isUsed }) => {
    const sizes = ['--people', people, '--seeds', '1', '--seed', '33', '--trouble', trouble]
    const args = ['bench/learned/run.ts', ...sizes, '--no-bound', '--no-speed', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const { worlds } = JSON.parse(stdout) as { worlds: readonly WorldFigures[] }
    const [world] = worlds
    expect(world?.learned.precision).toBeGreaterThanOrEqual(0.98)
    // Where it is used it finds what the fixed rules do not.
    const findsMore = (world?.learned.recall ?? 0) > (world?.fixed.recall ?? 1)
    expect([world?.training.refused === null, findsMore]).toEqual([isUsed, isUsed])
  },
)
