// Writes the nodes of a commit.
// Invariant: indexed columns are written only when they change, so that a repeated sighting touches one page.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import { cluesColumn, sitesColumn, valueColumn } from './columns.ts'
import type { Writing } from './writing.ts'
import type { Numbers } from './numbers.ts'

interface PlannedNode {
  readonly record: NodeRecord
  readonly id: number
}

export interface NodeWriter {
  /** Gives every node its number, in the order of which they come; null when one should be stored and is not. */
  plan(writing: Writing): PlannedNode[] | null
  /** False when one is stored in another version: what has been written must be undone. */
  write(planned: readonly PlannedNode[], writing: Writing): boolean
}

export function nodeWriter(database: DatabaseSync, numbers: Numbers): NodeWriter {
  const insert = database.prepare(`
    INSERT INTO node (id, key, type, namespace, value, member, profile, component, first_seen, last_after_ms,
      received_after_ms, sites, anchor, quarantined, clues, version)
    SELECT ?1, unhex(?2), ?3, ?4, ?5, ?6, ?7, unhex(?8), ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1
    WHERE NOT EXISTS (SELECT 1 FROM node WHERE substr(key, 1, 6) = unhex(substr(?2, 1, 12)) AND key = unhex(?2))`)
  const update = `
    UPDATE node SET first_seen = ?, last_after_ms = ?, received_after_ms = ?, sites = ?, anchor = ?, quarantined = ?,
      clues = ?, version = version + 1`
  const updateInPlace = database.prepare(
    `${update} WHERE id = ? AND version = ? AND profile IS ? AND component IS unhex(?)`,
  )
  const updateAndRelabel = database.prepare(
    `${update}, profile = ?, component = unhex(?) WHERE id = ? AND version = ?`,
  )

  return { plan, write }

  function plan(writing: Writing): PlannedNode[] | null {
    const planned: PlannedNode[] = []
    for (const record of writing.commit.nodes) {
      const id = record.version === 0 ? ++writing.tally.lastNode : numbers.nodeId(record.key)
      if (id === undefined) return null
      writing.nodeIds.set(record.key, id)
      planned.push({ record, id })
    }
    return planned.toSorted((a, b) => a.id - b.id)
  }

  function write(planned: readonly PlannedNode[], writing: Writing): boolean {
    return planned.every(({ record, id }) =>
      record.version === 0 ? insertOne(record, id, writing) : updateOne(record, id, writing),
    )
  }

  function insertOne(record: NodeRecord, id: number, writing: Writing): boolean {
    const { key, type, namespace } = record
    const value = valueColumn(record.value)
    const member = record.component === '' ? 0 : 1
    const labels = labelColumns(record, writing)
    const seen = seenColumns(record, writing)
    const { changes } = insert.run(id, key, type, namespace, value, member, ...labels, ...seen)
    if (changes === 0) return false
    writing.tally.nodes++
    numbers.remember(key, id)
    return true
  }

  function updateOne(record: NodeRecord, id: number, writing: Writing): boolean {
    const labels = labelColumns(record, writing)
    const seen = seenColumns(record, writing)
    if (updateInPlace.run(...seen, id, record.version, ...labels).changes !== 0) return true
    return updateAndRelabel.run(...seen, ...labels, id, record.version).changes !== 0
  }
}

function labelColumns(
  { key, profile, component }: NodeRecord,
  writing: Writing,
): [profile: number | null, component: Key | null] {
  return [
    profile === '' ? null : writing.profileId(profile),
    component === key || component === '' ? null : component,
  ]
}

/** The columns that a sighting changes, in the order of both statements. */
function seenColumns(
  { key, firstSeen, lastSeen, receivedAt, sites, anchor, quarantined, clues }: NodeRecord,
  writing: Writing,
): (number | string | Uint8Array | null)[] {
  return [
    firstSeen,
    lastSeen - firstSeen,
    receivedAt - firstSeen,
    sitesColumn(sites),
    anchor === key ? null : writing.nodeId(anchor),
    quarantined ? 1 : 0,
    cluesColumn(clues),
  ]
}
