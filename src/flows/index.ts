// The verbs that await: a flow loads through a port, lets the core decide, and commits.

export { ingest, understand } from './ingest.ts'
export type { Incoming, Ingested, Outcome, Understood } from './ingest.ts'
export { RESOLVER_LIMITS, Resolver } from './resolve-events.ts'
export type { ResolverLimits, ResolverParts } from './resolve-events.ts'
export { explainPair, graphOf, historyOf, profileById, profileOf, timelineOf } from './look-up.ts'
export { statsOf, takeCensus } from './take-census.ts'
