// `learn`: by itself and through a server; what it says of a model, and of its weights.
import { expect, test } from 'vitest'

import { answerOfModel } from '../../src/apps/answers/knowledge-answer.ts'
import type { ModelAnswer } from '../../src/apps/answers/knowledge-answer.ts'
import { sayLearned, sayWeights } from '../../src/apps/cli/words/model-words.ts'
import { withAccount } from '../batch/account.ts'
import { learnedHomes } from '../worlds/homes.ts'
import { login } from './messages.ts'
import { fails, folder, run, runJson, serve } from './run.ts'

test('too little to learn from: it says so, also through a server', async () => {
  const cwd = await folder()
  await fails(['learn'], { cwd }, 1, 'there is no data')
  await run(['ingest', '-'], { cwd, input: login('c-a', 'ana@example.com', 'm0') })
  const { code, stdout } = await run(['learn', '--weights'], { cwd })
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^No model is used.*logins\s+answer for 0 pairs/ms),
  ])
  const server = await serve(cwd)
  expect(await runJson<ModelAnswer>(['learn'], { cwd })).toMatchObject({
    version: null,
    used: false,
    training: { same_pairs: 0, threshold: null },
    model: null,
  })
  await fails(['learn', '--threads', '1'], { cwd }, 2, 'for a run of this command')
  await server.stop()
})

test('a model in words: where it joins, how sure it is, and what its signals weigh', async () => {
  await withAccount({}, async ({ account }) => {
    const { knowledge, training } = learnedHomes()
    const chosen = {
      probability: 0.975,
      right: 36,
      wrong: 1,
      open: 51,
      joins: 0.98,
      joinsAtLeast: 0.912,
      pairsJoined: 1_422,
      profilesAtLeast: 0.9926,
      score: 3_000,
    }
    const learned = { knowledge, training: { ...training, candidatePairs: 67_563, chosen } }
    await account.activate({ settings: account.active.settings, learned }, 0)
    const lines: string[] = []
    const terminal = {
      width: 100,
      tableWidth: 100,
      isWatched: false,
      say: (line: string) => lines.push(line),
      note: () => undefined,
      moving: () => undefined,
      paint: (_: string, text: string) => text,
    }
    const invocation = { terminal, calledAs: 'selfsame', dataTyped: '' }
    sayLearned(invocation, answerOfModel(account), 12_000)
    sayWeights(terminal, answerOfModel(account))
    const said = lines.join('\n')
    expect(said).toMatch(/^Looked at 67,563 pairs of cookies .* in 12\.0 s\.$/m)
    expect(said).toContain(
      'from 97.5 % on: of 37 pairs held out of training, 36 rightly; they vouch for 51 joins',
    )
    expect(said).toContain(
      'of joins 0.980 (at least 0.912), of all pairs in profiles at least 0.993',
    )
    expect(said).toContain('Model homes is what is decided by from now on')
    expect(said).toMatch(/how close in time.*in the same hour +\+8\.00 +│████████████$/m)
    expect(said).toContain('joined from +3.00 on, beginning at −4.00')
    expect(Math.max(...lines.slice(-30).map(({ length }) => length))).toBeLessThanOrEqual(130)
  })
})
