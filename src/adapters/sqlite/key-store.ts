// Keys in one SQLite file. Several processes may have it open: what one changes, the others see in the next turn of
// their event loop.

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'

import type { KeyRecord, KeyStore, Token, WriteKey } from '../../ports/key-store.ts'
import { type Contents, openDatabase } from './open-database.ts'
import { storeErrorOf } from './sqlite-error.ts'

const FIRST_FORMAT = `
CREATE TABLE key (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER,
  expires_at INTEGER,
  rest TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX key_by_account ON key (account, created_at);
CREATE INDEX key_by_expiry ON key (expires_at) WHERE expires_at IS NOT NULL;
PRAGMA application_id = 0x53656c6b;
`

/** What was promised to be revoked stays revoked, also after a power cut. */
const KEYS: Contents = {
  name: 'key store',
  cure: 'put it back from a backup, or delete it and make new keys',
  applicationId: 0x53656c6b,
  migrations: [FIRST_FORMAT],
  synchronous: 'FULL',
}

const OPTIONS = {
  readOnly: false,
  cacheMegabytesMax: 8,
  lockWaitMs: 5_000,
  checkpointPages: 1_000,
  pageBytes: 4_096,
}

/** Opens the keys in the file at `path`; creates it when there is none. @throws {StoreError} */
export function openSqliteKeyStore(path: string): KeyStore {
  return new SqliteKeyStore(openDatabase(path, OPTIONS, KEYS), path)
}

/** Keys remembered; past it all are forgotten. */
const REMEMBERED_MAX = 10_000

class SqliteKeyStore implements KeyStore {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #byDigest: StatementSync
  /** Says another number once another connection has changed something. */
  readonly #version: StatementSync
  /** By digest, as of the version; what is changed here is forgotten here. */
  readonly #remembered = new Map<string, KeyRecord>()
  #rememberedOf: unknown = null
  /** Whether the version was asked for in this turn of the event loop: asking takes locks, most of what a key costs. */
  #isFresh = false

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
    this.#byDigest = database.prepare('SELECT * FROM key WHERE digest = ?')
    this.#version = database.prepare('PRAGMA data_version')
  }

  async add(record: KeyRecord, digest: string): Promise<boolean> {
    const { id, kind, account, createdAt, usedAt, revokedAt, ...rest } = record
    const expiresAt = record.kind === 'session' ? record.expiresAt : null
    const values = [id, digest, kind, account, createdAt, usedAt, revokedAt, expiresAt]
    return this.#done(() => {
      const added = this.#database
        .prepare('INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(...values, JSON.stringify(rest))
      return added.changes > 0
    })
  }

  async find(digest: string): Promise<KeyRecord | null> {
    return this.#done(() => {
      this.#refresh()
      const known = this.#remembered.get(digest)
      if (known !== undefined) return known
      const record = recordOf(this.#byDigest.get(digest))
      // Texts that are no keys come in any number, and must not push out those that are.
      if (record !== null) this.#remembered.set(digest, record)
      return record
    })
  }

  async byId(id: string): Promise<KeyRecord | null> {
    return this.#done(() =>
      recordOf(this.#database.prepare('SELECT * FROM key WHERE id = ?').get(id)),
    )
  }

  async list(account: string): Promise<readonly (WriteKey | Token)[]> {
    return this.#done(() =>
      this.#database
        .prepare(
          `SELECT * FROM key WHERE account = ? AND kind <> 'session' ORDER BY created_at, id`,
        )
        .all(account)
        .map(recordOf)
        .filter((record) => record !== null)
        .filter((record) => record.kind !== 'session'),
    )
  }

  async revoke(account: string, id: string, at: number): Promise<boolean> {
    return this.#done(() => {
      this.#forget()
      const revoked = this.#database
        .prepare('UPDATE key SET revoked_at = coalesce(revoked_at, ?) WHERE account = ? AND id = ?')
        .run(at, account, id)
      return revoked.changes > 0
    })
  }

  async noteUse(used: ReadonlyMap<string, number>, at: number): Promise<void> {
    await this.#done(() => {
      this.#forget()
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const note = this.#database.prepare(
          'UPDATE key SET used_at = max(coalesce(used_at, 0), ?) WHERE id = ?',
        )
        for (const [id, time] of used) note.run(time, id)
        this.#database.prepare('DELETE FROM key WHERE expires_at < ?').run(at)
        this.#database.exec('COMMIT')
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }

  #refresh(): void {
    if (this.#remembered.size >= REMEMBERED_MAX) this.#forget()
    if (this.#isFresh) return
    const version = this.#version.get()?.['data_version']
    if (version !== this.#rememberedOf) this.#forget()
    this.#rememberedOf = version
    this.#isFresh = true
    setImmediate(() => {
      this.#isFresh = false
    })
  }

  #forget(): void {
    this.#remembered.clear()
  }

  close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
    return Promise.resolve()
  }

  #done<T>(work: () => T): Promise<T> {
    try {
      return Promise.resolve(work())
    } catch (error) {
      return Promise.reject(storeErrorOf(error, this.#path, KEYS))
    }
  }
}

function recordOf(row: Record<string, SQLOutputValue> | undefined): KeyRecord | null {
  if (row === undefined) return null
  const { id, kind, account, created_at, used_at, revoked_at, rest } = row
  return {
    ...(JSON.parse(String(rest)) as object),
    id,
    kind,
    account,
    createdAt: created_at,
    usedAt: used_at,
    revokedAt: revoked_at,
  } as KeyRecord
}
