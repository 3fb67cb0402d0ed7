// Writes the graph behind the log at a steady pace while somebody changes it, and decides in quiet times what was too
// large to decide at once. Invariant: a failure loses nothing, the log has it; it is tried again at the next turn.

import type { Resolver } from '../../flows/resolver.ts'
import { WAITING_AT_ONCE } from '../../flows/resolver-limits.ts'

/** Age of an unstored decision at most, ms, while the disk keeps up. */
const FLUSH_EVERY_MS = 400
/** Turns without a message after which it is quiet. */
const QUIET_TURNS = 8

export interface Flushing {
  /** Why the last turn failed; null when it did not. */
  failure(): unknown
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

export function flushRegularly(resolver: Resolver): Flushing {
  let failure: unknown = null
  let underWay: Promise<void> | null = null
  let seen = resolver.applied
  let quietTurns = 0
  const turn = async (): Promise<void> => {
    try {
      await resolver.storeBehind()
      if (quietTurns === QUIET_TURNS)
        quietTurns -= Math.min(1, await resolver.decideWaiting(WAITING_AT_ONCE))
      failure = null
    } catch (cause) {
      failure = cause
    } finally {
      underWay = null
    }
  }
  const timer = setInterval(() => {
    quietTurns = resolver.applied === seen ? quietTurns + 1 : 0
    seen = resolver.applied
    underWay ??= turn()
  }, FLUSH_EVERY_MS)
  timer.unref()
  return {
    failure: () => failure,
    stop: async () => {
      clearInterval(timer)
      await underWay
    },
  }
}
