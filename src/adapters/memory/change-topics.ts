// Topics of changes in memory: what was told, in order, to look at; gone when the process ends.

import type {
  ChangeTopics,
  PublishedChange,
  PublishedProfile,
  Told,
} from '../../ports/change-topics.ts'
import type { Poisoned } from '../../ports/shared-log.ts'

/** As `PublishedProfile`, or null, with the id it was told under. */
interface ToldProfile {
  readonly id: string
  readonly state: PublishedProfile | null
}

export interface MemoryChangeTopics extends ChangeTopics {
  readonly changes: readonly PublishedChange[]
  readonly profiles: readonly ToldProfile[]
  readonly rejects: readonly Poisoned[]
}

/** New topics in which nothing was told. */
export function createMemoryChangeTopics(): MemoryChangeTopics {
  const changes: PublishedChange[] = []
  const profiles: ToldProfile[] = []
  const rejects: Poisoned[] = []
  let told: Told | null = null
  return {
    changes,
    profiles,
    rejects,
    async publish(more, states) {
      await Promise.resolve()
      const [first] = more
      changes.push(...more)
      for (const [id, state] of states) profiles.push({ id, state })
      if (first !== undefined) told = { epoch: first.epoch, sequence: first.sequence - 1 }
    },
    async reject(poisoned) {
      await Promise.resolve()
      rejects.push(...poisoned)
    },
    last: () => Promise.resolve(told),
    async toldBeyond(sharedUpTo) {
      const beyond = new Map<string, PublishedProfile | null>()
      for (const [id, state] of new Map(profiles.map((one) => [one.id, one.state])))
        if (state === null || state.asOf > (await sharedUpTo(state.epoch))) beyond.set(id, state)
      return beyond
    },
    close: () => Promise.resolve(),
  }
}
