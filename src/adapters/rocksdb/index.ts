// The identity store on RocksDB, in a directory: for a processor that keeps its own state beside it.

export { openRocksStore, type RocksStoreOptions } from './identity-store.ts'
