// A live graph over a log, and runs on it as far as they ask, for tests of questions.
import { createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import { standingOf } from '../../src/batch/decrees.ts'
import { partition } from '../../src/batch/partition.ts'
import { makeStages } from '../../src/batch/stage.ts'
import { type DecisionRow, decidedOf, DECISIONS_SQL } from '../../src/batch/stages/decisions.ts'
import { eventStages } from '../../src/batch/stages/events.ts'
import { crowdStage } from '../../src/batch/stages/profiles.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { AlikePair } from '../../src/core/profile/ask.ts'
import { askAlike } from '../../src/flows/ask-alike.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { LogRecord } from '../../src/ports/event-log.ts'
import { ids } from '../worlds/small-world.ts'
import type { OnLog } from './engine.ts'

export async function asking({ engine, log, columns }: OnLog, first: Policy) {
  const store = createMemoryIdentityStore()
  let policy = first
  let commits = 0
  const counting = {
    ...store,
    commit: (...args: Parameters<typeof store.commit>) => {
      commits++
      return store.commit(...args)
    },
  }
  const resolver = new SoleResolver({ log, store: counting, policy, ids })
  await resolver.catchUp()
  await resolver.flush()
  const told = (): undefined => undefined
  return {
    /** A run, as far as it asks: how many questions stand, and how many commits it took. */
    run: async () => {
      const rows = await engine.rows<DecisionRow>(
        DECISIONS_SQL(
          engine.dialect,
          (await columns()).map(({ events }) => events),
        ),
      )
      const standing = standingOf(rows.map(decidedOf))
      const parts = await columns(standing.cuts)
      const { erased } = standing
      const { doubtful } = await partition(engine, { parts, policy, standing }, told)
      const { sessionGapMinutes } = policy
      await makeStages(
        engine,
        [crowdStage, ...eventStages({ parts, erased, sessionGapMinutes })],
        told,
      )
      const before = commits
      const live = {
        ask: resolver.ask.bind(resolver),
        takeBack: resolver.takeBack.bind(resolver),
        questions: store.questions.bind(store),
        flush: resolver.flush.bind(resolver),
      }
      const input = { engine, live, policy, doubtful, told }
      const stand = await askAlike(input, { parts, erased }, standing)
      return { stand, commits: commits - before }
    },
    more: async (...records: LogRecord[]) => {
      const end = log.end()
      await log.append(records)
      await resolver.apply(await log.read(end + 1, records.length))
      await resolver.flush()
    },
    /** From now on all goes by another policy; everything is decided again by it. */
    goBy: async (other: Policy) => {
      policy = other
      await resolver.decideBy(other, 0)
      await resolver.flush()
    },
    ask: (pairs: readonly AlikePair[]) => resolver.ask(pairs),
    questions: () => store.questions(null, 10_000),
    store,
  }
}
