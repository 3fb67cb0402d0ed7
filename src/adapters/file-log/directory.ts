// The directory of a log: what lies in it, in which format, and how a file in it is replaced so that a crash at any
// moment leaves the old one or the new one.

import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Position } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { codeOf, corrupt } from './failures.ts'

/**
 * `tsv`: a text segment; `parquet`: a sealed one; `identifiers.parquet`, `edges.parquet`: its summary; `keys`: the filter
 * of its identifiers; `ids`: a run of message ids.
 */
export type FileKind = 'tsv' | 'parquet' | 'identifiers.parquet' | 'edges.parquet' | 'keys' | 'ids'

const DRAFT = '.draft'
const NAME = /^(\d{16})(?:-(\d{16}))?\.(tsv|(?:(?:identifiers|edges)\.)?parquet|keys|ids)$/

/** A text segment is named by its first position, everything else by its first and last, both inclusive. */
export function fileName(kind: FileKind, first: Position, last?: Position): string {
  return `${digits(first)}${last === undefined ? '' : `-${digits(last)}`}.${kind}`
}

function digits(position: Position): string {
  return String(position).padStart(16, '0')
}

export interface LogFile {
  readonly kind: FileKind
  readonly first: Position
  /** 0 for a text segment. */
  readonly last: Position
  readonly path: string
}

/** The log's files by first position; `drafts` are leftovers of a writer that was interrupted. */
export async function listFiles(
  directory: string,
): Promise<{ readonly files: readonly LogFile[]; readonly drafts: readonly string[] }> {
  const files: LogFile[] = []
  const drafts: string[] = []
  for (const name of await readdir(directory)) {
    const match = NAME.exec(name)
    if (match !== null) {
      const [, first, last, kind] = match
      const path = join(directory, name)
      files.push({ kind: kind as FileKind, first: Number(first), last: Number(last ?? 0), path })
    } else if (name.endsWith(DRAFT)) drafts.push(join(directory, name))
  }
  return { files: files.toSorted((a, b) => a.first - b.first), drafts }
}

/** Makes a directory and those above it. Node's own way says only `ENOENT` of a file system that is read-only. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw cause
    await makeDirectory(dirname(path))
    await makeDirectory(path)
  }
}

/** Makes created, renamed and removed names durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Has `fill` write (and sync) a draft, then gives it the name `path`, durably. No draft is left on an error. */
export async function replaceFile(
  path: string,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = path + DRAFT
  try {
    await fill(draft)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw cause
  }
  await syncDirectory(join(path, '..'))
}

/** What `format.json` says. */
export interface Format {
  readonly log: 'selfsame-event-log'
  readonly version: number
  readonly account: string
}

/** Brings a directory from one version to the next. It may be interrupted and run again. */
type Migration = (directory: string, account: string) => Promise<void>

/** The version this code writes, and from each older one the way to the next. */
export interface Versions {
  readonly current: number
  readonly migrations: ReadonlyMap<number, Migration>
}

export const VERSIONS: Versions = { current: 1, migrations: new Map() }

const FORMAT_FILE = 'format.json'

/**
 * The format of a directory; null for a directory without a log.
 * @throws StoreError `newer_version`, or `corrupt` when there are segments but no format.
 */
export async function readFormat(directory: string, versions: Versions): Promise<Format | null> {
  const path = join(directory, FORMAT_FILE)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    if ((await listFiles(directory)).files.length === 0) return null
    throw corrupt(path, 'it is missing, though there are segments')
  }
  const format = parseFormat(text)
  if (format === null) throw corrupt(path, 'it does not describe an event log')
  if (format.version > versions.current) {
    throw new StoreError(
      'newer_version',
      `Event log ${directory} has format ${format.version}; this program knows formats up to ` +
        `${versions.current}. Use the newer program that wrote it.`,
      { retryable: false },
    )
  }
  return format
}

function parseFormat(text: string): Format | null {
  try {
    const format = JSON.parse(text) as Format | null
    const valid =
      format?.log === 'selfsame-event-log' &&
      Number.isSafeInteger(format.version) &&
      typeof format.account === 'string'
    return valid ? format : null
  } catch {
    return null
  }
}

/**
 * Makes the directory one of the current format: writes the format of a new log, migrates an older one.
 * @throws StoreError as `readFormat`, or `unavailable` when it is another account's log.
 */
export async function prepareFormat(
  directory: string,
  account: string,
  versions: Versions,
): Promise<void> {
  const format = await readFormat(directory, versions)
  if (format === null) {
    await writeFormat(directory, { log: 'selfsame-event-log', version: versions.current, account })
    return
  }
  if (format.account !== account) {
    throw new StoreError(
      'unavailable',
      `Event log ${directory} is of the account "${format.account}", not of "${account}".`,
      { retryable: false },
    )
  }
  for (let version = format.version; version < versions.current; version++) {
    const migrate = versions.migrations.get(version)
    if (migrate === undefined) {
      throw corrupt(join(directory, FORMAT_FILE), `format ${version} was never written`)
    }
    await migrate(directory, account)
    await writeFormat(directory, { ...format, version: version + 1 })
  }
}

async function writeFormat(directory: string, format: Format): Promise<void> {
  await replaceFile(join(directory, FORMAT_FILE), async (draft) => {
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(format)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
}
