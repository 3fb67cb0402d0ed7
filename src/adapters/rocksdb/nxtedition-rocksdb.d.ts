// The part of the binding that is used here; it brings no types.
// `_getManySync`, `_put`, `_del`, `_writeSync` and `_closeSync` are its own additions to abstract-level 1: synchronous,
// without the encodings and promises that the public ones of the same names put around them.

declare module '@nxtedition/rocksdb' {
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

  export interface RocksBatch {
    _put(key: Buffer, value: Buffer, options: object): void
    _del(key: Buffer, options: object): void
    _writeSync(options: { readonly sync: boolean }): void
    _closeSync(): void
  }

  export class RocksLevel {
    constructor(
      directory: string,
      options: { readonly keyEncoding: 'buffer'; readonly valueEncoding: 'buffer' },
    )
    open(options: {
      readonly createIfMissing: boolean
      readonly cacheSize: number
      readonly parallelism: number
    }): Promise<void>
    close(): Promise<void>
    _getManySync(keys: readonly Buffer[], options: object): readonly (Buffer | undefined)[]
    /** Keys and values in turn. */
    querySync(range: Range): { readonly rows: readonly Buffer[]; readonly finished: boolean }
    iterator(range: Range): RocksIterator
    batch(): RocksBatch
  }
}
