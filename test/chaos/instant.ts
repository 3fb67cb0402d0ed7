// When to kill: at a phase that can be seen from outside (files of the log, answers of the server), and some
// random milliseconds on, so that the instants spread over start-up, load, sealing … on any machine.
import type { ChildProcess } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { graphOf, logOf } from './holding.ts'
import type { Dice } from './random.ts'

/** `storing`: decisions go into the graph, of which the log may know more by now. */
const PHASES = ['start-up', 'load', 'load', 'sealing', 'storing', 'shutdown'] as const

export type Phase = (typeof PHASES)[number]

export interface Instant {
  readonly phase: Phase
  /** Load, storing and shutdown: when so many records are there. */
  readonly records: number
  /** So long after the phase was reached. */
  readonly ms: number
}

/** What a series knows of the run that comes next. */
export interface Outlook {
  readonly recordsBefore: number
  /** In the log when all is loaded. */
  readonly recordsMax: number
  /** How long a start takes here and now. */
  readonly startMs: number
}

/** A kill under load comes after this part of the world at the latest, so that a series has several. */
const PART_OF_WORLD = 0.15
/** A sealing takes tens of milliseconds; from one commit of the graph to the next are 250. */
const MS_MAX = { load: 10, sealing: 60, storing: 60, shutdown: 80 } as const
const POLL_MS = 1

export function instantOf(dice: Dice, { recordsBefore, recordsMax, startMs }: Outlook): Instant {
  const records = recordsBefore + dice.whole(1, Math.ceil(recordsMax * PART_OF_WORLD))
  // When all is loaded a run only starts, skips what is there and ends.
  const phase = recordsBefore < recordsMax ? dice.pick(PHASES) : 'start-up'
  const ms = dice.whole(0, phase === 'start-up' ? startMs : MS_MAX[phase])
  return { phase, records: Math.min(records, recordsMax), ms }
}

/**
 * Waits for the instant and kills; a shutdown is asked for first, unless the command is at its end by itself. False when
 * the process had ended before.
 */
export async function killAt(
  { phase, records, ms }: Instant,
  child: ChildProcess,
  cwd: string,
): Promise<boolean> {
  const startedAt = Date.now()
  if (phase === 'sealing') await until(child, () => isSealing(cwd, startedAt))
  else if (phase !== 'start-up') await recordsReach(records, child, cwd)
  if (phase === 'storing') {
    const before = await storedAt(cwd)
    await until(child, async () => (await storedAt(cwd)) !== before)
  }
  if (phase === 'shutdown') child.kill('SIGTERM')
  if (ms > 0 && isRunning(child)) await sleep(ms)
  return isRunning(child) && child.kill('SIGKILL')
}

/** Waits until the log has so many records, or the process that loads has ended. */
export async function recordsReach(
  records: number,
  child: ChildProcess,
  cwd: string,
): Promise<void> {
  await until(child, async () => (await recordsIn(cwd)) >= records)
}

async function until(child: ChildProcess, isReached: () => Promise<boolean>): Promise<void> {
  while (isRunning(child) && !(await isReached())) await sleep(POLL_MS)
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

/** Whole lines count, durable or not; the directory may change while it is looked at. */
export async function recordsIn(cwd: string): Promise<number> {
  const names = await readdir(logOf(cwd)).catch(() => [])
  const open = names
    .filter((name) => name.endsWith('.tsv'))
    .toSorted()
    .at(-1)
  if (open !== undefined) {
    const text = await readFile(join(logOf(cwd), open)).catch(() => Buffer.of())
    let lines = 0
    for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++
    return Number.parseInt(open, 10) - 1 + lines
  }
  const sealed = names
    .filter((name) => name.endsWith('.parquet'))
    .toSorted()
    .at(-1)
  return sealed === undefined ? 0 : Number.parseInt(sealed.split('-')[1] ?? '0', 10)
}

/** The text segment that was begun last. */
export function openSegmentOf(names: readonly string[]): string | undefined {
  return names
    .filter((name) => name.endsWith('.tsv'))
    .toSorted()
    .at(-1)
}

/** When something was last written to the graph, ms. */
async function storedAt(cwd: string): Promise<number> {
  return (await stat(`${graphOf(cwd)}-wal`).catch(() => null))?.mtimeMs ?? 0
}

/** A draft that is not a leftover of an earlier kill: a segment, its filter or a run of ids is being written. */
async function isSealing(cwd: string, startedAt: number): Promise<boolean> {
  const names = await readdir(logOf(cwd)).catch(() => [])
  for (const name of names) {
    if (!name.endsWith('.draft')) continue
    const found = await stat(join(logOf(cwd), name)).catch(() => null)
    if (found !== null && found.mtimeMs >= startedAt) return true
  }
  return false
}
