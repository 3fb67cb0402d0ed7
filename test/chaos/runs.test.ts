// kill -9 at random instants of batch runs while a world comes in between them: after each kill the graph is as the log
// says and readers find the last good tables, whole and of one run; in the end all is as in a load that nobody disturbed.
// SELFSAME_KILLS sets how many (a third of it), SELFSAME_WORLD_PEOPLE how large the world is.
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { folder, run, runJson } from '../cli/run.ts'
import { command, environment } from './command.ts'
import { diceOf, SEED } from './random.ts'
import { leftovers, reading } from './reading-tables.ts'
import { expectUndisturbed, undisturbedLoad } from './series.ts'
import { layOut } from './world.ts'

const KILLS = Math.ceil(Number(process.env['SELFSAME_KILLS'] ?? 3) / 3)
const SIZE = { people: Number(process.env['SELFSAME_WORLD_PEOPLE'] ?? 30), days: 5 }
/** Generous: a kill with the runs around it takes some seconds, on a machine that does nothing else. */
const MS_PER_KILL_MAX = 60_000
/** After one in so many kills the graph is held against its log before the next run. */
const VERIFIED_ONE_IN = 3

/** Kills a run after so many ms; false when it had ended before. */
async function killRun(cwd: string, ms: number): Promise<boolean> {
  const { child, ended } = command(cwd, 'resolve', '--json')
  await Promise.race([sleep(ms), ended])
  const killed = child.exitCode === null && child.kill('SIGKILL')
  const { code, stderr } = await ended
  if (!killed && code !== 0) throw new Error(`it ended with ${code}: ${stderr}`)
  return killed
}

test(
  `runs are killed, and neither graph nor tables are ever half (${KILLS} kills, seed ${SEED})`,
  { timeout: 120_000 + KILLS * MS_PER_KILL_MAX },
  async () => {
    const undisturbed = await undisturbedLoad(SEED, SIZE)
    const { lines } = undisturbed.world
    const dice = diceOf(SEED)
    const cwd = await folder()
    await layOut(cwd, undisturbed.world)
    const parts = KILLS + 1
    const load = async (part: number): Promise<void> => {
      const [from, to] = [part, part + 1].map((n) => Math.floor((n * lines.length) / parts))
      const input = `${lines.slice(from, to).join('\n')}\n`
      const loaded = await run(['ingest', '-'], { cwd, environment, input })
      expect(loaded).toMatchObject({ code: 0, stderr: '' })
    }
    await load(0)
    const startedAt = performance.now()
    await expectRun(cwd)
    const runMs = performance.now() - startedAt
    const reader = reading(cwd)
    let killed = 0
    for (let part = 1; part < parts; part++) {
      await load(part)
      // Most kills shall come while it works, few before it has begun.
      while (!(await killRun(cwd, dice.whole(Math.floor(runMs / 4), Math.floor(runMs)))));
      killed++
      if (dice.whole(1, VERIFIED_ONE_IN) === 1) await expectVerified(cwd)
      if (dice.whole(1, 2) === 1) await expectRun(cwd)
    }
    await expectRun(cwd)
    const seen = await reader.stop()
    expect(killed).toBe(KILLS)
    await expectUndisturbed(cwd, undisturbed, false)
    const again = await runJson(['resolve'], { cwd, environment })
    expect(again).toMatchObject({ confirmed: 0, decided_anew: 0, moves: 0 })
    expect(await leftovers(cwd)).toEqual([])
    process.stderr.write(`${killed} runs killed; readers saw runs ${seen.join(' ')}\n`)
  },
)

async function expectRun(cwd: string): Promise<void> {
  expect(await command(cwd, 'resolve').ended).toMatchObject({ code: 0 })
}

async function expectVerified(cwd: string): Promise<void> {
  expect(await runJson(['verify'], { cwd, environment })).toMatchObject({ ok: true })
}
