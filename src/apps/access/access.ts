// Who sends and who asks: the owner of a key that came with a request.
// Invariant: how long it takes says nothing about a key: it is looked up by its digest, which nobody can steer.

import { type KeyRecord, ROLES, type Role } from '../../ports/key-store.ts'
import { type KeyMaking, makeSession } from './make-key.ts'

/** A client that sends. */
export interface Sender {
  readonly keyId: string
  readonly account: string
  readonly site: string
}

/** A program or person that asks. */
export interface Caller {
  readonly keyId: string
  /** Who it is, for people and for the log: what the token was made for, else its id. */
  readonly name: string
  readonly account: string
  readonly role: Role
  /** By the token of the installation itself. */
  readonly isOperator: boolean
  /** What was seen on other sites does not exist for it; null: no limit. */
  readonly sites: readonly string[] | null
}

/** A longer text is no key of ours, and not worth a digest. */
const KEY_CHARACTERS_MAX = 256

export interface OpenedSession {
  readonly text: string
  readonly expiresAt: number
}

export interface AccessParts extends KeyMaking {
  /** Of the server's own token, which commands find in serve.json: administrator of any account it names. */
  readonly operatorDigest: string
}

export class Access {
  readonly #parts: AccessParts
  /** Key id -> last use; stored now and then. */
  #used = new Map<string, number>()

  constructor(parts: AccessParts) {
    this.#parts = parts
  }

  /** Null for a write key that is unknown or revoked. */
  async sender(writeKey: string): Promise<Sender | null> {
    const record = await this.#held(writeKey)
    if (record?.kind !== 'write') return null
    const { id: keyId, account, site } = record
    return { keyId, account, site }
  }

  /** Null for a token that is unknown or revoked. `account` is the one an operator names. */
  async caller(token: string, account: string): Promise<Caller | null> {
    const digest = this.#digestOf(token)
    if (digest !== null && equal(digest, this.#parts.operatorDigest)) {
      return {
        keyId: 'operator',
        name: 'operator',
        account,
        role: 'admin',
        isOperator: true,
        sites: null,
      }
    }
    const record = await this.#heldBy(digest)
    return record?.kind === 'token' ? callerOf(record) : null
  }

  /** The caller behind a browser's session; null when it or its token no longer holds. */
  async callerOfSession(text: string): Promise<Caller | null> {
    const session = await this.#held(text)
    if (session?.kind !== 'session' || session.expiresAt <= this.#parts.now()) return null
    const token = await this.#parts.store.byId(session.token)
    if (token?.kind !== 'token' || token.revokedAt !== null) return null
    return callerOf(token)
  }

  /** Exchanges a token for a session; null for a token that does not hold. */
  async openSession(token: string): Promise<(OpenedSession & { readonly caller: Caller }) | null> {
    const record = await this.#held(token)
    if (record?.kind !== 'token') return null
    const { record: session, text } = await makeSession(this.#parts, record)
    return { text, expiresAt: session.expiresAt, caller: callerOf(record) }
  }

  async endSession(text: string): Promise<void> {
    const session = await this.#held(text)
    if (session?.kind !== 'session') return
    await this.#parts.store.revoke(session.account, session.id, this.#parts.now())
  }

  /** Stores when keys were last used; to be called every few seconds, and at the end. */
  async noteUse(): Promise<void> {
    const used = this.#used
    if (used.size === 0) return
    this.#used = new Map()
    await this.#parts.store.noteUse(used, this.#parts.now())
  }

  async #held(text: string): Promise<KeyRecord | null> {
    return this.#heldBy(this.#digestOf(text))
  }

  async #heldBy(digest: string | null): Promise<KeyRecord | null> {
    const record = digest === null ? null : await this.#parts.store.find(digest)
    if (record === null || record.revokedAt !== null) return null
    this.#used.set(record.id, this.#parts.now())
    return record
  }

  /** Null for a text that is no key. */
  #digestOf(text: string): string | null {
    return text.length > KEY_CHARACTERS_MAX ? null : this.#parts.digest(text)
  }
}

function callerOf(token: KeyRecord & { kind: 'token' }): Caller {
  const { id: keyId, account, role, sites, label } = token
  return { keyId, name: label === '' ? keyId : label, account, role, isOperator: false, sites }
}

/** Whether a role may do what another may. */
export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
