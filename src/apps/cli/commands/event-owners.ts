// Whose each event of the log is, as the profiles stand: for an evaluation by events.
// Events on shared cookies are held together in memory, since a session's owner follows from all its events.

import type { Fact } from '../../../core/edge/fact.ts'
import type { Key } from '../../../core/index.ts'
import { ownersOf } from '../../../core/profile/ownership.ts'
import type { Account } from '../../account/account.ts'

const RECORDS_AT_ONCE = 1_000
const NODES_AT_ONCE = 1_000

/** Pairs of event id and profile, null for nobody's. */
export async function* ownersOfEvents(
  account: Account,
): AsyncGenerator<readonly [event: string, profile: string | null]> {
  const { log, active } = account
  const profiles = await profilesByKey(account)
  const profileOf = (key: Key): string | null => profiles.get(key) ?? null
  const shared = await sharedCookies(account, profiles)
  const isShared = (cookie: Key): boolean => shared.has(cookie)
  const together: Fact[] = []
  for (let next = 1; next <= log.end();) {
    const records = await log.read(next, RECORDS_AT_ONCE)
    if (records.length === 0) break
    next += records.length
    const facts: Fact[] = []
    for (const record of records) {
      if (record.kind !== 'message') continue
      const onShared = record.fact.identifiers.some(({ key }) => shared.has(key))
      if (onShared) together.push(record.fact)
      else facts.push(record.fact)
    }
    const owners = ownersOf(facts, active.policy, { profileOf, isShared })
    for (const [i, fact] of facts.entries()) yield [fact.id, owners[i] ?? null]
  }
  const owners = ownersOf(together, active.policy, { profileOf, isShared })
  for (const [i, fact] of together.entries()) yield [fact.id, owners[i] ?? null]
}

async function profilesByKey({ store }: Account): Promise<Map<Key, string>> {
  const profiles = new Map<Key, string>()
  for (let after = ''; ;) {
    const page = await store.scanNodes(after, NODES_AT_ONCE)
    for (const { key, profile } of page) if (profile !== '') profiles.set(key, profile)
    const last = page.at(-1)
    if (last === undefined) return profiles
    after = last.key
  }
}

/** What is shared joins nobody, so it is the only member of a profile of its kind. Contacts among them do no harm. */
async function sharedCookies(
  { store }: Account,
  profiles: ReadonlyMap<Key, string>,
): Promise<Set<Key>> {
  const shared = new Set<Key>()
  for (const [key, id] of profiles) {
    const found = await store.profile(id)
    if (found?.profile.kind === 'shared') shared.add(key)
  }
  return shared
}
