// Who may send and who may ask: write keys, tokens and sessions. The store knows their digests, never themselves.

/** Ascending: each may do what the ones before it may. */
export const ROLES = ['reader', 'steward', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What every key has. Times are ms since the epoch. */
interface KeyFacts {
  /** Names the key without giving it away. */
  readonly id: string
  readonly account: string
  /** What it is for, in its owner's words. */
  readonly label: string
  readonly createdAt: number
  /** When it was last used, to some seconds; null for never. */
  readonly usedAt: number | null
  /** Since when it is void; null while it holds. */
  readonly revokedAt: number | null
}

/** Lets a client send messages for one site. */
export interface WriteKey extends KeyFacts {
  readonly kind: 'write'
  readonly site: string
}

/** Lets a program ask, or a steward decide. */
export interface Token extends KeyFacts {
  readonly kind: 'token'
  readonly role: Role
  /** What was seen elsewhere does not exist for it; null: no limit. */
  readonly sites: readonly string[] | null
}

/** A token in a browser, for a while. */
export interface Session extends KeyFacts {
  readonly kind: 'session'
  /** The token it was opened with; with that it ends. */
  readonly token: string
  readonly expiresAt: number
}

export type KeyRecord = WriteKey | Token | Session

export interface KeyStore {
  /** Durable when it resolves. False when there is a key of this digest already. */
  add(record: KeyRecord, digest: string): Promise<boolean>
  /** By digest, revoked or expired ones too; null for one never made. */
  find(digest: string): Promise<KeyRecord | null>
  byId(id: string): Promise<KeyRecord | null>
  /** Write keys and tokens of an account, oldest first. */
  list(account: string): Promise<readonly (WriteKey | Token)[]>
  /** From `at` on the key is void; the first time counts. False when the account has no such key. Durable. */
  revoke(account: string, id: string, at: number): Promise<boolean>
  /** Notes when keys were last used, and forgets sessions that expired before `at`. */
  noteUse(used: ReadonlyMap<string, number>, at: number): Promise<void>
  close(): Promise<void>
}
