// The cases every adapter must pass, as data: no test runner is imported here.

export { expectEqual, type Case } from './case.ts'
export { eventLogCases, type EventLogNeed, type EventLogSubject } from './event-log.cases.ts'

export {
  type IdentityStoreCase,
  identityStoreCases,
  type IdentityStoreNeed,
  type IdentityStoreSubject,
} from './identity-store.cases.ts'

export { sharedLogCases, type SharedLogSubject } from './shared-log.cases.ts'
