// What a model is judged by is what a run would do: the same groups from the same score on.
import { expect, test } from 'vitest'

import { factOfItem, openWorld } from '../../bench/accuracy/world.ts'
import { messageOf, withLog } from '../../test/batch/engine.ts'
import { standingOf } from '../batch/decrees.ts'
import { scorePairs } from '../batch/evidence/alike-cookies.ts'
import { partition } from '../batch/partition.ts'
import { quiet } from '../batch/stage.ts'
import { LABEL } from '../batch/learning/labels.ts'
import { judgeModel } from './judge-model.ts'

const JOIN_FROM = 1_000
/** Of the pairs, those that reach it. */
const JOINED_PART = 0.1

test('what would be joined from a score on is what a run joins, and judging changes nothing', async () => {
  const { simulation, extraction, policy } = openWorld(
    { people: 30, days: 30, seed: 5, hard: false },
    {},
  )
  const records = [...simulation].flatMap((item) => {
    const fact = item.repeated ? null : factOfItem(item, extraction)
    return fact === null ? [] : [messageOf(fact)]
  })
  await withLog(records, async ({ engine, columns }) => {
    const judged = await judgeModel({ engine, policy, columns, told: quiet })
    const { gathered, bins, said, labelled } = judged
    const limits = { pairsMax: 1_000, answersMin: 1, precisionMin: 0, rounds: 10, inUse: null }
    const { model: fitted } = await judged.learn(limits)
    if (fitted === null) throw new Error('the world has no answers')
    // So small a world teaches to believe in nobody.
    const sorted = scorePairs({ ...gathered, bins }, fitted).toSorted()
    const least = sorted[Math.floor(sorted.length * (1 - JOINED_PART))] ?? 0
    const model = { ...fitted, bias: fitted.bias + JOIN_FROM - least, joinFrom: JOIN_FROM }
    const scores = scorePairs({ ...gathered, bins }, model)
    const joined = await judged.joined(scores, JOIN_FROM)
    expect(new Set(joined).size).toBeLessThan(new Set(said).size)
    expect(await judged.joined(scores, 50_000)).toEqual(said)
    expect(labelled.label).toContain(LABEL.same)

    const knowledge = { version: 'test', model, witnesses: gathered.known, stopped: false }
    const input = { parts: await columns(), standing: standingOf([]) }
    await partition(engine, { ...input, policy: { ...policy, knowledge } }, quiet)
    const rows = await engine.rows<{ node: number; grp: number }>(
      'SELECT node, grp FROM membership',
    )
    expect(rows).toHaveLength(judged.members.length)
    for (const { node, grp } of rows) expect([node, joined[node]]).toEqual([node, grp])
  })
})
