// A seeded list of edges between identifiers as an identity graph has them: nearly all components small, a few large, one
// a long path; in no order. Everything is hashed from the seed, so the same edges come out wherever it is made.

import type { BatchEngine } from '../../src/ports/batch-engine.ts'

/** Sizes of components: 2 at least, P(size >= n) = (3 / (n + 1))^2. */
const COMPONENT_MEMBERS_MAX = 5_000
/** Edges in a component on average, those seen again included. */
const EDGES_PER_COMPONENT = 5.32
/** Of the edges, how many lie in components; the rest is one long path. */
const COMPONENTS_SHARE = 0.98
/** Of a hundred members, how many have a second edge; it may be the first one again. */
const SEEN_AGAIN_PERCENT = 50
/** Of 64 bits, those that a DOUBLE cannot hold. */
const FRACTION = '(1 - (hash(c, -1) >> 11) / 9007199254740992.0)'

/** Writes exactly `edges` rows `a`, `b` as Parquet into a directory; ids have 26 to 39 characters. */
export async function writeEdges(
  engine: BatchEngine,
  directory: string,
  { edges, seed }: { readonly edges: number; readonly seed: number },
): Promise<void> {
  const components = Math.floor((COMPONENTS_SHARE * edges) / EDGES_PER_COMPONENT)
  const largest = Math.min(COMPONENT_MEMBERS_MAX, Math.ceil(edges / 100))
  // Components have numbers of their own in every world.
  const first = seed * 2 ** 32
  const made = await engine.make(
    'placed',
    `
WITH component AS (
  SELECT c, least(${largest}, CAST(floor(3 / sqrt(${FRACTION})) AS BIGINT) - 1) AS size
  FROM range(${first}, ${first + components}) r(c)
), joined AS (SELECT c, unnest(range(1, size)) AS m FROM component)
SELECT c, m, CAST(hash(c, m, 1) % m AS BIGINT) AS other, 0 AS again FROM joined
UNION ALL
SELECT c, m, CAST(hash(c, m, 2) % m AS BIGINT), 1 FROM joined WHERE hash(c, m, 3) % 100 < ${SEEN_AGAIN_PERCENT}`,
  )
  if (made > edges) throw new Error(`the components have ${made} edges`)
  await engine.make(
    'shuffled',
    `
FROM (FROM placed UNION ALL SELECT ${first - 1}, m, m - 1, 0 FROM range(1, ${edges - made} + 1) r(m))
ORDER BY hash(c, m, again, 4)`,
  )
  await engine.drop('placed')
  await engine.write(`SELECT ${idOf('m')} AS a, ${idOf('other')} AS b FROM shuffled`, directory)
  await engine.drop('shuffled')
}

function idOf(member: string): string {
  const text = `md5(concat_ws(' ', c, ${member}))`
  return `CASE hash(c, ${member}, 5) % 5
    WHEN 0 THEN 'email:' || left(${text}, 20) WHEN 1 THEN 'external_id:crm:' || left(${text}, 12)
    WHEN 2 THEN 'phone:' || left(${text}, 20) ELSE 'cookie:' || ${text} END`
}
