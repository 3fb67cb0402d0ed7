// Keys in one file: found by digest, revoked for every process at once, sessions forgotten when they are over.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { KeyStore, Session, Token, WriteKey } from '../../ports/key-store.ts'
import { openSqliteKeyStore } from './key-store.ts'

let folder: string
let here: KeyStore
let elsewhere: KeyStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfsame-keys-'))
  here = openSqliteKeyStore(join(folder, 'keys.db'))
  elsewhere = openSqliteKeyStore(join(folder, 'keys.db'))
})

afterEach(async () => {
  await here.close()
  await elsewhere.close()
  await rm(folder, { recursive: true })
})

const facts = { account: 'acme', label: 'test', createdAt: 5, usedAt: null, revokedAt: null }
const writeKey: WriteKey = { kind: 'write', id: 'key_w', ...facts, site: 'shop' }
const token: Token = { kind: 'token', id: 'key_t', ...facts, role: 'steward', sites: ['shop'] }
const session: Session = { kind: 'session', id: 'key_s', ...facts, token: 'key_t', expiresAt: 100 }

test('what was made is found by its digest, as it was, and by its id', async () => {
  for (const record of [writeKey, token, session]) {
    expect(await here.add(record, `digest of ${record.id}`)).toBe(true)
    expect(await elsewhere.find(`digest of ${record.id}`)).toEqual(record)
    expect(await elsewhere.byId(record.id)).toEqual(record)
  }
  expect(await here.add({ ...writeKey, id: 'key_other' }, 'digest of key_w')).toBe(false)
  expect(await here.find('digest of nothing')).toBeNull()
  expect(await here.byId('nothing')).toBeNull()
  expect(await here.list('acme')).toEqual([token, writeKey])
  expect(await here.list('other')).toEqual([])
})

test('a key that is revoked or used elsewhere is so here in the next turn of the event loop', async () => {
  await here.add(token, 'd')
  for (const [one, other] of [
    [here, elsewhere],
    [elsewhere, here],
  ] as const) {
    expect(await one.find('d')).toMatchObject({ id: 'key_t' })
    expect(await other.revoke('other', 'key_t', 7)).toBe(false)
    expect(await other.revoke('acme', 'key_t', 8)).toBe(true)
    expect(await other.find('d')).toMatchObject({ revokedAt: 8 })
    await setImmediate()
    expect(await one.find('d')).toMatchObject({ revokedAt: 8 })
    await other.noteUse(new Map([['key_t', 9]]), 10)
    await setImmediate()
    expect(await one.find('d')).toMatchObject({ usedAt: 9 })
  }
  await here.noteUse(new Map([['key_t', 3]]), 10)
  expect(await here.find('d')).toMatchObject({ usedAt: 9 })
})

test('sessions go once they are over', async () => {
  await here.add(session, 's')
  await here.noteUse(new Map(), 99)
  expect(await here.find('s')).not.toBeNull()
  await here.noteUse(new Map(), 101)
  expect(await here.find('s')).toBeNull()
})
