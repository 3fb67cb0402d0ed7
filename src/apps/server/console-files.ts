// The console as it was built into the package, held in memory: a page and its files, whose names change with them.
// Invariant: nothing but these files is ever read for a request, so no path leads out of them.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Of the package, as it is built and as it is run from its sources. */
const DIRECTORY = new URL('../../../dist/console/', import.meta.url)
const PAGE = 'index.html'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface ConsoleFile {
  readonly type: string
  readonly etag: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzipped: Uint8Array<ArrayBuffer>
}

export interface ConsoleFiles {
  /** Null where the console was not built. */
  readonly page: ConsoleFile | null
  /** By path below `/console/`. */
  readonly files: ReadonlyMap<string, ConsoleFile>
}

/** Empty where it was not built: the server does without. */
export async function consoleFiles(directory = DIRECTORY): Promise<ConsoleFiles> {
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  const files = new Map<string, ConsoleFile>()
  for (const name of names) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const plain = new Uint8Array(await readFile(new URL(name, directory)))
    const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    files.set(name, { type, etag, plain, gzipped: new Uint8Array(gzipSync(plain, { level: 9 })) })
  }
  return { page: files.get(PAGE) ?? null, files }
}
