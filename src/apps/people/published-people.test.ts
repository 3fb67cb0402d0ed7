// What published tables say of people, from a warehouse written here: limits of time and of those who wait, a new run.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import { PublishedPeople, type PublishedLimits } from './published-people.ts'

let directory: string
const opened: PublishedPeople[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-people-'))
})

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await rm(directory, { recursive: true, force: true })
})

const people = (limits: Partial<PublishedLimits> = {}): PublishedPeople => {
  const made = new PublishedPeople(openFileWarehouse(directory), limits)
  opened.push(made)
  return made
}

/** Profiles with a golden record as SQL has it. */
async function publish(golden: string): Promise<void> {
  const warehouse = openFileWarehouse(directory)
  const draft = await warehouse.begin()
  const tables = {
    profiles: `SELECT 'prf_1' AS profile_id, TIMESTAMP '2026-03-02' AS last_seen, ${golden}`,
    identifiers: `SELECT 'prf_1' AS profile_id, 'cookie' AS type, '' AS namespace, 'c-1' AS value, TIMESTAMP '2026-03-02' AS last_seen`,
  }
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const [table, sql] of Object.entries(tables))
    await connection.run(
      `COPY (${sql}) TO '${join(draft.directoryOf(table), 'a.parquet')}' (FORMAT parquet)`,
    )
  connection.closeSync()
  instance.closeSync()
  await warehouse.publish(draft)
}

test('without a run there is nothing, and no run', async () => {
  const none = people()
  expect(await none.find('ana', 20)).toEqual({ run: null, found: [] })
  expect(await none.namesOf(['prf_1'])).toEqual(new Map())
})

test.each([
  ["'Ana Lima' AS golden_name, 'ana@example.com' AS golden_email", 'Ana Lima'],
  [
    "NULL::VARCHAR AS golden_name, 'Ana' AS golden_first_name, 'Lima' AS golden_last_name",
    'Ana Lima',
  ],
  ["NULL::VARCHAR AS golden_first_name, 'Lima' AS golden_last_name", 'Lima'],
  ["NULL::VARCHAR AS golden_name, 'ana@example.com' AS golden_email", 'ana@example.com'],
  ["'8e43ca37701228e74983' AS golden_email", undefined],
  ["['Ana', 'Anna'] AS golden_name", 'Ana, Anna'],
  ["'Bonn' AS golden_city", undefined],
])('of %s the name is %s', async (golden, name) => {
  await publish(golden)
  expect((await people().namesOf(['prf_1', 'prf_2'])).get('prf_1')).toBe(name)
})

test('each new run is asked once it is published', async () => {
  await publish("'Ana' AS golden_name")
  const asked = people()
  expect(await asked.find('an', 20)).toMatchObject({ run: 1, found: [{ text: 'Ana' }] })
  await publish("'Ann' AS golden_name")
  expect(await asked.find('an', 20)).toMatchObject({
    run: 2,
    found: [{ text: 'Ann', name: 'Ann' }],
  })
})

test('past the limits of time and of those who wait there is no answer, and the next one has one', async () => {
  await publish("'Ana' AS golden_name")
  const hurried = people({ answerMsMax: 0 })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await hurried.find('an', 20)).run).toBe(null)
  const few = people({ waitingMax: 2 })
  const asked = await Promise.all([few.find('an', 20), few.find('an', 20), few.find('an', 20)])
  expect(asked.map(({ run }) => run)).toEqual([1, 1, null])
  expect((await few.find('an', 20)).run).toBe(1)
  await few.close()
  expect((await few.find('an', 20)).run).toBe(null)
})
