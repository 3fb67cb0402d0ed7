// Keeps what new logins say of a model at a steady pace, while somebody decides by it.
// Invariant: a failure loses nothing but what came since the last turn; it is tried again at the next.

import type { Resolver } from '../../flows/resolver.ts'
import type { ActiveRules } from './active-rules.ts'

/** Age of an answer that is not kept yet at most, ms, while the disk keeps up. */
const KEEP_EVERY_MS = 1_500

export interface DriftKeeping {
  /** Keeps what there is and ends. */
  stop(): Promise<void>
}

export function keepDrift(resolver: Resolver, rules: ActiveRules): DriftKeeping {
  let underWay: Promise<void> | null = null
  const turn = async (): Promise<void> => {
    const { drift } = resolver
    if (drift !== null) await rules.keep(drift)
  }
  const timer = setInterval(() => {
    underWay ??= turn()
      .catch(() => undefined)
      .finally(() => (underWay = null))
  }, KEEP_EVERY_MS)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await underWay
      await turn()
    },
  }
}
