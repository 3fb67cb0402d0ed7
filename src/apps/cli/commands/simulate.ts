// `simulate`: a seeded world as files: its messages in the order of their receipt, and who is who.
// Invariant: streams; a world of a million people takes no more memory than the simulator's own.

import { createWriteStream } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

import { simulate, type Simulation, type Trouble } from '../../../simulator/index.ts'
import { systemError, UserError } from '../../user-error.ts'
import { DONE, INTERRUPTED, interruptible, type Invocation } from '../invocation.ts'
import { counted } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'
import { identifierLines, lineOfItem } from './world-lines.ts'

/** Lines are written in pieces of about this many characters. */
const PIECE_CHARACTERS = 65_536
const PROGRESS_MESSAGES = 1_000
const STANDARD_OUTPUT = '-'

export interface SimulateOptions {
  readonly people: number
  readonly seed: number
  readonly days: number
  readonly hard: boolean
  readonly trouble: Trouble
  readonly out: string
  readonly truth?: string
  readonly eventTruth?: string
}

export async function simulateWorld(
  { terminal }: Invocation,
  { out, truth, eventTruth, ...frame }: SimulateOptions,
): Promise<number> {
  const world = worldOf(frame)
  let messages = 0
  const complete = await interruptible(async (signal) => {
    const progress = progressLine(terminal, 'simulating', 'messages')
    await writeLines(
      out,
      messageLines(world, signal, (count) => {
        messages = count
        if (count % PROGRESS_MESSAGES === 0) progress.update(count, null)
      }),
    )
    progress.end()
    if (truth !== undefined && !signal.aborted) await writeLines(truth, identifierLines(world))
    if (eventTruth !== undefined && !signal.aborted) await writeLines(eventTruth, eventLines(world))
    return !signal.aborted
  })
  if (!complete) return INTERRUPTED
  const where = out === STANDARD_OUTPUT ? 'standard output' : out
  terminal.note(
    `${counted(messages, 'message')} of ${counted(frame.people, 'person', 'people')} written to ${where}`,
  )
  return DONE
}

function worldOf(frame: Omit<SimulateOptions, 'out' | 'truth' | 'eventTruth'>): Simulation {
  try {
    return simulate(frame)
  } catch (cause) {
    if (cause instanceof RangeError) throw new UserError(cause.message, { exitCode: 2, cause })
    throw cause
  }
}

function* messageLines(
  world: Simulation,
  signal: AbortSignal,
  written: (count: number) => void,
): Generator<string> {
  let messages = 0
  for (const item of world) {
    if (signal.aborted) return
    yield lineOfItem(item)
    written(++messages)
  }
}

function* eventLines(world: Simulation): Generator<string> {
  yield 'event_id,person\n'
  for (const item of world) {
    const row = world.eventTruth(item)
    if (row !== null) yield `${row.event_id},${row.person}\n`
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const source = Readable.from(piecesOf(lines), { objectMode: false })
  try {
    if (path === STANDARD_OUTPUT) await pipeline(source, process.stdout, { end: false })
    else await pipeline(source, packing(path), createWriteStream(path))
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}

function packing(path: string): NodeJS.ReadWriteStream {
  return path.endsWith('.gz') ? createGzip({ level: 4 }) : new PassThrough()
}

function* piecesOf(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  yield piece
}
