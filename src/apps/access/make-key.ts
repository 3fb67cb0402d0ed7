// New keys: random, shown once, kept by their digests. A write key may also be one that clients have already.

import type { Digest } from '../../core/index.ts'
import type { KeyStore, Role, Session, Token, WriteKey } from '../../ports/key-store.ts'

/** 192 bits: nobody guesses one, so a plain digest is enough to keep it by. */
const SECRET_BYTES = 24
const ID_BYTES = 9

/** What a key text begins with says what it is: for people who find one in a file or a log. */
const STARTS = { write: 'wk_', token: 'sst_', session: 'sss_' } as const

/** A browser stays signed in for this long, ms. */
const SESSION_MS = 12 * 60 * 60 * 1_000

export interface KeyMaking {
  readonly store: KeyStore
  readonly digest: Digest
  /** Ms since the epoch. */
  readonly now: () => number
}

/** A key that was made, and its text, which is nowhere else. */
export interface Made<K> {
  readonly record: K
  readonly text: string
}

export interface WantedWriteKey {
  readonly account: string
  readonly site: string
  readonly label: string
  /** A key that clients have already; without it a random one is made. */
  readonly text?: string | undefined
}

/** Null when another site has the very key that was asked for. */
export async function makeWriteKey(
  making: KeyMaking,
  { account, site, label, text }: WantedWriteKey,
): Promise<Made<WriteKey> | null> {
  const record: WriteKey = { kind: 'write', ...factsOf(making, account, label), site }
  return kept(making, record, text ?? randomText(STARTS.write))
}

export interface WantedToken {
  readonly account: string
  readonly role: Role
  readonly sites: readonly string[] | null
  readonly label: string
}

export async function makeToken(
  making: KeyMaking,
  { account, role, sites, label }: WantedToken,
): Promise<Made<Token>> {
  const record: Token = { kind: 'token', ...factsOf(making, account, label), role, sites }
  return surely(await kept(making, record, tokenText()))
}

/** The text of a token, kept nowhere. */
export function tokenText(): string {
  return randomText(STARTS.token)
}

/** A session of a token, for a browser. */
export async function makeSession(
  making: KeyMaking,
  { id: token, account, label }: Token,
): Promise<Made<Session>> {
  const facts = factsOf(making, account, label)
  const expiresAt = facts.createdAt + SESSION_MS
  const record: Session = { kind: 'session', ...facts, token, expiresAt }
  return surely(await kept(making, record, randomText(STARTS.session)))
}

function factsOf({ now }: KeyMaking, account: string, label: string) {
  const id = `key_${randomText('', ID_BYTES)}`
  return { id, account, label, createdAt: now(), usedAt: null, revokedAt: null }
}

async function kept<K extends WriteKey | Token | Session>(
  { store, digest }: KeyMaking,
  record: K,
  text: string,
): Promise<Made<K> | null> {
  return (await store.add(record, digest(text))) ? { record, text } : null
}

function surely<T>(made: T | null): T {
  if (made === null) throw new Error('two random keys were the same')
  return made
}

function randomText(start: string, bytes = SECRET_BYTES): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  const base64 = btoa(String.fromCharCode(...random))
  return start + base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
