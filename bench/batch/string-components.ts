// Connected components of edges between strings, Parquet to Parquet, by the engine and the union-find of a batch run.
// The strings are read once and never compared: the engine hashes them, arrays do the rest, and rows are found by their place.

import { Forest } from '../../src/batch/graph/forest.ts'
import type { BatchEngine } from '../../src/ports/batch-engine.ts'
import { Numbering } from './numbering.ts'

/** Rows that are hashed while those before are sorted into partitions. */
const HASHED_AT_ONCE = 491_520

export interface Components {
  readonly edges: number
  readonly identifiers: number
  readonly components: number
}

/** Reads columns `a`, `b`; writes a row an identifier: id, component. `lap` hears the name of each step when it is done. */
export async function stringComponents(
  engine: BatchEngine,
  source: string,
  directory: string,
  lap: (step: string) => void,
): Promise<Components> {
  const read = engine.dialect.parquet([source])
  const edges = await engine.make('string_edge', `SELECT a, b FROM ${read}`)
  lap('read')
  const numbering = new Numbering(2 * edges)
  const hashes = (from: number): ReturnType<BatchEngine['integers']> =>
    engine.integers(hashSql(from, from + HASHED_AT_ONCE))
  let coming = hashes(0)
  for (let from = 0; from < edges; from += HASHED_AT_ONCE) {
    const [rows, a1, a2, a3, b1, b2, b3] = await coming
    coming = from + HASHED_AT_ONCE < edges ? hashes(from + HASHED_AT_ONCE) : Promise.resolve([])
    if (!rows || !a1 || !a2 || !a3 || !b1 || !b2 || !b3)
      throw new Error('the query for hashes has other columns')
    numbering.add([a1, a2, a3], rows, 0)
    numbering.add([b1, b2, b3], rows, 1)
  }
  lap('hash')
  const { over, isFirst } = numbering.firsts()
  lap('number')
  const forest = new Forest(over)
  for (let place = 0; place < over.length; place += 2) forest.join(place, place + 1)
  const roots = forest.roots()
  lap('components')
  const [ofA, ofB] = [written(isFirst, roots, 0), written(isFirst, roots, 1)]
  await engine.put('of_a', ofA)
  await engine.put('of_b', ofB)
  lap('put')
  await engine.write(WRITE_SQL, directory)
  lap('write')
  let components = 0
  for (let place = 0; place < roots.length; place++) if (roots[place] === place) components++
  return { edges, identifiers: ofA.place.length + ofB.place.length, components }
}

/** Rows whose string on one side is written, since it is the first, and with which component. */
function written(
  isFirst: Uint8Array,
  roots: Int32Array,
  side: number,
): { place: Int32Array; component: Int32Array } {
  const place = new Int32Array(isFirst.length / 2)
  const component = new Int32Array(isFirst.length / 2)
  let count = 0
  for (let at = side; at < isFirst.length; at += 2) {
    if (isFirst[at] !== 1) continue
    place[count] = at >>> 1
    component[count++] = roots[at] ?? 0
  }
  return { place: place.subarray(0, count), component: component.subarray(0, count) }
}

/** Rows as they lie in the table, their place, and 96 bits of each string: two hashes, the second of another string. */
function hashSql(from: number, to: number): string {
  const high = (hash: string): string =>
    `CAST(CAST(${hash} >> 32 AS BIGINT) - 2147483648 AS INTEGER)`
  const low = (hash: string): string =>
    `CAST(CAST(${hash} & 4294967295 AS BIGINT) - 2147483648 AS INTEGER)`
  return `
SELECT place, ${high('a')}, ${low('a')}, ${low('a_too')}, ${high('b')}, ${low('b')}, ${low('b_too')} FROM (
  SELECT CAST(rowid AS INTEGER) AS place, hash(a) AS a, hash('~' || a) AS a_too, hash(b) AS b, hash('~' || b) AS b_too
  FROM string_edge WHERE rowid >= ${from} AND rowid < ${to}
)`
}

const WRITE_SQL = `
SELECT e.a AS id, c.component AS component FROM string_edge e JOIN of_a c ON c.place = CAST(e.rowid AS INTEGER)
UNION ALL
SELECT e.b, c.component FROM string_edge e JOIN of_b c ON c.place = CAST(e.rowid AS INTEGER)`
