// The part of @nxtedition/rocksdb that is used here. What begins with `_` is its own addition to abstract-level 1:
// synchronous, without the encodings and promises that the public ones of the same names put around them.

import { StoreError } from '../../ports/store-error.ts'

export interface Range {
  readonly gte: Buffer
  readonly lt: Buffer
  readonly reverse?: boolean
  /** -1: no limit; a signed 32-bit number. */
  readonly limit?: number
  readonly values?: boolean
  readonly fillCache?: boolean
  readonly asyncIO?: boolean
  readonly keyEncoding: 'buffer'
  readonly valueEncoding: 'buffer'
}

export interface RocksIterator {
  /** [] at the end. Reads in a thread of the pool. */
  nextv(size: number): Promise<readonly (readonly [key: Buffer, value: Buffer])[]>
  close(): Promise<void>
}

interface RocksBatch {
  _put(key: Buffer, value: Buffer, options: object): void
  _del(key: Buffer, options: object): void
  _writeSync(options: { readonly sync: boolean }): void
  _closeSync(): void
}

/** Closed, it must not be asked for anything: the process would end. */
export interface RocksLevel {
  open(options: {
    readonly createIfMissing: boolean
    readonly cacheSize: number
    readonly parallelism: number
  }): Promise<void>
  close(): Promise<void>
  _getManySync(keys: readonly Buffer[], options: object): readonly (Buffer | undefined)[]
  /** Keys and values in turn. */
  querySync(range: Range): { readonly rows: readonly Buffer[] }
  /** Of the state at this call. */
  iterator(range: Range): RocksIterator
  batch(): RocksBatch
}

interface Binding {
  readonly RocksLevel: new (
    directory: string,
    options: { readonly keyEncoding: 'buffer'; readonly valueEncoding: 'buffer' },
  ) => RocksLevel
}

/** It is installed where there is a build for the machine, and only loaded by who uses it. */
export async function loadBinding(): Promise<Binding> {
  try {
    const binding: unknown = await import('@nxtedition/rocksdb')
    return binding as Binding
  } catch (cause) {
    throw new StoreError(
      'unavailable',
      'RocksDB is not there: no build of @nxtedition/rocksdb is installed for this machine; use SQLite, or see docs/rocksdb.md',
      { retryable: false, cause },
    )
  }
}
