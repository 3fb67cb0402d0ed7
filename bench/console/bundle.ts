// How much the console is to fetch, as it goes over a line: every file packed by gzip.

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const CONSOLE = new URL('../../dist/console/', import.meta.url).pathname

export interface Bundle {
  readonly files: number
  /** Of all files. */
  readonly bytes: number
  /** Of those a page has asked for; `paths` as in its addresses. */
  readonly bytesOf: (paths: readonly string[]) => number
}

export function bundle(): Bundle {
  const files = readdirSync(CONSOLE, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const sizes = new Map(
    files.map(({ parentPath, name }) => [
      name,
      gzipSync(readFileSync(`${parentPath}/${name}`)).length,
    ]),
  )
  const sizeOf = (path: string): number => sizes.get(path.split('/').at(-1) ?? '') ?? 0
  return {
    files: files.length,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    bytesOf: (paths) => paths.reduce((sum, path) => sum + sizeOf(path), sizeOf('index.html')),
  }
}
