// Runs over a server that messages keep coming to, begun by request and by command, while kill -9 ends it at random
// instants of them and it is started again: nothing acknowledged is lost, readers find whole runs at every look, `verify`
// finds nothing, and in the end all is as in a load that nobody disturbed and a last run has nothing left to do.
// SELFSAME_KILLS sets how many (a tenth of it), SELFSAME_WORLD_PEOPLE how large the world is.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { layoutOf } from '../../src/apps/account/layout.ts'
import { runningServer } from '../../src/apps/account/serve-file.ts'
import { createClient, type RunAnswer } from '../../src/apps/client/index.ts'
import { openPublished, warehouseIn } from '../cli/published.ts'
import { folder, runJson, type Running } from '../cli/run.ts'
import { Client } from './client.ts'
import { command, environment, serving } from './command.ts'
import { messagesIn } from './holding.ts'
import { diceOf, SEED, type Dice } from './random.ts'
import { currentRun, leftovers, reading } from './reading-tables.ts'
import { expectUndisturbed, undisturbedLoad } from './series.ts'
import { layOut } from './world.ts'

const KILLS = Math.ceil(Number(process.env['SELFSAME_KILLS'] ?? 30) / 10)
const RUNS = Math.min(10, Math.max(2, KILLS))
/** One that is much larger would be all there before the second run. */
const PEOPLE_MAX = 200
const SIZE = {
  people: Math.min(PEOPLE_MAX, Number(process.env['SELFSAME_WORLD_PEOPLE'] ?? 40)),
  days: 6,
}
/** Generous: a run, or a kill with the start after it, takes some seconds on a machine that does nothing else. */
const MS_PER_RUN_MAX = 60_000
const VERIFIED_ONE_IN = 3
const LOOK_EVERY_MS = 25
/** From the last table to the pointer it takes some tens of milliseconds. */
const PUBLISHING_MS_MAX = 60
const LOOKS_MAX = 20_000
/** What four calls send at once, in the middle. */
const SENT_AT_ONCE = 120

/** A directory that is served and killed by turns, and its client. */
interface Served {
  readonly cwd: string
  readonly dice: Dice
  readonly client: Client
  server: Running
  sending: Promise<void>
}

async function serveAgain(served: Omit<Served, 'server' | 'sending'>): Promise<Served> {
  const { running, url } = serving(served.cwd)
  const at = await url
  if (at === null) throw new Error(`it did not start: ${(await running.ended).stderr}`)
  return { ...served, server: running, sending: served.client.send(at) }
}

/** Begins a run in the server; resolves when it is over, with null when the server went away. */
async function beginRun({ cwd, dice }: Served): Promise<{ over: Promise<RunAnswer | null> }> {
  const server = await runningServer(layoutOf(join(cwd, 'selfsame-data')).serveFile)
  if (server === null) throw new Error('no server runs')
  const api = createClient({ url: server.url, token: server.token })
  const ended = async (): Promise<RunAnswer | null> => {
    for (;;) {
      const answer = await api.runs().catch(() => null)
      if (answer?.latest?.state !== 'running') return answer?.latest ?? null
      await sleep(LOOK_EVERY_MS)
    }
  }
  if (dice.whole(0, 1) === 0) {
    await api.startRun()
    return { over: ended() }
  }
  const asked = command(cwd, 'resolve', '--json')
  const isBegun = async (): Promise<boolean> =>
    asked.child.exitCode !== null || (await api.runs()).latest !== null
  await expect.poll(isBegun, { interval: LOOK_EVERY_MS, timeout: MS_PER_RUN_MAX }).toBe(true)
  const watched = async (): Promise<RunAnswer | null> => {
    const { code, stderr } = await asked.ended
    if (code !== 0) expect(stderr).toMatch(/^selfsame: the server at \S+ went away\n$/)
    return ended()
  }
  return { over: watched() }
}

/** A run that nobody disturbs. */
async function expectRun(served: Served): Promise<RunAnswer> {
  const { over } = await beginRun(served)
  const run = await over
  expect(run).toMatchObject({ state: 'done', error: null })
  return run!
}

/** Resolves when a run begins to write the last of its tables. */
async function writesLastTable(cwd: string): Promise<void> {
  const runs = join(warehouseIn(cwd), 'runs')
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const draft = (await readdir(runs)).find((name) => name.startsWith('.tmp-'))
    if (draft !== undefined && existsSync(join(runs, draft, 'runs'))) return
    await sleep(1)
  }
}

/** Kills the server while a run is at work: some random ms on, or when its tables are about to be published. */
async function killInRun(served: Served, runMs: number): Promise<boolean> {
  const { cwd, dice, server } = served
  const before = await currentRun(cwd)
  const { over } = await beginRun(served)
  const when =
    dice.whole(0, 2) === 0
      ? writesLastTable(cwd).then(() => sleep(dice.whole(0, PUBLISHING_MS_MAX)))
      : sleep(dice.whole(0, Math.floor(runMs)))
  await Promise.race([when, over])
  server.child.kill('SIGKILL')
  await Promise.all([server.ended, served.sending, over])
  return (await currentRun(cwd)) === before
}

async function expectNothingLost({ cwd, client }: Served): Promise<void> {
  const ids = new Set((await messagesIn(cwd)).map(({ fact }) => fact.id))
  expect([...client.acknowledged].filter((id) => !ids.has(id))).toEqual([])
}

async function expectVerified(cwd: string): Promise<void> {
  expect(await runJson(['verify'], { cwd, environment })).toMatchObject({ ok: true })
}

/** How long a run with the start before it takes here and now; the directory is not the one of the test. */
async function measured(cwd: string): Promise<{ startMs: number; runMs: number }> {
  const startedAt = performance.now()
  const client = new Client([], diceOf(SEED))
  const served = await serveAgain({ cwd, dice: diceOf(SEED), client })
  const begunAt = performance.now()
  await expectRun(served)
  const runMs = performance.now() - begunAt
  served.server.child.kill('SIGTERM')
  await served.server.ended
  return { startMs: begunAt - startedAt, runMs }
}

test(
  `${RUNS} runs over a server under load, killed ${KILLS} times (seed ${SEED})`,
  { timeout: 120_000 + (RUNS + 2 * KILLS) * MS_PER_RUN_MAX },
  async () => {
    const undisturbed = await undisturbedLoad(SEED, SIZE)
    const { sent } = undisturbed.world
    const dice = diceOf(SEED)
    const cwd = await folder()
    await layOut(cwd, undisturbed.world)
    const { startMs, runMs } = await measured(cwd)
    const msInAll = RUNS * runMs + KILLS * (startMs + runMs)
    const client = new Client(sent, dice, (msInAll * SENT_AT_ONCE) / sent.length)
    let served = await serveAgain({ cwd, dice, client })
    const reader = reading(cwd)
    let [killed, published, arrived] = [0, 0, 0]
    for (let run = 0; run < RUNS; run++) {
      const killsBefore = Math.round(((run + 1) * KILLS) / RUNS)
      while (killed < killsBefore) {
        if (await killInRun(served, runMs)) killed++
        else published++
        await expectNothingLost(served)
        if (dice.whole(1, VERIFIED_ONE_IN) === 1) await expectVerified(cwd)
        served = await serveAgain(served)
      }
      const before = client.acknowledged.size
      await expectRun(served)
      arrived += client.acknowledged.size - before
      if (dice.whole(1, VERIFIED_ONE_IN) === 1) await expectVerified(cwd)
    }
    client.hurry()
    await served.sending
    expect(arrived).toBeGreaterThan(0)
    expect(client.refusals).toEqual([])
    await expectSettled(served)
    served.server.child.kill('SIGTERM')
    expect((await served.server.ended).code).toBe(0)
    const seen = await reader.stop()
    await expectUndisturbed(cwd, undisturbed, true)
    expect(await leftovers(cwd)).toEqual([])
    process.stderr.write(
      `${killed} runs killed, ${published} just published; ${arrived} of ${sent.length} messages came in runs that ended; readers saw runs ${seen.join(' ')}\n`,
    )
  },
)

/** A run confirms every profile, and the next has nothing to do. */
async function expectSettled(served: Served): Promise<void> {
  await expectRun(served)
  const { outcome } = await expectRun(served)
  expect(outcome).toMatchObject({ confirmed: 0, decided_anew: 0, awaiting: 0, moves: 0 })
  const { one, close } = await openPublished(served.cwd)
  expect(await one(`SELECT count(*) FROM profiles WHERE state <> 'confirmed'`)).toBe(0)
  expect(await one('SELECT count(*) FROM events')).toBe(served.client.acknowledged.size)
  await close()
}
