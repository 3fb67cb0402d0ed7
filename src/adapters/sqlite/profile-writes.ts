// Writes the profiles of a commit.
// Invariant: the tally counts the profiles that have members, through every merge and split.

import type { DatabaseSync } from 'node:sqlite'
import type { ProfileRecord } from '../../core/profile/view/records.ts'
import { codeOf, PROFILE_KINDS, PROFILE_STATES } from '../../ports/record-codes.ts'
import type { Writing } from './writing.ts'
import { prepareQuery } from './query.ts'

interface PlannedProfile {
  readonly record: ProfileRecord
  readonly id: number
}

export interface ProfileWriter {
  /** Gives every profile its number, in the order of which they come; null when one is stored in another version. */
  plan(writing: Writing): PlannedProfile[] | null
  /** False when one is stored already that should be new: what has been written must be undone. */
  write(planned: readonly PlannedProfile[], writing: Writing): boolean
}

export function profileWriter(database: DatabaseSync): ProfileWriter {
  const stored = prepareQuery<[id: number, version: number, size: number]>(
    database,
    'SELECT id, version, size FROM profile WHERE substr(name, -8) = substr(?1, -8) AND name = ?1',
  )
  const insert = database.prepare(`
    INSERT INTO profile (id, name, founder, founded_at, kind, state, size, weakest, revision, redirect, version)
    SELECT ?1, ?2, unhex(?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1
    WHERE NOT EXISTS (SELECT 1 FROM profile WHERE substr(name, -8) = substr(?2, -8) AND name = ?2)`)
  const update = database.prepare(`
    UPDATE profile SET founder = unhex(?), founded_at = ?, kind = ?, state = ?, size = ?, weakest = ?, revision = ?,
      redirect = ?, version = version + 1 WHERE id = ?`)

  return { plan, write }

  function plan(writing: Writing): PlannedProfile[] | null {
    const planned: PlannedProfile[] = []
    for (const record of writing.commit.profiles) {
      const id = record.version === 0 ? ++writing.tally.lastProfile : idOfStored(record, writing)
      if (id === null) return null
      writing.tally.profiles += alive(record.size)
      writing.profileIds.set(record.id, id)
      planned.push({ record, id })
    }
    return planned.toSorted((a, b) => a.id - b.id)
  }

  function idOfStored({ id: name, version }: ProfileRecord, writing: Writing): number | null {
    const row = stored.first(name)
    if (row === undefined || row[1] !== version) return null
    writing.tally.profiles -= alive(row[2])
    return row[0]
  }

  function write(planned: readonly PlannedProfile[], writing: Writing): boolean {
    return planned.every(({ record, id }) => {
      const columns = columnsOf(record, writing)
      if (record.version === 0) return insert.run(id, record.id, ...columns).changes !== 0
      update.run(...columns, id)
      return true
    })
  }
}

function columnsOf(
  { founder, foundedAt, kind, state, size, weakest, revision, redirect }: ProfileRecord,
  writing: Writing,
): (number | string | null)[] {
  return [
    founder,
    foundedAt,
    codeOf(PROFILE_KINDS, kind),
    codeOf(PROFILE_STATES, state),
    size,
    weakest,
    revision,
    redirect === null ? null : writing.profileId(redirect),
  ]
}

function alive(size: number): number {
  return size > 0 ? 1 : 0
}
