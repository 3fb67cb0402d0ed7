// The write-ahead log is started anew when it has grown, unless a reader stays; then it is tried again later.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import { openSqliteStore } from './index.ts'
import { writeAheadLog } from './write-ahead-log.ts'

const { people } = samplesOf({ account, digest })
const CHECKPOINT = { checkpointPages: 20, pageBytes: 4_096, lockWaitMs: 5 }
const BOUND = 3 * CHECKPOINT.checkpointPages * CHECKPOINT.pageBytes

test('the write-ahead log stays bounded', () =>
  withDirectory(async (directory) => {
    const file = join(directory, 'graph.db')
    const size = (): number => statSync(`${file}-wal`).size
    const store = openSqliteStore(file, CHECKPOINT)
    let number = 0
    const commitSome = async (): Promise<void> => {
      const names = Array.from({ length: 20 }, (_, i) => `cookie:${number} ${i}`)
      await committed(store, ...names.map((name) => people(name)))
      number++
    }
    const commitUntil = async (bytes: number): Promise<void> => {
      while (size() <= bytes) await commitSome()
    }

    await commitSome()
    const reader = new DatabaseSync(file, { readOnly: true })
    const count = () => reader.prepare('SELECT count(*) AS nodes FROM node').get()
    reader.exec('BEGIN')
    expect(count()).toEqual({ nodes: 20 })
    await commitUntil(1.5 * BOUND)
    expect(count()).toEqual({ nodes: 20 })
    reader.exec('COMMIT')
    for (let more = 0; more < 20; more++) await commitSome()
    expect(count()).toEqual({ nodes: number * 20 })
    expect(size()).toBeLessThan(BOUND)
    reader.close()
    await store.close()
  }))

test('it is started anew past its bound, though nothing was copied yet', () =>
  withDirectory(async (directory) => {
    await Promise.resolve()
    const file = join(directory, 'any.db')
    const size = (): number => statSync(`${file}-wal`).size
    const database = new DatabaseSync(file)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (b)')
    const log = writeAheadLog(database, file, { bytesMax: 100_000, lockWaitMs: 5 })
    const insert = database.prepare('INSERT INTO t VALUES (randomblob(3000))')
    const grow = (bytes: number): void => {
      while (size() <= bytes) insert.run()
    }
    log.bound()
    expect(size()).toBeGreaterThan(0)
    grow(100_000)
    log.bound()
    expect(size()).toBe(0)
    const reader = new DatabaseSync(file, { readOnly: true })
    grow(10_000)
    reader.exec('BEGIN; SELECT count(*) FROM t')
    grow(100_000)
    log.bound()
    expect(size()).toBeGreaterThan(100_000)
    reader.exec('COMMIT')
    log.bound()
    expect(size()).toBeGreaterThan(100_000)
    grow(250_000)
    log.bound()
    expect(size()).toBe(0)
    expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5 })
    reader.close()
    database.close()
  }))
