// Identity store and keys on SQLite, a file each: for one machine, nothing to install.

export { openSqliteStore, type SqliteStoreOptions } from './identity-store.ts'
export { openSqliteKeyStore } from './key-store.ts'
export { openThreadedStore } from './threaded-store.ts'
