// What a run says that a model joined is what the live path explains: the same pairs, worth the same.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf, withLog } from '../../../test/batch/engine.ts'
import { play } from '../../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import { evidenceOfPair, pairsWithin } from '../../core/profile/alike/alike-pairs.ts'
import { componentsOf } from '../../core/profile/component.ts'
import { effectiveBetween } from '../../core/profile/effective.ts'
import { edgesBetween, newPass, type Pass } from '../../core/profile/view/neighbours.ts'
import { stageA } from '../../core/profile/stage-a.ts'
import type { View, ViewNode } from '../../core/profile/view/view.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import { standingOf } from '../decrees.ts'
import { partition } from '../partition.ts'
import { makeStages } from '../stage.ts'
import { profileStages } from '../stages/profiles.ts'

const WORLDS = 25
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS / 4)

const policy = smallPolicy('learned', WORLDS)
const { knowledge } = policy

interface Told {
  /** `COOKIE COOKIE EVIDENCE` */
  readonly joins: readonly string[]
  /** Cookies whose reason to be in their profile is a model. */
  readonly onlyAlike: readonly string[]
}

/** Whether an edge of its own keeps the cookie with another one of the profile. */
function holds(pass: Pass, cookie: ViewNode, mate: ViewNode): boolean {
  if (cookie === mate || edgesBetween(cookie, mate).length === 0) return false
  return (effectiveBetween(pass, cookie, mate)?.evidence ?? 0) >= policy.mergeEvidence
}

function toldLive(view: View): Told {
  if (knowledge === null) throw new Error('a policy that has learned')
  const pass = newPass(view, policy)
  const joins = new Set<string>()
  const onlyAlike = new Set<string>()
  for (const { key, profile } of view.nodes()) {
    if (profile === '') continue
    const groups = componentsOf(pass, [key])
      .components.flatMap((component) => stageA(pass, component).groups)
      .filter(({ nodes }) => nodes[0]?.profile === profile)
    const mates = groups.flatMap(({ nodes }) => nodes)
    for (const pair of pairsWithin({ pass, knowledge, asks: [] }, groups)) {
      const [x, y] = [pair.a.value, pair.b.value].toSorted()
      joins.add(`${x} ${y} ${evidenceOfPair(pair)}`)
      for (const cookie of [pair.a, pair.b])
        if (!mates.some((mate) => holds(pass, cookie, mate))) onlyAlike.add(cookie.value)
    }
  }
  return { joins: [...joins].toSorted(), onlyAlike: [...onlyAlike].toSorted() }
}

async function toldByRun(engine: BatchEngine): Promise<Told> {
  const joins = await engine.rows<{ x: string; y: string; evidence: number }>(`
    SELECT least(f.value, t.value) AS x, greatest(f.value, t.value) AS y, j.evidence AS evidence
    FROM inferred j JOIN identifier f ON f.node = j.from_node JOIN identifier t ON t.node = j.to_node`)
  const reasons = await engine.rows<{ value: string }>(`
    SELECT i.value AS value FROM reason r JOIN identifier i ON i.node = r.node
    JOIN kind_rule k ON k.code = r.kind AND k.kind = 'alike'`)
  return {
    joins: joins.map(({ x, y, evidence }) => `${x} ${y} ${evidence}`).toSorted(),
    onlyAlike: reasons.map(({ value }) => value).toSorted(),
  }
}

test('joins of a run are those that are explained live', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(smallWorld, { minLength: WORLDS, maxLength: WORLDS }),
      async (worlds) => {
        const facts = worlds.flatMap((world, i) => apart(i, world))
        const live = toldLive(play(policy, [facts]))
        const run = await withLog(facts.map(messageOf), async ({ engine, columns }) => {
          const parts = await columns()
          await partition(engine, { parts, policy, standing: standingOf([]) }, () => undefined)
          await engine.make('profile_name', "SELECT DISTINCT grp, '' AS profile_id FROM membership")
          await engine.make('same', 'SELECT grp FROM membership WHERE 1 = 0')
          await makeStages(engine, profileStages(policy), () => undefined)
          return toldByRun(engine)
        })
        expect(run).toEqual(live)
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
})
