// Whose an event is: by SQL over the log's columns the same as by the core over the facts.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf, withLog } from '../../../test/batch/engine.ts'
import { play } from '../../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import type { Fact } from '../../core/edge/fact.ts'
import { newPass } from '../../core/profile/view/neighbours.ts'
import { ownersOf } from '../../core/profile/ownership.ts'
import { isShared } from '../../core/profile/shared/shared.ts'
import type { View } from '../../core/profile/view/view.ts'
import { standingOf } from '../decrees.ts'
import { partition } from '../partition.ts'
import { makeStages } from '../stage.ts'
import { eventStages } from './events.ts'

const policy = smallPolicy(0.85)
/** Worlds of one log. */
const WORLDS = 25
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)

/** Event id -> the number of the smallest member of the profile it belongs to; null for nobody's. */
function liveOwners(view: View, facts: readonly Fact[]): Map<string, string | null> {
  const smallest = new Map<string, string>()
  for (const { profile, key } of view.nodes()) {
    const known = smallest.get(profile)
    if (known === undefined || key < known) smallest.set(profile, key)
  }
  const pass = newPass(view, policy)
  const owners = ownersOf(facts, policy, {
    profileOf: (key) => view.node(key)?.profile ?? null,
    isShared: (key) => {
      const node = view.node(key)
      return node !== undefined && isShared(pass, node)
    },
  })
  return new Map(
    facts.map((fact, i) => [fact.id, owners[i] ? (smallest.get(owners[i]) ?? null) : null]),
  )
}

test('an event belongs to whom the core gives it', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(smallWorld, { minLength: WORLDS, maxLength: WORLDS }),
      async (worlds) => {
        const facts = worlds.flatMap((world, i) => apart(i, world))
        const live = liveOwners(play(policy, [facts]), facts)
        await withLog(facts.map(messageOf), async ({ engine, columns }) => {
          const parts = await columns()
          const told = (): undefined => undefined
          await partition(engine, { parts, policy, standing: standingOf([]) }, told)
          const { sessionGapMinutes } = policy
          await makeStages(engine, eventStages({ parts, erased: [], sessionGapMinutes }), told)
          const rows = await engine.rows<{ id: string; owner: string | null }>(`
            SELECT e.id AS id, sha256(concat_ws(chr(31), 'default', i.type, i.namespace, i.value)) AS key,
              CASE WHEN i.node IS NOT NULL THEN key END AS owner
            FROM event v
            JOIN ${engine.dialect.parquet(parts.map((part) => part.events))} e ON e.position = v.position
            LEFT JOIN identifier i ON i.node = v.grp`)
          expect(Object.fromEntries(rows.map(({ id, owner }) => [id, owner]))).toEqual(
            Object.fromEntries(live),
          )
        })
      },
    ),
    { numRuns: RUNS },
  )
})
