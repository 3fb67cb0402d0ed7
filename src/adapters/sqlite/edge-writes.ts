// Writes the edges and sightings of a commit, each sorted as its table is, so that neighbours share a page and a moment.
// Invariant: an edge of a node that is new in the commit is new itself; any other may be stored already.

import type { DatabaseSync } from 'node:sqlite'
import type { EdgeRecord } from '../../core/profile/view/records.ts'
import { edgeKindCode } from '../../ports/record-codes.ts'
import { daysColumn, keyOrder, sitesColumn } from './columns.ts'
import type { Writing } from './writing.ts'

interface PlannedEdge {
  readonly record: EdgeRecord
  readonly from: number
  readonly to: number
  readonly kind: number
}

interface PlannedSighting {
  readonly identifier: number
  readonly day: number
  readonly fromOrder: number
  readonly from: number
  readonly hours: number
}

export interface EdgeWriter {
  write(writing: Writing): void
}

export function edgeWriter(database: DatabaseSync): EdgeWriter {
  const insert = database.prepare(`
    INSERT INTO edge (first_seen, last_after_ms, count, sites, first_event, last_event, days, from_id, to_id, kind)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const update = database.prepare(`
    UPDATE edge SET first_seen = ?, last_after_ms = ?, count = ?, sites = ?, first_event = ?, last_event = ?, days = ?
    WHERE from_id = ? AND to_id = ? AND kind = ?`)
  const upsertSighting = database.prepare('INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)')

  return {
    write: (writing) => {
      writeEdges(writing)
      writeSightings(writing)
    },
  }

  function writeEdges(writing: Writing): void {
    const planned = writing.commit.edges.map((record): PlannedEdge => {
      const [from, to] = [writing.nodeId(record.from), writing.nodeId(record.to)]
      return { record, from, to, kind: edgeKindCode(record.kind) }
    })
    for (const { record, from, to, kind } of planned.toSorted(byFromToKind)) {
      const columns = columnsOf(record)
      const isNew = from > writing.lastNodeBefore || to > writing.lastNodeBefore
      if (!isNew && update.run(...columns, from, to, kind).changes !== 0) continue
      insert.run(...columns, from, to, kind)
      writing.tally.edges++
    }
  }

  function writeSightings(writing: Writing): void {
    const planned = writing.commit.sightings.map((sighting): PlannedSighting => ({
      identifier: writing.nodeId(sighting.identifier),
      day: sighting.day,
      fromOrder: keyOrder(sighting.from),
      from: writing.nodeId(sighting.from),
      hours: sighting.hours,
    }))
    for (const { identifier, day, fromOrder, from, hours } of planned.toSorted(
      byDayIdentifierFrom,
    )) {
      upsertSighting.run(day, identifier, fromOrder, from, hours)
    }
  }
}

function columnsOf({
  firstSeen,
  lastSeen,
  count,
  sites,
  firstEvent,
  lastEvent,
  days,
}: EdgeRecord): (number | string | null | Uint8Array)[] {
  return [
    firstSeen,
    lastSeen - firstSeen,
    count,
    sitesColumn(sites),
    firstEvent,
    lastEvent === firstEvent ? null : lastEvent,
    daysColumn(days),
  ]
}

function byFromToKind(a: PlannedEdge, b: PlannedEdge): number {
  return a.from - b.from || a.to - b.to || a.kind - b.kind
}

function byDayIdentifierFrom(a: PlannedSighting, b: PlannedSighting): number {
  return a.day - b.day || a.identifier - b.identifier || a.fromOrder - b.fromOrder
}
