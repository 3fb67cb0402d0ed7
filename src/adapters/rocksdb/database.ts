// An open directory of RocksDB: rows by name and in ranges, and batches that are written whole.
// Invariant: what is read at once is of one state, since nothing is written between two statements of a thread.

import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../ports/store-error.ts'
import { loadBinding, type Range, type RocksIterator, type RocksLevel } from './binding.ts'
import { endOf } from './keys.ts'
import { storeErrorOf } from './rocks-error.ts'

export type Row = readonly [key: Buffer, value: Buffer]

export interface RangeOptions {
  /** The last ones first. */
  readonly reverse?: boolean
  /** Rows at the most. */
  readonly limit?: number
  /** Begins here (with it), not with the prefix. */
  readonly from?: Buffer
  /** Ends here (without it), not where the prefix does. */
  readonly to?: Buffer
  /** Values are not wanted: they come back empty. */
  readonly keysOnly?: boolean
}

const LIMIT_MAX = 0x7fffffff
const PAGE = 1_000
const BUFFERS = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const
const NOTHING = Buffer.alloc(0)

export interface DatabaseOptions {
  readonly cacheMegabytes: number
  /** Threads that flush and compact. */
  readonly backgroundThreads: number
  /** A commit is on disk before it is answered. */
  readonly synced: boolean
}

export class Database {
  readonly #directory: string
  readonly #options: DatabaseOptions
  /** null: closed. */
  #level: RocksLevel | null
  /** Why the last write failed: RocksDB takes none after that until it is opened again. */
  #failure: Error | null = null
  #mending: Promise<void> | null = null

  constructor(directory: string, options: DatabaseOptions, level: RocksLevel) {
    this.#directory = directory
    this.#options = options
    this.#level = level
  }

  get(row: Buffer): Buffer | undefined {
    return this.getMany([row])[0]
  }

  /** In the order asked for. */
  getMany(rows: readonly Buffer[]): readonly (Buffer | undefined)[] {
    return rows.length === 0 ? [] : this.#opened()._getManySync(rows, {})
  }

  /** Rows that begin so, in order. */
  range(prefix: Buffer, options: RangeOptions = {}): Row[] {
    const { limit = LIMIT_MAX, keysOnly = false } = options
    if (limit <= 0) return []
    const { rows } = this.#opened().querySync({
      ...rangeOf(prefix, options),
      limit: Math.min(limit, LIMIT_MAX),
      fillCache: true,
    })
    const found: Row[] = []
    for (let at = 0; at < rows.length; at += 2) {
      found.push([rows[at] ?? NOTHING, keysOnly ? NOTHING : (rows[at + 1] ?? NOTHING)])
    }
    return found
  }

  /**
   * Rows that begin so as they are at this call, page by page, read in another thread. Who asks for several at once gets
   * them of one state.
   */
  scan(prefix: Buffer): AsyncGenerator<readonly Row[]> {
    return pagesOf(this.#opened().iterator(rangeOf(prefix, {})))
  }

  /** Everything or nothing. `null`: the row goes. */
  write(rows: Iterable<readonly [row: Buffer, value: Buffer | null]>): void {
    const batch = this.#opened().batch()
    try {
      for (const [row, value] of rows) {
        if (value === null) batch._del(row, NO_OPTIONS)
        else batch._put(row, value, NO_OPTIONS)
      }
      batch._writeSync({ sync: this.#options.synced })
    } catch (error) {
      if (error instanceof Error) this.#failure = error
      throw error
    } finally {
      batch._closeSync()
    }
  }

  /** To be awaited before anything is read: it may be about to be opened again. */
  async settled(): Promise<void> {
    await this.#mending
  }

  /** To be awaited before a write. Opens again after one that failed, if there is room for that; else throws the failure. */
  async mended(): Promise<void> {
    if (this.#failure === null) return
    if (this.#mending === null && !(await hasRoom(this.#directory))) throw this.#failure
    this.#mending ??= this.#mend().finally(() => (this.#mending = null))
    await this.#mending
  }

  /** What a failed write has left in memory may be lost: nobody was told that it is there. */
  async close(): Promise<void> {
    const level = this.#level
    this.#level = null
    try {
      await level?.close()
    } catch (error) {
      if (this.#failure === null) throw storeErrorOf(error, this.#directory)
    }
  }

  async #mend(): Promise<void> {
    await this.close()
    this.#level = await openLevel(this.#directory, this.#options)
    this.#failure = null
  }

  /** The binding does not look by itself: what is asked of a database that is closed ends the process. */
  #opened(): RocksLevel {
    if (this.#level !== null) return this.#level
    throw this.#failure ?? closedError()
  }
}

function closedError(): StoreError {
  return new StoreError('closed', 'the identity store has been closed', { retryable: false })
}

/** Beside what is in the logs, which opening puts into files of their own. */
const ROOM_TO_OPEN = 8 << 20

async function hasRoom(directory: string): Promise<boolean> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log'))
  const logs = await Promise.all(names.map((name) => stat(join(directory, name))))
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize >= logs.reduce((sum, { size }) => sum + size, ROOM_TO_OPEN)
}

const NO_OPTIONS = {}

function rangeOf(prefix: Buffer, { from, to, reverse, keysOnly }: RangeOptions): Range {
  return {
    gte: from ?? prefix,
    lt: to ?? endOf(prefix),
    reverse: reverse ?? false,
    values: keysOnly !== true,
    asyncIO: false,
    ...BUFFERS,
  }
}

async function* pagesOf(iterator: RocksIterator): AsyncGenerator<readonly Row[]> {
  try {
    for (;;) {
      const page = await iterator.nextv(PAGE)
      if (page.length === 0) return
      yield page
    }
  } finally {
    await iterator.close()
  }
}

/** Throws a StoreError: `locked`, `corrupt`, `full`, `read_only`, `unavailable`. */
export async function openDatabase(directory: string, options: DatabaseOptions): Promise<Database> {
  return new Database(directory, options, await openLevel(directory, options))
}

async function openLevel(directory: string, options: DatabaseOptions): Promise<RocksLevel> {
  const { RocksLevel: Level } = await loadBinding()
  const level = new Level(directory, BUFFERS)
  try {
    await level.open({
      createIfMissing: true,
      cacheSize: options.cacheMegabytes * 1_048_576,
      parallelism: options.backgroundThreads,
    })
  } catch (error) {
    throw storeErrorOf(error, directory)
  }
  return level
}
