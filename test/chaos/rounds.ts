// Rounds of a series of kills on one data directory: run, kill, look.
// After each: whatever was acknowledged is in the log, whole and once, and the graph is not ahead of the log.
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { Running } from '../cli/run.ts'
import { Client } from './client.ts'
import { command, ingestPiped, serving } from './command.ts'
import { graphPosition, logOf, messagesIn } from './holding.ts'
import { instantOf, killAt, openSegmentOf, recordsIn, type Instant, type Phase } from './instant.ts'
import type { Dice } from './random.ts'
import { WORLD_FILE, type World } from './world.ts'

/** So often a kill also tears the log's last record. */
const TORN_ONE_IN = 4

export interface Series {
  /** Empty at first but for the world's file. */
  readonly cwd: string
  readonly world: World
  readonly dice: Dice
  readonly client: Client
  /** How long a start takes here and now. */
  readonly startMs: number
  /** Phases in which it was killed. */
  readonly killed: Phase[]
}

export function seriesOf(parts: Omit<Series, 'client' | 'killed'>): Series {
  return { ...parts, client: new Client(parts.world.sent, parts.dice), killed: [] }
}

async function instantIn({ cwd, world, dice, startMs }: Series): Promise<Instant> {
  // Each message, and the policy.
  const recordsMax = world.sent.length + 1
  return instantOf(dice, { recordsBefore: await recordsIn(cwd), recordsMax, startMs })
}

/** One run of `ingest` that is killed, or ends first. */
export async function killIngest(series: Series): Promise<void> {
  const { cwd, dice } = series
  const instant = await instantIn(series)
  const loading =
    dice.whole(0, 3) > 0 ? ingestPiped(cwd, WORLD_FILE) : command(cwd, 'ingest', WORLD_FILE)
  await kill(series, instant, loading)
}

/** One run of `serve` with a client that sends, killed or, when all is sent, stopped. */
export async function killServe(series: Series): Promise<void> {
  const { cwd, client } = series
  const instant = await instantIn(series)
  const { running, url } = serving(cwd)
  const killing = kill(series, instant, running)
  const at = await url
  if (at !== null) await client.send(at)
  if (client.isDone) running.child.kill('SIGTERM')
  await killing
}

async function kill(series: Series, instant: Instant, { child, ended }: Running): Promise<void> {
  const killed = await killAt(instant, child, series.cwd)
  const { code, stderr } = await ended
  const { phase } = instant
  if (killed) series.killed.push(phase)
  else if (code !== 0 && !(code === 130 && phase === 'shutdown')) {
    throw new Error(`it ended with ${code}: ${stderr}`)
  }
  await lookAt(series)
  if (killed && series.dice.whole(1, TORN_ONE_IN) === 1) await tear(series.cwd)
}

/**
 * Half a record at the end of the log: what a write leaves that was under way when the whole machine went down, since a
 * kill alone seldom cuts one in two.
 */
async function tear(cwd: string): Promise<void> {
  const open = openSegmentOf(await readdir(logOf(cwd)).catch(() => []))
  if (open === undefined) return
  const path = join(logOf(cwd), open)
  const [line = ''] = (await readFile(path, 'utf8')).split('\n').slice(-2)
  await appendFile(path, line.slice(0, line.length / 2))
}

async function lookAt({ cwd, client, world }: Series): Promise<void> {
  // A log without a record may lack its format, too.
  const messages = (await recordsIn(cwd)) === 0 ? [] : await messagesIn(cwd)
  const ids = new Set(messages.map(({ fact }) => fact.id))
  const sent = new Set(world.sent.map(({ id }) => id))
  expect([...client.acknowledged].filter((id) => !ids.has(id))).toEqual([])
  expect([...ids].filter((id) => !sent.has(id))).toEqual([])
  if (messages.length > 0) expect(await graphPosition(cwd)).toBeLessThanOrEqual(messages.length + 1)
}
