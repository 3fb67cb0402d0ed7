// An open directory of RocksDB: rows by name and in ranges, and batches that are written whole.
// Invariant: what is read at once is of one state, since nothing is written between two statements of a thread.

import type * as Binding from '@nxtedition/rocksdb'
import type { Range, RocksIterator, RocksLevel } from '@nxtedition/rocksdb'
import { StoreError } from '../../ports/store-error.ts'
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
  readonly #level: RocksLevel
  readonly #synced: boolean

  constructor(level: RocksLevel, synced: boolean) {
    this.#level = level
    this.#synced = synced
  }

  get(row: Buffer): Buffer | undefined {
    return this.getMany([row])[0]
  }

  /** In the order asked for. */
  getMany(rows: readonly Buffer[]): readonly (Buffer | undefined)[] {
    return rows.length === 0 ? [] : this.#level._getManySync(rows, {})
  }

  /** Rows that begin so, in order. */
  range(prefix: Buffer, options: RangeOptions = {}): Row[] {
    const { limit = LIMIT_MAX, keysOnly = false } = options
    if (limit <= 0) return []
    const { rows } = this.#level.querySync({
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
    return pagesOf(this.#level.iterator(rangeOf(prefix, {})))
  }

  /** Everything or nothing. `null`: the row goes. */
  write(rows: Iterable<readonly [row: Buffer, value: Buffer | null]>): void {
    const batch = this.#level.batch()
    try {
      for (const [row, value] of rows) {
        if (value === null) batch._del(row, NO_OPTIONS)
        else batch._put(row, value, NO_OPTIONS)
      }
      batch._writeSync({ sync: this.#synced })
    } finally {
      batch._closeSync()
    }
  }

  async close(): Promise<void> {
    await this.#level.close()
  }
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
  const { RocksLevel: Level } = await binding()
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
  return new Database(level, options.synced)
}

/** It is installed where there is a build for the machine, and only needed by who uses it. */
async function binding(): Promise<typeof Binding> {
  try {
    return await import('@nxtedition/rocksdb')
  } catch (cause) {
    throw new StoreError(
      'unavailable',
      'RocksDB is not there: no build of @nxtedition/rocksdb is installed for this machine; use SQLite, or see docs/rocksdb.md',
      { retryable: false, cause },
    )
  }
}
