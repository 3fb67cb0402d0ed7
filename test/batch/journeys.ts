// Journeys of a small log: its tables as a batch run makes them, for tests.
import { partition } from '../../src/batch/partition.ts'
import { eventStages } from '../../src/batch/stages/events.ts'
import { makeJourneys, SESSIONS_SQL, TOUCHPOINTS_SQL } from '../../src/batch/stages/journeys.ts'
import { makeStages } from '../../src/batch/stage.ts'
import { standingOf } from '../../src/batch/decrees.ts'
import { conversionsOf, ownHostsOf } from '../../src/core/policy/conversions.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { Settings } from '../../src/core/policy/settings.ts'
import type { LogRecord } from '../../src/ports/event-log.ts'
import { withLog } from './engine.ts'

/** An event as the stages before have it, and what its message said. Times in ms, positions as numbers. */
export interface HeldEvent {
  readonly position: number
  readonly at: number
  readonly cookie: number | null
  readonly grp: number | null
  readonly session: number | null
  readonly id: string
  readonly type: string
  readonly name: string
  readonly page_url: string | null
  readonly page_referrer: string | null
  readonly campaign_source: string | null
  readonly campaign_medium: string | null
  readonly campaign_name: string | null
  readonly campaign_term: string | null
  readonly campaign_content: string | null
  readonly revenue: number | null
  readonly currency: string | null
}

export type Row = Readonly<Record<string, unknown>>

export interface Journeys {
  readonly events: readonly HeldEvent[]
  readonly session: readonly Row[]
  readonly touchpoint: readonly Row[]
  readonly conversion: readonly Row[]
  readonly credit: readonly Row[]
}

const EVENTS = (parquet: string): string => `
SELECT CAST(v.position AS DOUBLE) AS position, CAST(v.at_ms AS DOUBLE) AS at, v.cookie AS cookie, v.grp AS grp,
  CAST(v.session AS DOUBLE) AS session, e.id AS id, e.type AS type, e.name AS name, e.page_url AS page_url,
  json_extract_string(e.raw, '$.context.page.referrer') AS page_referrer, e.campaign_source AS campaign_source, e.campaign_medium AS campaign_medium,
  e.campaign_name AS campaign_name, e.campaign_term AS campaign_term, e.campaign_content AS campaign_content,
  e.revenue AS revenue, e.currency AS currency
FROM event v JOIN ${parquet} e ON e.position = v.position ORDER BY v.position`

/** Columns that are BIGINT, by table. */
const WIDE = {
  session: ['position', 'session', 'began_ms', 'ended_ms', 'events', 'touchpoints', 'conversions'],
  touchpoint: ['position', 'session', 'at_ms'],
  conversion: ['position', 'session', 'at_ms'],
  credit: ['conversion', 'touchpoint', 'nth', 'touchpoints'],
} as const

/** Tables whose texts stand elsewhere. */
const FROM: Readonly<Record<string, string>> = {
  session: `(${SESSIONS_SQL})`,
  touchpoint: `(${TOUCHPOINTS_SQL})`,
}

/** Makes the tables of the records' journeys and reads them, in the order of their first column. */
export async function journeysOf(
  records: readonly LogRecord[],
  policy: Policy,
  settings: Settings,
): Promise<Journeys> {
  return withLog(records, async ({ engine, columns }) => {
    const parts = await columns()
    const told = (): undefined => undefined
    await partition(engine, { parts, policy, standing: standingOf([]) }, told)
    const { sessionGapMinutes } = policy
    await makeStages(engine, eventStages({ parts, erased: [], sessionGapMinutes }), told)
    const conversions = conversionsOf(settings)
    const { lookbackDays } = settings.attribution
    const ownHosts = ownHostsOf(settings)
    await makeJourneys(engine, { parts, ownHosts, conversions, lookbackDays }, told)
    const read = (table: keyof typeof WIDE): Promise<readonly Row[]> => {
      const numbers = WIDE[table].map((column) => `CAST(${column} AS DOUBLE) AS ${column}`)
      const order = table === 'credit' ? 'conversion, nth' : 'position'
      const from = FROM[table] ?? table
      return engine.rows(`SELECT * REPLACE (${numbers.join(', ')}) FROM ${from} ORDER BY ${order}`)
    }
    const parquet = engine.dialect.parquet(parts.map((part) => part.events))
    return {
      events: (await engine.rows(EVENTS(parquet))) as unknown as readonly HeldEvent[],
      session: await read('session'),
      touchpoint: await read('touchpoint'),
      conversion: await read('conversion'),
      credit: await read('credit'),
    }
  })
}

/** Rows by what they have in common, each in its order. */
export function grouped<T, K>(
  rows: readonly T[],
  key: (row: T) => K,
): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group === undefined) groups.set(key(row), [row])
    else group.push(row)
  }
  return groups
}
