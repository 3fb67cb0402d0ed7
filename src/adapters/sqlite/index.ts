// The identity store on SQLite, in one file: for one machine, nothing to install.

export { openSqliteStore, type SqliteStoreOptions } from './identity-store.ts'
export { openThreadedStore } from './threaded-store.ts'
