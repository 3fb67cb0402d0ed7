// serve.json: where a running server is reached, and the token of its administrator. Only its owner may read it.
// Invariant: a file whose process is gone counts as none.

import { readFile, rm } from 'node:fs/promises'

import { z } from 'zod'

import { writeDurably } from './durable-file.ts'
import { isAlive } from './is-alive.ts'
import { jsonOf } from '../json-text.ts'

const serveFile = z.object({
  url: z.url(),
  pid: z.int().positive(),
  token: z.string().min(1),
})

export type RunningServer = Readonly<z.infer<typeof serveFile>>

/** The server that runs on this directory; null when there is none. */
export async function runningServer(path: string): Promise<RunningServer | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  const parsed = serveFile.safeParse(jsonOf(text))
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : null
}

export async function writeServeFile(path: string, server: RunningServer): Promise<void> {
  await writeDurably(path, `${JSON.stringify(server)}\n`)
}

export async function removeServeFile(path: string): Promise<void> {
  await rm(path, { force: true })
}
