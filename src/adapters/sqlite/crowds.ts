// Reads who was seen with an identifier, day by day, up to a limit a day.
// Invariant: of an overfull day come the smallest keys, limit + 1 of them, without reading the others.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Sighting } from '../../core/profile/view/records.ts'
import type { CrowdRequest } from '../../ports/identity-store.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'

/** To be called in a transaction. */
export type ReadCrowds = (requests: readonly CrowdRequest[], perDayMax: number) => Sighting[]

type SightingRow = [from: Key, hours: number, anchor: Key, fromType: string]

export function crowdReader(database: DatabaseSync, numbers: Numbers): ReadCrowds {
  const storedDays = prepareQuery<[first: number | null, last: number | null]>(
    database,
    'SELECT (SELECT min(day) FROM sighting), (SELECT max(day) FROM sighting)',
  )
  // `+ 0`: SQLite would compile the statement anew for every value of a bare LIMIT parameter.
  const ofDay = prepareQuery<SightingRow>(
    database,
    `SELECT lower(hex(n.key)), s.hours, lower(hex(coalesce(a.key, n.key))), n.type
     FROM sighting s CROSS JOIN node n ON n.id = s.from_id LEFT JOIN node a ON a.id = n.anchor
     WHERE s.day = ? AND s.identifier_id = ? ORDER BY s.from_order, s.from_id LIMIT ? + 0`,
  )

  return (requests, perDayMax) => {
    if (requests.length === 0) return []
    const [first, last] = storedDays.first() ?? [null, null]
    // A limit may be Infinity, which SQLite does not know.
    const rowsMax = Math.min(perDayMax, 2 ** 31) + 1
    const sightings: Sighting[] = []
    for (const { identifier, fromDay, toDay } of requests) {
      const id = numbers.nodeId(identifier)
      if (id === undefined || first === null || last === null) continue
      const end = Math.min(toDay, last)
      for (let day = Math.max(fromDay, first); day <= end; day++) {
        for (const [from, hours, anchor, fromType] of ofDay.all(day, id, rowsMax)) {
          sightings.push({ identifier, day, from, hours, anchor, fromType })
        }
      }
    }
    return sightings
  }
}
