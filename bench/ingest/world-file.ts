// A simulated world as a file of messages, one JSON a line.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { simulate } from '../../src/simulator/index.ts'

/** Messages a person sends in 60 simulated days, on average; a few more people than needed are simulated. */
const MESSAGES_PER_PERSON = 30
const LINES_PER_WRITE = 2_000

export interface WorldFile {
  readonly messages: number
  readonly bytes: number
}

/** Writes exactly `messages` messages of a clean world. */
export async function writeWorld(path: string, messages: number, seed: number): Promise<WorldFile> {
  const people = Math.ceil(messages / MESSAGES_PER_PERSON) + 100
  const out = createWriteStream(path)
  let lines: string[] = []
  let written = 0
  let bytes = 0
  const flush = async (): Promise<void> => {
    const text = lines.join('')
    lines = []
    bytes += Buffer.byteLength(text)
    if (!out.write(text)) await once(out, 'drain')
  }
  for (const { message, site } of simulate({ people, seed })) {
    lines.push(`${JSON.stringify({ ...message, site })}\n`)
    written++
    if (lines.length === LINES_PER_WRITE) await flush()
    if (written === messages) break
  }
  await flush()
  out.end()
  await once(out, 'finish')
  return { messages: written, bytes }
}
