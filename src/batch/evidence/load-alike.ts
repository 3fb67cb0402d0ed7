// What pairs of cookies are weighed by, out of an engine's tables into arrays by node.
// Invariant: what a steward has put into quarantine testifies for nobody.

import { CLUE_KINDS } from '../../core/edge/clue.ts'
import type { BatchEngine, Dialect } from '../../ports/batch-engine.ts'
import { inStage } from '../stage.ts'
import { type LogInput, notErased } from '../stages/log.ts'
import { type Sightings, WITNESS } from './sightings.ts'

/** Everything by node; a row each clue in `clues`, by cookie and clue. */
export interface AlikeArrays {
  readonly sightings: Sightings
  /** As in `WITNESS`. */
  readonly kinds: Uint8Array
  /** Numbers of the keys of witnesses. */
  readonly numbers: BigInt64Array
  /** Whom a cookie counts as; itself unless it logged in. */
  readonly anchors: Int32Array
  readonly clues: { readonly cookie: Int32Array; readonly clue: Uint32Array }
  readonly cookiesInAll: number
}

const WITNESSES_SQL = `
SELECT node, CASE WHEN type = 'ip' THEN ${WITNESS.ip}
    WHEN concat('+', split_part(namespace, '@', 1), '+') LIKE '%+screen+%'
      AND concat('+', split_part(namespace, '@', 1), '+') LIKE '%+gpu+%' THEN ${WITNESS.whole}
    ELSE ${WITNESS.partial} END AS kind,
  CAST(id >> 32 AS INTEGER) AS high, CAST((id & 4294967295) - 2147483648 AS INTEGER) AS low
FROM identifier
WHERE type IN ('ip', 'device_signature') AND node NOT IN (SELECT node FROM quarantine)`

const SIGHTINGS_SQL = `
SELECT s.witness, s.day, s.cookie, s.hours
FROM sighting s
JOIN identifier i ON i.node = s.witness AND i.type IN ('ip', 'device_signature')
WHERE s.witness NOT IN (SELECT node FROM quarantine)
ORDER BY s.witness, s.day, s.cookie`

const ANCHORS_SQL = 'SELECT cookie, anchor FROM anchor'

const COOKIES_SQL = "SELECT CAST(count(*) AS INTEGER) FROM identifier WHERE type = 'cookie'"

/** cookie, clue less 2^31, of cookies by clue. */
const cluesSql = (d: Dialect, log: LogInput): string => `
WITH told AS (
  SELECT DISTINCT cookie, ${d.eachOf('clues')} AS clue
  FROM ${d.parquet(log.parts.map(({ events }) => events))}
  ${notErased(d, log, 'events', ['cookie'])}
)
SELECT n.node, CAST(t.clue - 2147483648 AS INTEGER)
FROM told t JOIN number n ON n.id = t.cookie
ORDER BY n.node, t.clue`

export async function loadAlike(engine: BatchEngine, log: LogInput): Promise<AlikeArrays> {
  const read = (sql: string): Promise<readonly Int32Array[]> =>
    inStage('pairs', sql, () => engine.integers(sql))
  const [total] = await engine.rows<{ n: number }>(
    'SELECT CAST(count(*) AS INTEGER) AS n FROM identifier',
  )
  const nodes = total?.n ?? 0
  const [witness = NONE, day = NONE, cookie = NONE, hours = NONE] = await read(SIGHTINGS_SQL)
  const [cookies = NONE] = await read(COOKIES_SQL)
  const [teller = NONE, clue = NONE] = await read(cluesSql(engine.dialect, log))
  return {
    sightings: { witness, day, cookie, hours },
    ...witnessesOf(nodes, await read(WITNESSES_SQL)),
    anchors: anchorsOf(nodes, await read(ANCHORS_SQL)),
    clues: keptClues(teller, clue),
    cookiesInAll: cookies[0] ?? 0,
  }
}

function witnessesOf(
  nodes: number,
  [node = NONE, kind = NONE, high = NONE, low = NONE]: readonly Int32Array[],
): Pick<AlikeArrays, 'kinds' | 'numbers'> {
  const kinds = new Uint8Array(nodes)
  const numbers = new BigInt64Array(nodes)
  for (let i = 0; i < node.length; i++) {
    const at = node[i] ?? 0
    kinds[at] = kind[i] ?? 0
    numbers[at] = BigInt(high[i] ?? 0) * 4_294_967_296n + BigInt((low[i] ?? 0) + 2_147_483_648)
  }
  return { kinds, numbers }
}

function anchorsOf(
  nodes: number,
  [cookie = NONE, anchor = NONE]: readonly Int32Array[],
): Int32Array {
  const anchors = Int32Array.from({ length: nodes }, (_, i) => i)
  for (let i = 0; i < cookie.length; i++) anchors[cookie[i] ?? 0] = anchor[i] ?? 0
  return anchors
}

const NONE = new Int32Array(0)
const KEPT = new Map<number, number>(
  Object.values(CLUE_KINDS).map(({ number, kept }) => [number, kept]),
)

/** Of each cookie as many of each kind as it keeps: the smallest. */
function keptClues(cookie: Int32Array, shifted: Int32Array): AlikeArrays['clues'] {
  const keptCookie = new Int32Array(cookie.length)
  const keptClue = new Uint32Array(cookie.length)
  let [count, of, kind, left] = [0, -1, -1, 0]
  for (let i = 0; i < cookie.length; i++) {
    const clue = (shifted[i] ?? 0) + 2_147_483_648
    if (cookie[i] !== of || clue >>> 28 !== kind) {
      of = cookie[i] ?? 0
      kind = clue >>> 28
      left = KEPT.get(kind) ?? 0
    }
    if (left-- <= 0) continue
    keptCookie[count] = of
    keptClue[count++] = clue
  }
  return { cookie: keptCookie.subarray(0, count), clue: keptClue.subarray(0, count) }
}
