// A series of kills on one data directory: kill, look, run the same again, kill …, until the last run comes to its end.
// Then the log and the profiles are those of a load that nobody disturbed.
import { expect } from 'vitest'

import type { StoredMessage } from '../../src/ports/event-log.ts'
import { folder, runJson } from '../cli/run.ts'
import { command, environment } from './command.ts'
import { foundersByLog, messagesIn, partitionOf, profilesIn, type Profiles } from './holding.ts'
import { recordsIn, recordsReach } from './instant.ts'
import { diceOf } from './random.ts'
import { killIngest, killServe, seriesOf } from './rounds.ts'
import { layOut, WORLD_FILE, worldOf, type World, type WorldSize } from './world.ts'

/** Rounds that find all messages there already: to start, to skip them and to end is all they do. */
const ROUNDS_WHEN_LOADED = 2
/** Were more profiles split, their ids would not be worth comparing. */
const SPLIT_PART_MAX = 0.05

export interface SeriesPlan {
  /** Of the world and of the instants. */
  readonly seed: number
  readonly size: WorldSize
  /** At most: a series ends soon after all is loaded. */
  readonly kills: number
  /** In every other round messages come by requests to a server, not by the file. */
  readonly isMixed: boolean
}

/** Plays a series to its end, asserts what it left behind, and returns how often it killed. */
export async function playSeries({ seed, size, kills, isMixed }: SeriesPlan): Promise<number> {
  const undisturbed = await undisturbedLoad(seed, size)
  const { world, startMs } = undisturbed
  const cwd = await folder()
  await layOut(cwd, world)
  const series = seriesOf({ cwd, world, startMs, dice: diceOf(2 * seed + Number(isMixed)) })
  const { killed } = series
  let roundsWhenLoaded = 0
  for (let round = 0; killed.length < kills && roundsWhenLoaded < ROUNDS_WHEN_LOADED; round++) {
    if ((await recordsIn(cwd)) > world.sent.length) roundsWhenLoaded++
    await (isMixed && round % 2 === 0 ? killServe(series) : killIngest(series))
  }
  expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
  const told = `${world.lines.length} messages of seed ${seed}: killed in ${killed.join(', ')}`
  process.stderr.write(`${told}\n`)
  await expectUndisturbed(cwd, undisturbed, isMixed)
  return killed.length
}

/** A load that nobody disturbs, and what it leaves. */
export interface Undisturbed {
  readonly world: World
  /** From its start until its first record was written. */
  readonly startMs: number
  readonly messages: readonly StoredMessage[]
  readonly profiles: Profiles
}

/** Several tests ask for the same one; the latest are remembered. */
const loads = new Map<string, Promise<Undisturbed>>()
const LOADS_REMEMBERED_MAX = 4

export function undisturbedLoad(seed: number, size: WorldSize): Promise<Undisturbed> {
  const name = `${seed} ${size.people} ${size.days}`
  const load = loads.get(name) ?? loadUndisturbed(seed, size)
  loads.set(name, load)
  const [oldest = ''] = loads.keys()
  if (loads.size > LOADS_REMEMBERED_MAX) loads.delete(oldest)
  return load
}

async function loadUndisturbed(seed: number, size: WorldSize): Promise<Undisturbed> {
  const world = worldOf(seed, size)
  const cwd = await folder()
  await layOut(cwd, world)
  const startedAt = Date.now()
  const { child, ended } = command(cwd, 'ingest', WORLD_FILE)
  await recordsReach(1, child, cwd)
  const startMs = Date.now() - startedAt
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
  return { world, startMs, messages: await messagesIn(cwd), profiles: await profilesIn(cwd) }
}

/**
 * The directory holds the whole world, each message once, and the profiles are those of the undisturbed load. By file
 * alone every message is received when the file says: then founding members are equal too, and since messages come in
 * that order, a profile is first made of its founder whatever is decided together, so ids are equal but for splits.
 * Where requests came in between, the founding members are those that this log says.
 */
export async function expectUndisturbed(
  cwd: string,
  { world, messages, profiles }: Undisturbed,
  isMixed: boolean,
): Promise<void> {
  const found = await messagesIn(cwd)
  expect(new Set(found.map(({ fact }) => fact.id))).toEqual(new Set(world.sent.map(({ id }) => id)))
  const now = await profilesIn(cwd)
  if (isMixed) expectSameFacts(found, messages)
  else {
    expect(found).toEqual(messages)
    expect(now.members).toEqual(profiles.members)
    expect([now.strangelyNamed, profiles.strangelyNamed]).toEqual([[], []])
    expect(now.split).toBeLessThan(SPLIT_PART_MAX * now.members.size)
  }
  expect(partitionOf(now)).toEqual(partitionOf(profiles))
  expect([...now.members.keys()]).toEqual(foundersByLog(found, now))
  expect(await runJson(['verify'], { cwd, environment })).toMatchObject({ ok: true, waiting: 0 })
}

/** By file or by request, early or late: the same messages, but for when they were received. */
function expectSameFacts(
  found: readonly StoredMessage[],
  expected: readonly StoredMessage[],
): void {
  const told = (messages: readonly StoredMessage[]): readonly unknown[] =>
    messages
      .map(({ fact, raw }) => {
        const { site: _, receivedAt: __, ...message } = JSON.parse(raw) as Record<string, unknown>
        return { ...fact, receivedAt: 0, message }
      })
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(told(found)).toEqual(told(expected))
}
