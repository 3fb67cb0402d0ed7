// The verbs that await: a flow loads through a port, lets the core decide, and commits.

export { ingest, understand } from './ingest.ts'
export type { Incoming, Ingested, Outcome, Understood } from './ingest.ts'
export { Resolver } from './resolver.ts'
export { SoleResolver } from './resolve-events.ts'
export type { ResolverParts } from './resolve-events.ts'
export { RESOLVER_LIMITS } from './resolver-limits.ts'
export type { ResolverLimits } from './resolver-limits.ts'
export { explainPair, graphOf, historyOf, profileById, profileOf, timelineOf } from './look-up.ts'
export { statsOf, takeCensus } from './take-census.ts'
