// Connected components of edges between strings, Parquet to Parquet, by the engine and the union-find of a batch run.
// The strings are read once and never joined: the engine hashes them, arrays do the rest, and what is written lies as it was read.

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
    const sides = [
      [[a1, a2, a3], 0],
      [[b1, b2, b3], 1],
    ] as const
    // What was added first is written: half of it shall stand on either side, for two threads to write.
    const isEven = (from / HASHED_AT_ONCE) % 2 === 0
    for (const [hash, side] of isEven ? sides : sides.toReversed()) numbering.add(hash, rows, side)
  }
  lap('hash')
  const { count, numbers, places } = numbering.number()
  lap('number')
  const forest = new Forest(count)
  for (let i = 0; i < numbers.length; i += 2) forest.join(numbers[i] ?? 0, numbers[i + 1] ?? 0)
  const roots = forest.roots()
  lap('components')
  // An identifier is written where one of its places is.
  const componentAt = new Int32Array(2 * edges)
  let components = 0
  for (let number = 0; number < count; number++) {
    const root = roots[number] ?? 0
    componentAt[places[number] ?? 0] = root + 1
    if (root === number) components++
  }
  await keepOrder(engine, true)
  await engine.put('component_of', { pair: new BigInt64Array(componentAt.buffer) })
  await keepOrder(engine, false)
  lap('put')
  await engine.write(WRITE_SQL, directory)
  lap('write')
  return { edges, identifiers: count, components }
}

/** Whether rows lie in the order they were put in. Slower to write, and nothing else depends on it. */
async function keepOrder(engine: BatchEngine, kept: boolean): Promise<void> {
  await engine.rows(`SET preserve_insertion_order = ${kept}`)
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

/** The components of `a` and `b` lie in one number, 1 for the first; 0 is where nothing is to be written. */
const WRITE_SQL = `
SELECT a AS id, CAST(pair & 4294967295 AS INTEGER) - 1 AS component FROM string_edge POSITIONAL JOIN component_of
WHERE pair & 4294967295 > 0
UNION ALL
SELECT b, CAST(pair >> 32 AS INTEGER) - 1 FROM string_edge POSITIONAL JOIN component_of WHERE pair >> 32 > 0`
