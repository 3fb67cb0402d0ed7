// kill -9 at random instants of runs that make another configuration the active policy and back: after each kill `verify`
// finds nothing, or says that such a run was cut short, and never lists differences; a run that ends puts all right.
// SELFSAME_KILLS sets how many (a tenth of it).
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { folder, run, runJson } from '../cli/run.ts'
import { command, environment } from './command.ts'
import { diceOf, SEED } from './random.ts'
import { CONFIGURATION, layOut, WORLD_FILE, worldOf } from './world.ts'

const KILLS = Math.ceil(Number(process.env['SELFSAME_KILLS'] ?? 30) / 10)
const SIZE = { people: 60, days: 8 }
const MS_PER_KILL_MAX = 60_000
/** From the change of the policy to its last decision it takes about so long. */
const SETTLING_MS_MAX = 80

/** Forms join no more, nor do mailboxes that a few people use. */
const OTHER = {
  ...CONFIGURATION,
  edges: { form_submit: 0.5 },
  promiscuity: { email: { warn: 1, full: 1, void: 1 } },
}
const CONFIGURATIONS = ['other.json', 'selfsame.config.json'] as const

interface Verified {
  readonly ok: boolean
  readonly settled: boolean
  readonly differences: readonly unknown[]
}

test(
  `changes of the policy are killed ${KILLS} times (seed ${SEED})`,
  { timeout: 120_000 + KILLS * MS_PER_KILL_MAX },
  async () => {
    const dice = diceOf(SEED)
    const cwd = await folder()
    await layOut(cwd, worldOf(SEED, SIZE))
    await writeFile(join(cwd, 'other.json'), JSON.stringify(OTHER))
    await runJson(['ingest', WORLD_FILE], { cwd, environment })
    const startedAt = performance.now()
    await runJson(['resolve'], { cwd, environment })
    const runMs = performance.now() - startedAt
    const states: string[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = command(cwd, 'resolve', '--config', CONFIGURATIONS[kill % 2] ?? '')
      const when =
        dice.whole(1, 4) === 1
          ? sleep(dice.whole(0, Math.floor(runMs)))
          : policyChanges(cwd).then(() => sleep(dice.whole(0, SETTLING_MS_MAX)))
      await Promise.race([when, ended])
      child.kill('SIGKILL')
      await ended
      states.push(await expectNoDifferences(cwd, dice.whole(0, 1) === 0))
      if (dice.whole(1, 3) > 1) continue
      await runJson(['resolve', '--config', dice.pick(CONFIGURATIONS)], { cwd, environment })
      expect(await expectNoDifferences(cwd, false)).toBe('settled')
    }
    await runJson(['resolve'], { cwd, environment })
    expect(await expectNoDifferences(cwd, false)).toBe('settled')
    process.stderr.write(`after each kill: ${states.join(', ')}\n`)
  },
)

/** Which of the two it is. Some look after a writer has opened the directory, as after a restart. */
async function expectNoDifferences(cwd: string, isReopened: boolean): Promise<string> {
  if (isReopened) await runJson(['ingest', '-'], { cwd, environment })
  const { code, stdout } = await run(['verify', '--json'], { cwd, environment })
  const { ok, settled, differences } = JSON.parse(stdout) as Verified
  expect([ok, code, differences]).toEqual([settled, settled ? 0 : 1, []])
  const inWords = await run(['verify'], { cwd, environment })
  expect(inWords.stdout).toMatch(settled ? /^All is well: /m : /^Not all profiles are decided yet/)
  return settled ? 'settled' : 'cut short'
}

/** Resolves when another policy becomes active, or its run has come to an end. */
async function policyChanges(cwd: string): Promise<void> {
  const path = join(cwd, 'selfsame-data', 'policy', 'default.json')
  const { mtimeMs } = await stat(path)
  for (let looks = 0; looks < LOOKS_MAX && (await stat(path)).mtimeMs === mtimeMs; looks++)
    await sleep(1)
}

const LOOKS_MAX = 20_000
