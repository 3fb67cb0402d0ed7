// The file that a Redis writes every command to, as tests cut it.
import { spawn } from 'node:child_process'
import { readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'

import type { Redis } from './redis.ts'

/** What it has written since it began. */
async function fileOf(redis: Redis): Promise<string> {
  const folder = join(redis.directory, 'appendonlydir')
  const manifest = await readFile(join(folder, 'appendonly.aof.manifest'), 'utf8')
  const names = [...manifest.matchAll(/^file (\S+) seq \d+ type i$/gm)]
  return join(folder, names.at(-1)?.[1] ?? '')
}

/** Bytes in it. */
export async function writtenBy(redis: Redis): Promise<number> {
  return (await stat(await fileOf(redis))).size
}

/** As after a second that was not flushed when the machine went down; the Redis is to be down. */
export async function cutTo(redis: Redis, bytes: number): Promise<void> {
  await truncate(await fileOf(redis), bytes)
}

/** Takes what was written by half out of it, as is to be done before such a Redis is started again. */
export async function mend(redis: Redis): Promise<void> {
  const check = spawn('redis-check-aof', ['--fix', await fileOf(redis)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  check.stdin.end('y\n')
  await new Promise((resolve) => check.once('close', resolve))
}
