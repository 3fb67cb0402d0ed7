// The profile that is meant by what somebody asked for: an id, or an identifier as people write it.

import { type Identifier, parseIdentifierText } from '../../core/index.ts'
import type { DescribedProfile } from '../../core/profile/explain/describe.ts'
import { profileById, profileOf } from '../../flows/look-up.ts'
import type { Account } from '../account/account.ts'
import { type Answered, noAnswer } from './look-ups.ts'

const PROFILE_ID = /^prf_/

export interface Found {
  readonly profile: DescribedProfile
  /** The identifier asked for; of a profile id its first member. */
  readonly key: string
  readonly byId: boolean
}

/** Or why there is none, in words. */
export async function findProfile(account: Account, asked: string): Promise<Answered<Found>> {
  if (PROFILE_ID.test(asked)) return findById(account, asked)
  const parsed = parseIdentifierText(account.extraction, asked)
  if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
  const { identifier } = parsed
  const profile = await profileOf(account, identifier.key)
  if (profile !== null) return { ok: true, value: { profile, key: identifier.key, byId: false } }
  return noAnswer(404, whyNothing(account, asked, identifier))
}

async function findById(account: Account, id: string): Promise<Answered<Found>> {
  const found = await profileById(account, id)
  if (found.found === 'erased') return noAnswer(410, `the profile ${id} was erased`)
  if (found.found === 'nothing') return noAnswer(404, `there is no profile ${id}`)
  const { profile } = found
  return { ok: true, value: { profile, key: profile.identifiers[0]?.key ?? '', byId: true } }
}

function whyNothing({ active }: Account, asked: string, { type }: Identifier): string {
  if (active.policy.types.get(type)?.role !== 'witness')
    return `nothing is known of ${asked}: no message named somebody by it`
  return `${type} identifiers belong to no profile: they only testify that cookies belong together`
}
