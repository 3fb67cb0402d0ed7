// What every identity store must do. A subject is one store, empty at first, that can be closed and opened again.

import { censusCases } from './identity-store-census.cases.ts'
import { commitCases } from './identity-store-commit.cases.ts'
import { conflictCases } from './identity-store-conflict.cases.ts'
import { crowdCases } from './identity-store-crowd.cases.ts'
import { feedCases } from './identity-store-feed.cases.ts'
import { limitCases } from './identity-store-limit.cases.ts'
import { loadCases } from './identity-store-load.cases.ts'
import { membershipCases } from './identity-store-membership.cases.ts'
import { promiscuousCases } from './identity-store-promiscuous.cases.ts'
import { queryCases } from './identity-store-query.cases.ts'
import { removalCases } from './identity-store-removal.cases.ts'
import type { IdentityStoreCase } from './identity-store.subject.ts'

export type {
  IdentityStoreCase,
  IdentityStoreNeed,
  IdentityStoreSubject,
} from './identity-store.subject.ts'

export const identityStoreCases: readonly IdentityStoreCase[] = [
  ...loadCases,
  ...limitCases,
  ...crowdCases,
  ...conflictCases,
  ...commitCases,
  ...removalCases,
  ...queryCases,
  ...feedCases,
  ...censusCases,
  ...membershipCases,
  ...promiscuousCases,
]
