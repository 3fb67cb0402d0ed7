// Kills an ingest under load and measures how soon `serve` is ready on what it left.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { start } from './child.ts'

const POLL_MS = 10
const READY_MS_MAX = 60_000

/** Loads more into `data` and kills it in the middle, several times; the longest wait until `serve` was ready. */
export async function afterKills(
  cli: string,
  data: string,
  more: string,
  killsAfterMs: readonly number[],
): Promise<{ readySeconds: number }> {
  let readySeconds = 0
  for (const killAfterMs of killsAfterMs)
    readySeconds = Math.max(readySeconds, await afterKill(cli, data, more, killAfterMs))
  return { readySeconds }
}

async function afterKill(
  cli: string,
  data: string,
  more: string,
  killAfterMs: number,
): Promise<number> {
  const loading = start([cli, 'ingest', more, '--site', 'other', '--data', data])
  const gone = once(loading, 'exit')
  await sleep(killAfterMs)
  loading.kill('SIGKILL')
  await gone
  const began = performance.now()
  const serving = start([cli, 'serve', '--port', '0', '--data', data])
  try {
    while (!(await isReady(data))) {
      if (performance.now() - began > READY_MS_MAX) throw new Error('serve does not get ready')
      await sleep(POLL_MS)
    }
    return (performance.now() - began) / 1000
  } finally {
    serving.kill('SIGTERM')
    await once(serving, 'exit')
  }
}

async function isReady(data: string): Promise<boolean> {
  try {
    const { url } = JSON.parse(await readFile(join(data, 'serve.json'), 'utf8')) as { url: string }
    return (await fetch(new URL('/readyz', url))).ok
  } catch {
    return false
  }
}
