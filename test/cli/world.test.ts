// A simulated world through the commands: written, loaded, scored against its truth.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { folder, run, runJson, type LoadAnswer } from './run.ts'

const CONFIG = fileURLToPath(
  new URL('../../examples/simulated-shop/selfsame.config.json', import.meta.url),
)

const SCORE = `pair_precision pair_recall pair_f1 pair_f05 b3_precision b3_recall b3_f1 b3_f05
  profiles welded_profiles most_people_in_one shared_wrongly_owned`.split(/\s+/)

test('equal seeds give equal files, packed or not, written or piped', async () => {
  const cwd = await folder()
  const frame = ['simulate', '--people', '30', '--days', '20', '--hard']
  const piped = await run([...frame, '--seed', '7'], { cwd })
  expect(piped.code).toBe(0)
  await run([...frame, '--seed', '7', '--out', 'w.ndjson.gz'], { cwd })
  expect(gunzipSync(await readFile(join(cwd, 'w.ndjson.gz'))).toString()).toBe(piped.stdout)
  expect((await run([...frame, '--seed', '8'], { cwd })).stdout).not.toBe(piped.stdout)
  const messages = piped.stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as object)
  for (const message of messages) expect(message).toHaveProperty('messageId')
})

test('a world is resolved rightly, and a score says how well', async () => {
  const cwd = await folder()
  const files = ['--out', 'w.ndjson', '--truth', 'truth.csv', '--event-truth', 'events.csv']
  const simulated = await run(['simulate', '--people', '150', ...files], { cwd })
  expect(simulated.stderr).toContain('150 people written to w.ndjson')
  const config = ['--config', CONFIG]
  const loaded = await runJson<LoadAnswer>(['ingest', 'w.ndjson', ...config], { cwd })
  expect(loaded.accepted).toBeGreaterThan(1_000)
  const score = await runJson<Record<string, number>>(['evaluate', '--truth', 'truth.csv'], { cwd })
  expect(Object.keys(score)).toEqual(expect.arrayContaining(SCORE))
  expect(score).toMatchObject({ pair_precision: 1, b3_precision: 1, most_people_in_one: 1 })
  expect(score['pair_recall']).toBeGreaterThan(0.1)
  expect(score['unassigned']).toBeLessThan((score['identifiers'] ?? 0) * 0.05)
  const events = await runJson<Record<string, number>>(['evaluate', '--truth', 'events.csv'], {
    cwd,
  })
  expect(events).toMatchObject({ pair_precision: 1, identifiers: loaded.accepted })
  const table = await run(['evaluate', '--truth', 'truth.csv'], { cwd })
  expect(table.stdout).toMatch(/^pairs +1\.0000 /m)
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
  const wrong = await run(['evaluate', '--truth', 'w.ndjson'], { cwd })
  expect(wrong).toMatchObject({ code: 1 })
  expect(wrong.stderr).toContain('identifier,person')
})
