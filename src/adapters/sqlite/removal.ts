// Takes erased identifiers out of the graph, with every edge, sighting and question that names them.
// Invariant: a number is never given out again, so a sighting that were left behind could not come to mean another node.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Guard } from '../../core/profile/view/records.ts'
import { MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import { daysOf, keyOrder } from './columns.ts'
import type { Writing } from './writing.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'

type NodeRow = [id: number, member: number]
type EdgeRow = [toId: number, days: number | Uint8Array]

export function removalWriter(
  database: DatabaseSync,
  numbers: Numbers,
): (writing: Writing) => void {
  const selectNode = prepareQuery<NodeRow>(
    database,
    'SELECT id, member FROM node WHERE substr(key, 1, 6) = unhex(substr(?1, 1, 12)) AND key = unhex(?1)',
  )
  const selectEdges = prepareQuery<EdgeRow>(
    database,
    'SELECT to_id, days FROM edge WHERE from_id = ?',
  )
  const deleteSighting = database.prepare(
    'DELETE FROM sighting WHERE day = ? AND identifier_id = ? AND from_order = ? AND from_id = ?',
  )
  const storedDays = prepareQuery<[day: number]>(
    database,
    `WITH RECURSIVE stored (day) AS (
       SELECT min(day) FROM sighting
       UNION ALL SELECT (SELECT min(day) FROM sighting s WHERE s.day > stored.day) FROM stored WHERE day IS NOT NULL
     ) SELECT day FROM stored WHERE day IS NOT NULL`,
  )
  const deleteCrowd = database.prepare('DELETE FROM sighting WHERE day = ? AND identifier_id = ?')
  const deleteEdgesFrom = database.prepare('DELETE FROM edge WHERE from_id = ?')
  const deleteEdgesInto = database.prepare(
    `DELETE FROM edge WHERE to_id = ? AND kind < ${MEMBER_KIND_CODES_END}`,
  )
  // Reads the whole table: where cookies meet a witness stands in no index, and witnesses are hardly ever erased.
  const deleteEdgesIntoWitness = database.prepare('DELETE FROM edge WHERE +to_id = ?')
  const deleteQuestions = prepareQuery<[id: string, guard: Guard]>(
    database,
    'DELETE FROM question WHERE a_id = ?1 OR b_id = ?1 RETURNING id, guard',
  )
  const deleteNode = database.prepare('DELETE FROM node WHERE id = ?')

  return (writing) => {
    for (const key of writing.commit.nodesRemoved) remove(writing, key)
  }

  function remove({ tally, reviews }: Writing, key: Key): void {
    const node = selectNode.first(key)
    if (node === undefined) return
    const [id, member] = node
    for (const [to, days] of selectEdges.all(id)) {
      for (const day of daysOf(days).keys()) deleteSighting.run(day, to, keyOrder(key), id)
    }
    for (const [day] of storedDays.all()) deleteCrowd.run(day, id)
    tally.edges -= Number(deleteEdgesFrom.run(id).changes)
    const deleteInto = member === 0 ? deleteEdgesIntoWitness : deleteEdgesInto
    tally.edges -= Number(deleteInto.run(id).changes)
    for (const [question, guard] of deleteQuestions.all(id)) {
      tally.questions--
      reviews.questionGone({ id: question, guard })
    }
    deleteNode.run(id)
    numbers.forget(key, id)
    tally.nodes--
    tally.removals++
  }
}
