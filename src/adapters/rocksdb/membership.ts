// Who belongs to whom, all of it, in one pass over the profiles and one over the nodes.
// Invariant: both passes and the position are of the moment of the call.

import type { Membership } from '../../ports/identity-store.ts'
import { positionOf } from './commit.ts'
import type { Database, Row } from './database.ts'
import { keyAt, prefixOf } from './keys.ts'
import { nodeOf, profileOf } from './rows.ts'

const SIGN = 1n << 63n

export async function membershipOf(database: Database): Promise<Membership> {
  const position = positionOf(database, 'log')
  const [profiles, nodes] = [database.scan(prefixOf('profile')), database.scan(prefixOf('node'))]
  const { indexOf, ...columns } = await readProfiles(profiles)
  const members: bigint[] = []
  const profileIndexes: number[] = []
  for await (const page of nodes) {
    for (const [row, value] of page) {
      const { profile } = nodeOf(keyAt(row, 1), value)
      if (profile === '') continue
      members.push(BigInt.asIntN(64, row.readBigUInt64BE(1) ^ SIGN))
      profileIndexes.push(indexOf.get(profile) ?? -1)
    }
  }
  return {
    position,
    members: BigInt64Array.from(members),
    profileOf: Int32Array.from(profileIndexes),
    ...columns,
  }
}

interface Profiles extends Omit<Membership, 'position' | 'members' | 'profileOf'> {
  readonly indexOf: ReadonlyMap<string, number>
}

async function readProfiles(pages: AsyncIterable<readonly Row[]>): Promise<Profiles> {
  const ids: string[] = []
  const [confirmed, revisions, weakest]: [number[], number[], number[]] = [[], [], []]
  for await (const page of pages) {
    for (const [row, value] of page) {
      const profile = profileOf(row.toString('utf8', 1), value)
      if (profile.size === 0) continue
      ids.push(profile.id)
      confirmed.push(profile.state === 'confirmed' ? 1 : 0)
      revisions.push(profile.revision)
      weakest.push(profile.weakest)
    }
  }
  return {
    ids,
    indexOf: new Map(ids.map((id, at) => [id, at])),
    confirmed: Uint8Array.from(confirmed),
    revisions: Int32Array.from(revisions),
    weakest: Int32Array.from(weakest),
  }
}
