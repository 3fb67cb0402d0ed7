// Who belongs to whom at one moment.

import type { ProfileRecord } from '../../core/profile/view/records.ts'
import type { Membership } from '../../ports/identity-store.ts'
import { ByteReader, profileOfField } from './bytes.ts'
import type { Link } from './link.ts'
import { atOneMoment } from './moment.ts'
import type { Names } from './namespaces.ts'
import { readProfile, readSeen } from './records.ts'

/** Sets the first bit of 64 the other way, so that signed numbers are in the order of keys. */
const SIGN = 1n << 63n

export async function membershipOf(link: Link, names: Names): Promise<Membership> {
  const members = new Map<bigint, string>()
  const profiles = new Map<string, ProfileRecord>()
  const position = await atOneMoment(link, names, {
    node: (key, record) => {
      const number = BigInt.asIntN(64, key.readBigUInt64BE() ^ SIGN)
      const profile = record === null ? '' : readSeen(new ByteReader(record), '').profile
      if (profile === '') members.delete(number)
      else members.set(number, profile)
    },
    profile: (field, record) => {
      const id = profileOfField(field)
      profiles.set(id, readProfile(new ByteReader(record), id))
    },
  })
  const live = [...profiles.values()].filter(({ size }) => size > 0)
  const indexOf = new Map(live.map(({ id }, i) => [id, i]))
  const own = [...members].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    position,
    members: BigInt64Array.from(own, ([member]) => member),
    profileOf: Int32Array.from(own, ([, profile]) => indexOf.get(profile) ?? -1),
    ids: live.map(({ id }) => id),
    confirmed: Uint8Array.from(live, ({ state }) => (state === 'confirmed' ? 1 : 0)),
    revisions: Int32Array.from(live, ({ revision }) => revision),
    weakest: Int32Array.from(live, ({ weakest }) => weakest),
  }
}
