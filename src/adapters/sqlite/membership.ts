// Who belongs to whom, all of it, in one pass over the nodes and one over the profiles.
// Invariant: both passes see one state of the graph, that of the caller's transaction.

import type { DatabaseSync } from 'node:sqlite'
import type { Membership } from '../../ports/identity-store.ts'
import { codeOf, PROFILE_STATES } from './columns.ts'
import { prepareQuery } from './query.ts'

const CONFIRMED = codeOf(PROFILE_STATES, 'confirmed')

type ProfileRow = [id: number, name: string, state: number, revision: number, weakest: number]

/** To be called in a transaction. */
export type ReadMembership = () => Omit<Membership, 'position'>

export function prepareMembership(database: DatabaseSync): ReadMembership {
  const counts = prepareQuery<[members: number, lastProfile: number]>(
    database,
    'SELECT (SELECT count(*) FROM node WHERE profile IS NOT NULL), (SELECT coalesce(max(id), 0) FROM profile)',
  )
  const nodes = database.prepare('SELECT key, profile FROM node WHERE profile IS NOT NULL')
  const profiles = database.prepare(
    'SELECT id, name, state, revision, weakest FROM profile WHERE size > 0',
  )
  for (const statement of [nodes, profiles]) statement.setReturnArrays(true)
  return () => {
    const [count = 0, lastProfile = 0] = counts.first() ?? []
    const indexOf = new Int32Array(lastProfile + 1).fill(-1)
    const ids: string[] = []
    const confirmed: number[] = []
    const revisions: number[] = []
    const weakest: number[] = []
    for (const row of profiles.iterate()) {
      const [id, name, state, revision, link] = row as unknown as ProfileRow
      indexOf[id] = ids.push(name) - 1
      confirmed.push(state === CONFIRMED ? 1 : 0)
      revisions.push(revision)
      weakest.push(link)
    }
    const members = new BigInt64Array(count)
    const profileOf = new Int32Array(count)
    const bytes = new DataView(members.buffer)
    let at = 0
    for (const row of nodes.iterate()) {
      const [key, profile] = row as unknown as [Uint8Array, number]
      putFirst64(bytes, 8 * at, key)
      profileOf[at] = indexOf[profile] ?? -1
      at++
    }
    return {
      members,
      profileOf,
      ids,
      confirmed: Uint8Array.from(confirmed),
      revisions: Int32Array.from(revisions),
      weakest: Int32Array.from(weakest),
    }
  }
}

/** The first 64 bits of a key as a signed number in the order of keys, in the byte order of this machine. */
function putFirst64(to: DataView, at: number, key: Uint8Array): void {
  const word = (from: number): number =>
    ((key[from] ?? 0) << 24) |
    ((key[from + 1] ?? 0) << 16) |
    ((key[from + 2] ?? 0) << 8) |
    (key[from + 3] ?? 0)
  to.setInt32(at + (LITTLE_ENDIAN ? 4 : 0), word(0) ^ 0x80000000, LITTLE_ENDIAN)
  to.setInt32(at + (LITTLE_ENDIAN ? 0 : 4), word(4), LITTLE_ENDIAN)
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
