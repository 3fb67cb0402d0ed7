// What came out of a run, so that two runs can be compared.

import { createHash } from 'node:crypto'

import type { Account } from '../../src/apps/account/account.ts'

/** What came out: counts, and a hash over which identifiers ended in one profile. */
export async function resultOf({
  store,
}: Pick<Account, 'store'>): Promise<Record<string, number | string>> {
  const counts = await store.counts()
  const first = new Map<string, string>()
  const hash = createHash('sha256')
  for (let after = '', page = await store.scanNodes('', 10_000); page.length > 0;) {
    for (const { key, profile } of page) {
      if (profile !== '' && !first.has(profile)) first.set(profile, key)
      hash.update(`${key} ${first.get(profile) ?? ''}\n`)
    }
    after = page.at(-1)?.key ?? after
    page = await store.scanNodes(after, 10_000)
  }
  return {
    identifiers: counts.identifiers,
    profiles: counts.profiles,
    result: hash.digest('hex').slice(0, 16),
  }
}
