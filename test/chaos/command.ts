// The command line as the other tests start it, with small segments in its log.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

import { afterAll } from 'vitest'

import { start, type RunOptions, type Running } from '../cli/run.ts'
import { makeWriteKeys } from './world.ts'

export const environment = {
  NODE_OPTIONS: `--import ${new URL('./small-segments.ts', import.meta.url).href}`,
} as const

const started = new Set<Running>()

// A test that failed leaves its processes behind.
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL')
})

/** Without an `input` standard input stays open. */
function launch(args: readonly string[], options: RunOptions): Running {
  const running = start(args, { environment, ...options })
  started.add(running)
  void running.ended.then(() => started.delete(running))
  return running
}

export function command(cwd: string, ...args: readonly string[]): Running {
  return launch(args, { cwd, input: '' })
}

/** A load that is to be fed by the test through standard input. */
export function ingestOpen(cwd: string, ...options: readonly string[]): Running {
  return launch(['ingest', '-', ...options], { cwd })
}

/** Loads a file through standard input: it comes in pieces of 64 KB, so in more and smaller batches than by its name. */
export function ingestPiped(cwd: string, file: string, ...options: readonly string[]): Running {
  const running = ingestOpen(cwd, ...options)
  const { stdin } = running.child
  // It breaks when the command is killed.
  if (stdin !== null) pipeline(createReadStream(join(cwd, file)), stdin, () => undefined)
  return running
}

export interface Serving {
  readonly running: Running
  /** Where it listens; null when it ended before. */
  readonly url: Promise<string | null>
}

export function serving(cwd: string): Serving {
  const running = command(cwd, 'serve', '--port', '0', '--json')
  const url = running
    .said((text) => text.includes('\n'))
    .then(async (text) => {
      await makeWriteKeys(cwd)
      return (JSON.parse(text) as { url: string }).url
    })
    .catch(() => null)
  return { running, url }
}
