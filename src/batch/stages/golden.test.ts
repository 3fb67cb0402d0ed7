// Golden records by SQL over the log's columns are those that the core forms of the same messages.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Described, someAttributes, someDescribed } from '../../../test/batch/described.ts'
import { type OnLog, withLog } from '../../../test/batch/engine.ts'
import type { Fields } from '../../core/event/event.ts'
import type { Attribute } from '../../core/golden/attributes.ts'
import { type GoldenValue, goldenRecord } from '../../core/golden/golden-record.ts'
import { saidOf } from '../../core/golden/said.ts'
import { makeStages } from '../stage.ts'
import { goldenColumnsSql, goldenStages } from './golden.ts'
import { NO_CLUES } from '../../core/edge/clue.ts'

/** Worlds cost less than a run of the engine. */
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / 5)

type Owned = GoldenValue & { readonly owner: number }

function byCore(attributes: readonly Attribute[], all: readonly Described[]): readonly Owned[] {
  const owners = [...new Set(all.flatMap(({ owner }) => owner ?? []))].toSorted((a, b) => a - b)
  return owners.flatMap((owner) => {
    const said = all
      .filter((one) => one.owner === owner)
      .flatMap(({ record }) =>
        saidOf(attributes, record.fact, JSON.parse(record.raw) as unknown as Fields),
      )
    return goldenRecord(attributes, said).map((value) => ({ owner, ...value }))
  })
}

/** The table `golden` of the messages. */
async function makeGolden(
  { engine, columns }: OnLog,
  attributes: readonly Attribute[],
  all: readonly Described[],
): Promise<void> {
  const events = all.map(
    ({ owner, record }, i) => `(${i + 1}, CAST(${record.fact.at} AS BIGINT), ${owner ?? 'NULL'})`,
  )
  await engine.make(
    'event',
    `SELECT * FROM (VALUES ${events.join(', ')}) AS e(position, at_ms, grp)`,
  )
  const stages = goldenStages({ parts: await columns(), attributes })
  await makeStages(engine, stages, () => undefined)
}

test('SQL and core choose the same', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(someAttributes, someDescribed, async (attributes, all) => {
      const records = all.map(({ record }) => record)
      const rows = await withLog(records, async (on) => {
        await makeGolden(on, attributes, all)
        return on.engine.rows(`
          SELECT grp AS owner, attribute, value, event_id AS "eventId", site, CAST(at_ms AS DOUBLE) AS "at", rule,
            verified, different, others FROM golden ORDER BY grp, attribute`)
      })
      expect(rows).toEqual(byCore(attributes, all))
    }),
    { numRuns: RUNS },
  )
})

const attribute = (name: string, rule: Attribute['rule']): Attribute => ({
  name,
  from: [['x']],
  rule,
  sources: [],
  othersMax: 2,
})

const said = (id: string, at: number, x: string): Described => ({
  owner: 3,
  record: {
    kind: 'message',
    fact: {
      id,
      account: 'default',
      site: 'shop',
      type: 'identify',
      name: '',
      at,
      receivedAt: at,
      identifiers: [],
      edges: [],
      clues: NO_CLUES,
    },
    extractionVersion: 1,
    raw: JSON.stringify({ traits: { x } }),
  },
})

test('an attribute is two columns of a published table', async () => {
  const all = [said('m1', 1000, 'a'), said('m2', 2000, 'b'), said('m3', 3000, 'c')]
  const attributes = [attribute('latest', 'most_recent'), attribute('every', 'union')]
  await withLog(
    all.map(({ record }) => record),
    async (on) => {
      await makeGolden(on, attributes, all)
      const sql = goldenColumnsSql(on.engine.dialect, attributes)
      const [types] = await on.engine.rows(
        `SELECT typeof(golden_latest) AS one, typeof(golden_every) AS "all", typeof(golden_latest_from) AS source FROM (${sql})`,
      )
      expect(types).toEqual({
        one: 'VARCHAR',
        all: 'VARCHAR[]',
        source:
          'STRUCT(event_id VARCHAR, site VARCHAR, "at" TIMESTAMP, "rule" VARCHAR, verified BOOLEAN, different INTEGER, "others" VARCHAR[])',
      })
      const rows = await on.engine.rows(
        `SELECT grp, golden_latest, golden_every, golden_latest_from.others AS others, golden_every_from.others AS none,
          CAST(golden_latest_from.at AS VARCHAR) AS "at" FROM (${sql})`,
      )
      expect(rows).toEqual([
        {
          grp: 3,
          golden_latest: 'c',
          golden_every: ['c', 'b', 'a'],
          others: ['b', 'a'],
          none: [],
          at: '1970-01-01 00:00:03',
        },
      ])
    },
  )
})

test('without attributes nobody has a golden record', async () => {
  const all = [said('m1', 1000, 'a')]
  await withLog(
    all.map(({ record }) => record),
    async (on) => {
      await makeGolden(on, [], all)
      expect(await on.engine.rows(goldenColumnsSql(on.engine.dialect, []))).toEqual([])
    },
  )
})
