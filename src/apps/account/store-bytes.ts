// How much room an account takes on the disk.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { AccountLayout } from './layout.ts'

export async function storeBytes({
  logDirectory,
  graphFile,
  rocksDirectory,
}: AccountLayout): Promise<{ readonly log: number; readonly graph: number }> {
  const inRocks = await readdir(rocksDirectory).catch(() => [])
  const inLog = await readdir(logDirectory, { recursive: true }).catch(() => [])
  return {
    log: await sumOf(inLog.map((file) => join(logDirectory, file))),
    graph: await sumOf([
      ...['', '-wal'].map((suffix) => graphFile + suffix),
      ...inRocks.map((file) => join(rocksDirectory, file)),
    ]),
  }
}

/** A file that goes meanwhile counts as nothing. */
async function sumOf(files: readonly string[]): Promise<number> {
  let bytes = 0
  for (const file of files) {
    const found = await stat(file).catch(() => null)
    bytes += found?.isFile() === true ? found.size : 0
  }
  return bytes
}
