// Which identifiers hold many together, or were made to hold nobody: one pass over all sightings, in the order they lie in.
// Invariant: only days with enough sightings for a crowd are counted by people, so that the rest costs next to nothing.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Promiscuous, PromiscuousPlace } from '../../ports/identity-store.ts'
import { codeOf, MEMBER_KIND_CODES_END, PROFILE_KINDS } from '../../ports/record-codes.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'
import { NODE_COLUMNS, nodeRecord, type NodeRow } from './rows.ts'

/** To be called in a transaction. */
export type ReadPromiscuous = (
  crowdFrom: ReadonlyMap<string, number>,
  after: PromiscuousPlace | null,
  limit: number,
) => Promiscuous[]

/**
 * ?1: the smallest crowd of any type; ?2: type -> its smallest crowd; ?3, ?4: the place after which to go on; ?5: limit.
 * An anchor may have been erased: then each cookie is its own.
 */
const FOUND = `
WITH warned AS MATERIALIZED (SELECT key AS type, value AS least FROM json_each(?2)),
singled AS MATERIALIZED (
  SELECT id FROM node WHERE quarantined = 1
  UNION SELECT n.id FROM profile p JOIN node n ON n.profile = p.id
    WHERE p.kind = ${codeOf(PROFILE_KINDS, 'shared')} AND p.size > 0
),
crowd AS MATERIALIZED (
  SELECT day, identifier_id FROM sighting GROUP BY day, identifier_id
  HAVING count(*) >= ?1 OR identifier_id IN (SELECT id FROM singled)
),
counted AS MATERIALIZED (
  SELECT c.identifier_id AS id, count(DISTINCT iif(i.member, f.id, coalesce(a.id, f.id))) AS people
  FROM crowd c
  CROSS JOIN node i ON i.id = c.identifier_id
  CROSS JOIN sighting s ON s.day = c.day AND s.identifier_id = c.identifier_id
  CROSS JOIN node f ON f.id = s.from_id AND f.type = 'cookie'
  LEFT JOIN node a ON a.id = f.anchor
  GROUP BY c.day, c.identifier_id
),
most AS MATERIALIZED (
  SELECT id, max(people) AS people FROM (SELECT id, people FROM counted UNION ALL SELECT id, 0 FROM singled) GROUP BY id
)
SELECT ${NODE_COLUMNS}, m.people FROM most m JOIN node n ON n.id = m.id
WHERE (m.people >= (SELECT least FROM warned w WHERE w.type = n.type) OR n.id IN (SELECT id FROM singled))
  AND (m.people < ?3 OR (m.people = ?3 AND n.key > unhex(?4)))
ORDER BY m.people DESC, n.key LIMIT ?5`

/** By the numbers of witnesses: their sightings lie by day, so that all of them are passed once more. */
const SEEN_WITH = `
SELECT identifier_id, count(DISTINCT from_id) FROM sighting
WHERE identifier_id IN (SELECT value FROM json_each(?)) GROUP BY identifier_id`

const TIED_TO = `
SELECT count(*) FROM (
  SELECT to_id FROM edge WHERE from_id = ?1 AND kind < ${MEMBER_KIND_CODES_END}
  UNION SELECT from_id FROM edge WHERE to_id = ?1 AND kind < ${MEMBER_KIND_CODES_END}
)`

type FoundRow = [...NodeRow, people: number]

export function preparePromiscuous(database: DatabaseSync, numbers: Numbers): ReadPromiscuous {
  const found = prepareQuery<FoundRow>(database, FOUND)
  const seenWith = prepareQuery<[id: number, ends: number]>(database, SEEN_WITH)
  const tiedTo = prepareQuery<[ends: number]>(database, TIED_TO)
  const keyOf = (id: number): Key | undefined => numbers.nodeKey(id)
  return (crowdFrom, after, limit) => {
    const smallest = Math.min(Number.MAX_SAFE_INTEGER, ...crowdFrom.values())
    const least = JSON.stringify(Object.fromEntries(crowdFrom))
    const { promiscuity, key } = after ?? { promiscuity: Number.MAX_SAFE_INTEGER, key: '' }
    const rows = found.all(smallest, least, promiscuity, key, limit)
    const nodes = rows.map((row) => nodeRecord(row.slice(0, -1) as NodeRow, numbers, keyOf))
    const witnesses = rows.flatMap(([id], i) => (nodes[i]?.component === '' ? [id] : []))
    const seen = new Map(witnesses.length === 0 ? [] : seenWith.all(JSON.stringify(witnesses)))
    return nodes.map((node, i) => {
      const id = rows[i]?.[0] ?? 0
      const around = node.component === '' ? seen.get(id) : tiedTo.first(id)?.[0]
      return { node, promiscuity: rows[i]?.at(-1) as number, around: around ?? 0 }
    })
  }
}
