// The law that makes a batch worth anything: computed at once from the log's columns, or decided piece by piece by the
// live path, the profiles are the same.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf, withLog } from '../../test/batch/engine.ts'
import { play } from '../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import type { View } from '../core/profile/view.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { standingOf } from './decrees.ts'
import { partition } from './partition.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 25

/** Each profile as its members, in words. */
function liveProfiles(view: View): readonly string[] {
  const profiles = new Map<string, string[]>()
  for (const node of view.nodes()) {
    if (node.component === '') continue
    const members = profiles.get(node.profile) ?? []
    profiles.set(node.profile, members)
    members.push(`${node.type}:${node.namespace}:${node.value}`)
  }
  return [...profiles]
    .map(([id, members]) => {
      const record = view.profiles.get(id)
      const held = members.length === 1 ? 0 : (record?.weakest ?? 0)
      return `${members.toSorted().join(' ')} ${held}${record?.kind === 'shared' ? ' shared' : ''}`
    })
    .toSorted()
}

async function batchProfiles(engine: BatchEngine): Promise<readonly string[]> {
  const rows = await engine.rows(`
    SELECT list_sort(list(concat(i.type, ':', i.namespace, ':', i.value))) AS members,
      any_value(m.weakest) AS weakest, max(m.shared) AS shared
    FROM membership m JOIN identifier i ON i.node = m.node GROUP BY m.grp`)
  return rows
    .map(({ members, weakest, shared }) => {
      const names = (members as readonly string[]).toSorted().join(' ')
      const held = (members as readonly string[]).length === 1 ? 0 : weakest
      return `${names} ${held}${shared === 1 ? ' shared' : ''}`
    })
    .toSorted()
}

test('a batch over the log decides as the live path does', { timeout: 600_000 }, async () => {
  const policy = smallPolicy(0.85)
  const runs = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)
  await fc.assert(
    fc.asyncProperty(fc.array(smallWorld, { minLength: 1, maxLength: WORLDS }), async (worlds) => {
      const facts = worlds.flatMap((world, i) => apart(i, world))
      const live = liveProfiles(play(policy, [facts]))
      const batch = await withLog(facts.map(messageOf), async ({ engine, columns }) => {
        const parts = await columns()
        await partition(engine, { parts, policy, standing: standingOf([]) }, () => undefined)
        return batchProfiles(engine)
      })
      expect(batch).toEqual(live)
    }),
    { numRuns: runs },
  )
})
