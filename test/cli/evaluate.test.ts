// What `evaluate` says of a model: learned here from a small world, and used from a threshold that nobody could vouch for.
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { accountLayout } from '../../src/apps/account/layout.ts'
import { writeKnowledge } from '../../src/apps/account/knowledge-file.ts'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { makeDirectory } from '../../src/apps/account/stores.ts'
import type { ModelScore } from '../../src/apps/cli/commands/judge-pairs.ts'
import { quiet } from '../../src/batch/stage.ts'
import { judgeModel } from '../../src/flows/judge-model.ts'
import { folder, run, runJson } from './run.ts'

/** Of pairs that the model would call one person's four times of five. */
const JOIN_FROM = 1_386

/** Learns from a folder's data, however little there is, and lets it be used. */
async function learnAnyhow(cwd: string): Promise<void> {
  const directory = join(cwd, 'selfsame-data')
  const account = await openAccount(directory, { configuration: null, notice: () => undefined })
  const scratch = join(cwd, 'scratch')
  await makeDirectory(scratch)
  const engine = await openDuckdbEngine({
    memoryMegabytesMax: 500,
    threads: 1,
    spillDirectory: join(scratch, 'spill'),
    signal: new AbortController().signal,
  })
  try {
    const { log, active, layout } = account
    const judged = await judgeModel({
      engine,
      policy: active.policy,
      columns: (cuts) => log.columns({ upTo: log.end(), cuts, scratch }),
      told: quiet,
    })
    const { model, training } = await judged.learn({
      pairsMax: 200_000,
      answersMin: 1,
      precisionMin: 0,
      rounds: 10,
      inUse: null,
    })
    if (model === null) throw new Error('nothing was learned')
    await makeDirectory(join(layout.knowledgeFile, '..'))
    await writeKnowledge(accountLayout(directory, account.name), {
      knowledge: {
        version: 'ofthetest123',
        model: { ...model, joinFrom: JOIN_FROM },
        witnesses: judged.gathered.known,
        stopped: false,
      },
      training,
    })
  } finally {
    await engine.close()
    await account.close()
  }
}

type Evaluated = Record<string, unknown> & { readonly model: ModelScore | null }

test('what a model says of pairs is held against a truth', async () => {
  const cwd = await folder()
  const files = ['--out', 'w.ndjson', '--truth', 'truth.csv', '--event-truth', 'events.csv']
  await run(['simulate', '--people', '150', '--seed', '3', ...files], { cwd })
  await run(['ingest', 'w.ndjson'], { cwd })
  const ask = ['evaluate', '--truth', 'truth.csv']
  expect(await runJson(ask, { cwd })).toMatchObject({
    model: null,
    model_refused: 'nothing was learned yet: a run does',
  })
  await learnAnyhow(cwd)

  const { model, ...score } = await runJson<Evaluated>(ask, { cwd })
  expect(score).toMatchObject({ model_refused: null, welded_profiles: 0 })
  if (model === null) throw new Error('no model was judged')
  expect(model.version).toBe('ofthetest123')
  expect(model.threshold).toBeCloseTo(0.8, 3)
  expect(model.pairs).toBeGreaterThan(model.pairs_true)
  expect(model.calibration.reduce((sum, bin) => sum + bin.pairs, 0)).toBe(model.pairs)
  expect(model.curve.at(-1)).toMatchObject({
    recall: 1,
    precision: model.pairs_true / model.pairs,
  })
  // The lower the threshold, the more is found.
  const recalls = model.thresholds.map(({ recall }) => recall)
  expect(recalls).toEqual(recalls.toSorted((x, y) => y - x))
  expect(model.thresholds.filter(({ chosen }) => chosen)).toHaveLength(1)
  expect(model.mistakes.length).toBeGreaterThan(0)
  for (const { a, b, kind, probability, signals } of model.mistakes) {
    expect([a, b]).toEqual([expect.stringMatching(/^cookie/), expect.stringMatching(/^cookie/)])
    expect(signals.length).toBeGreaterThan(0)
    expect(kind === 'apart' && probability > model.threshold).toBe(false)
  }

  const said = await run(ask, { cwd })
  expect(said.stdout).toContain('Model ofthetest123 joins from a probability of 0.8')
  expect(said.stdout).toMatch(/^ 1\.0 │/m)
  expect(said.stdout).toMatch(/^one person, apart \(0\.\d+\): cookie/m)
  const without = await runJson<Evaluated>([...ask, '--no-model'], { cwd })
  expect(without.model).toBeNull()
  const events = await runJson<Evaluated>(['evaluate', '--truth', 'events.csv'], { cwd })
  expect(events.model).toBeNull()
})

test('why no model is used is told', async () => {
  const cwd = await folder()
  await run(['simulate', '--people', '20', '--out', 'w.ndjson', '--truth', 't.csv'], { cwd })
  await run(['ingest', 'w.ndjson'], { cwd })
  await run(['resolve'], { cwd })
  const { stdout } = await run(['evaluate', '--truth', 't.csv'], { cwd })
  expect(stdout).toContain('No model is used: logins answer for ')
})
