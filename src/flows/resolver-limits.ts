// How much a resolver keeps in memory and looks at, unless it is told otherwise.

export interface ResolverLimits {
  /** Nodes kept in memory; past it the view starts over after a commit. */
  readonly viewNodesMax: number
  /** Edges of one component; past it its decision waits. */
  readonly componentEdgesMax: number
  /** Changed nodes and edges that may wait for a commit; past it one is made at once. */
  readonly unstoredMax: number
  /** Records read at once when catching up with the log. */
  readonly catchUpRecordsMax: number
}

export const RESOLVER_LIMITS: ResolverLimits = {
  viewNodesMax: 150_000,
  componentEdgesMax: 10_000,
  unstoredMax: 40_000,
  catchUpRecordsMax: 2_000,
}

/** For `decideWaiting` now and then: of one crowd thousands of components may wait, and one decision is about all. */
export const WAITING_AT_ONCE = 10_000
