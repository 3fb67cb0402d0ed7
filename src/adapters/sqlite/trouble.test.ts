// Disks that are full or read-only, files that are damaged, foreign, locked, of another format: each is a StoreError that
// says what to do, and no commit is lost by it. And what two processes on one file see of one another.

import { mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import {
  account,
  digest,
  noMount,
  remount,
  withDirectory,
  withSmallDisk,
} from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { commitOf, committed, loaded } from '../../ports/conformance/identity-store.subject.ts'
import type { StoreError } from '../../ports/store-error.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { openSqliteStore } from './index.ts'
import { type DatabaseOptions, openDatabase } from './open-database.ts'
import { GRAPH } from './schema.ts'
import { cluesFrom } from '../../core/edge/clue.ts'
import { EVIDENCE_MAX, evidenceOf } from '../../core/policy/evidence-unit.ts'

const { key, node, people, witnesses, edge, sighting, question } = samplesOf({ account, digest })
const OPTIONS: DatabaseOptions = {
  readOnly: false,
  cacheMegabytesMax: 1,
  lockWaitMs: 20,
  checkpointPages: 100,
  pageBytes: 4_096,
}
const NEXT = `ALTER TABLE node ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`

/** Skips the test where no file system can be mounted. */
function needMount(skip: (note: string) => void): void {
  if (noMount !== null) skip(noMount)
}

/** A StoreError of that code that says that. */
function refusal(code: string, says: string | RegExp): StoreError {
  return expect.objectContaining({
    code,
    message: expect.stringMatching(says) as string,
  }) as StoreError
}

const withFile = (work: (file: string) => Promise<void>): Promise<void> =>
  withDirectory((directory) => work(join(directory, 'graph.db')))

async function storeOf(file: string, cookies: number): Promise<void> {
  const store = openSqliteStore(file)
  const names = Array.from({ length: cookies }, (_, i) => `cookie:${i}`)
  await committed(store, ...names.map((name) => people(name)))
  await store.close()
}

describe('formats', () => {
  test('an older one is brought up to date once, in one transaction', () =>
    withFile(async (file) => {
      await storeOf(file, 3)
      for (const _ of ['first', 'second']) {
        const database = openDatabase(file, OPTIONS, {
          ...GRAPH,
          migrations: [...GRAPH.migrations, NEXT],
        })
        const rows = database.prepare('SELECT note FROM node').all()
        expect(rows.map((row) => row['note'])).toEqual(['none', 'none', 'none'])
        expect(database.prepare('PRAGMA user_version').get()).toEqual({
          user_version: GRAPH.migrations.length + 1,
        })
        database.close()
      }
    }))

  test('one from before there were clues opens, has none, and takes them', () =>
    withFile(async (file) => {
      const [former = ''] = GRAPH.migrations
      const database = openDatabase(file, OPTIONS, { ...GRAPH, migrations: [former] })
      database.exec(`INSERT INTO profile VALUES (1, 'prf_1', x'00', 1, 0, 0, 1, 0, 1, NULL, 1);
        INSERT INTO node VALUES (1, unhex('${key('cookie:1')}'), 'cookie', '', '1', 5, 0, 1, '["shop"]', 1, 1, NULL, NULL, 0, 4);
        UPDATE tally SET nodes = 1, profiles = 1, last_node = 1, last_profile = 1`)
      database.close()
      const store = openSqliteStore(file)
      const [before] = await store.scanNodes('', 10)
      expect(before).toMatchObject({ key: key('cookie:1'), version: 4, clues: new Uint32Array(0) })
      if (before === undefined) return
      await committed(store, { nodes: [{ ...before, clues: cluesFrom([7, 6]) }] })
      const [after] = await store.scanNodes('', 10)
      expect(after).toMatchObject({ version: 5, clues: Uint32Array.of(6, 7) })
      await store.close()
    }))

  test('questions from before they had a worth are listed by how unsure they are', () =>
    withFile(async (file) => {
      const former = GRAPH.migrations.slice(0, 2)
      const database = openDatabase(file, OPTIONS, { ...GRAPH, migrations: former })
      database.exec(`INSERT INTO node VALUES (1, unhex('${key('cookie:1')}'), 'cookie', '', '1', 5, 0, 1, '["shop"]', NULL, 1, NULL, NULL, 0, 4, NULL);
        INSERT INTO question VALUES ('rev_a', 1, 1, 'two_logins', 'sure', ${evidenceOf(0.99)}), ('rev_b', 1, 1, 'threshold', 'unsure', ${evidenceOf(0.5)}),
          ('rev_c', 1, 1, 'two_logins', 'certain', ${EVIDENCE_MAX});
        UPDATE tally SET nodes = 1, questions = 3, last_node = 1`)
      database.close()
      const store = openSqliteStore(file)
      const found = await store.questions(null, 10)
      expect(found.map(({ id }) => id)).toEqual(['rev_b', 'rev_a', 'rev_c'])
      const [first, , last] = found
      expect(first).toMatchObject({ scoredBy: null, evidence: evidenceOf(0.5) })
      expect(first?.worth).toBeGreaterThan(999_000)
      expect(last?.worth).toBeGreaterThanOrEqual(1)
      await store.close()
    }))

  test('a migration that fails leaves the older one as it was', () =>
    withFile(async (file) => {
      await storeOf(file, 3)
      const migrations = [...GRAPH.migrations, NEXT, 'INSERT INTO nowhere VALUES (1)']
      expect(() => openDatabase(file, OPTIONS, { ...GRAPH, migrations })).toThrow('nowhere')
      const store = openSqliteStore(file)
      expect((await store.counts()).identifiers).toBe(3)
      await committed(store, people('cookie:new'))
      await store.close()
    }))

  test('a newer one is refused, for reading too', () =>
    withFile(async (file) => {
      await storeOf(file, 1)
      openDatabase(file, OPTIONS, { ...GRAPH, migrations: [...GRAPH.migrations, NEXT] }).close()
      for (const readOnly of [false, true]) {
        expect(() => openSqliteStore(file, { readOnly })).toThrow(
          expect.objectContaining({ code: 'newer_version', retryable: false }),
        )
      }
      expect(() => openSqliteStore(file)).toThrow(/newer version .*format is 6.*up to 5.*update/)
    }))

  test('an older one is not read as it is', () =>
    withFile(async (file) => {
      await storeOf(file, 1)
      const open = () =>
        openDatabase(
          file,
          { ...OPTIONS, readOnly: true },
          { ...GRAPH, migrations: [...GRAPH.migrations, NEXT] },
        )
      expect(open).toThrow(expect.objectContaining({ code: 'read_only' }))
      expect(open).toThrow(/older version .* such as serve/)
    }))
})

test('one whose creator was killed before it had tables is made anew', () =>
  withFile(async (file) => {
    // What a new database is between its first setting and its first transaction.
    const begun = new DatabaseSync(file)
    begun.exec('PRAGMA journal_mode = WAL')
    begun.close()
    expect(statSync(file).size).toBeGreaterThan(0)
    expect(() => openSqliteStore(file, { readOnly: true })).toThrow(refusal('read_only', 'older'))
    await storeOf(file, 3)
    const store = openSqliteStore(file, { readOnly: true })
    expect((await store.counts()).identifiers).toBe(3)
    await store.close()
  }))

describe('files that cannot be used', () => {
  test('a missing one is not made by reading', () =>
    withFile(async (file) => {
      await Promise.resolve()
      expect(() => openSqliteStore(file, { readOnly: true })).toThrow(refusal('unavailable', file))
    }))

  test('a missing or blocked folder', () =>
    withFile(async (file) => {
      await Promise.resolve()
      const failed = refusal('unavailable', 'check the path')
      expect(() => openSqliteStore(join(file, 'graph.db'))).toThrow(failed)
      mkdirSync(file)
      expect(() => openSqliteStore(file)).toThrow(failed)
    }))

  test("another program's database, and what is no database", () =>
    withFile(async (file) => {
      await Promise.resolve()
      const other = new DatabaseSync(file)
      other.exec('CREATE TABLE node (id)')
      other.close()
      expect(() => openSqliteStore(file)).toThrow(refusal('corrupt', /another program/))
      writeFileSync(file, 'a text of some length, '.repeat(1_000))
      expect(() => openSqliteStore(file)).toThrow(refusal('corrupt', /not a database/))
    }))

  test('a damaged one says so', () =>
    withFile(async (file) => {
      await storeOf(file, 2_000)
      const descriptor = openSync(file, 'r+')
      const { size } = statSync(file)
      for (let at = 40_960; at < size; at += 4_096) writeSync(descriptor, 'damage'.repeat(100), at)
      const use = async (): Promise<void> => {
        const store = openSqliteStore(file)
        await store.scanNodes('', 10_000)
      }
      await expect(use()).rejects.toMatchObject({
        name: 'StoreError',
        code: 'corrupt',
        message: expect.stringMatching(/rebuild/) as string,
      })
    }))
})

describe('a disk that takes no more', () => {
  test('full: nothing is lost, reading goes on, and so does writing when there is room', async ({
    skip,
  }) => {
    needMount(skip)
    await withSmallDisk(3 << 20, async (disk) => {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(1 << 20))
      const store = openSqliteStore(join(disk, 'graph.db'), { checkpointPages: 50 })
      let next = 0
      const more = async (): Promise<void> => {
        const names = Array.from({ length: 50 }, (_, i) => `cookie:${next} ${i}`)
        const commit = commitOf(next, ...names.map((name) => people(name)))
        expect(await store.commit(commit)).toBe('committed')
        next++
      }
      const fill = async (): Promise<void> => {
        for (;;) await more()
      }
      await expect(fill()).rejects.toMatchObject({ code: 'full', retryable: true })
      await expect(more()).rejects.toMatchObject({ code: 'full' })
      expect(await store.position('log')).toBe(next)
      expect((await store.counts()).identifiers).toBe(next * 50)
      expect((await loaded(store, [key('cookie:0 7')])).complete.length).toBe(1)
      rmSync(join(disk, 'ballast'))
      await more()
      await store.close()
      const again = openSqliteStore(join(disk, 'graph.db'))
      expect((await again.scanNodes('', 1_000_000)).length).toBe(next * 50)
      await again.close()
    })
  })

  test('read-only: opening for writing says so', async ({ skip }) => {
    needMount(skip)
    await withSmallDisk(3 << 20, async (disk) => {
      const file = join(disk, 'graph.db')
      await storeOf(file, 3)
      remount(disk, 'ro')
      expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'read_only' }))
      expect(() => openSqliteStore(join(disk, 'other.db'))).toThrow(
        expect.objectContaining({ code: 'read_only' }),
      )
      remount(disk, 'rw')
      await committed(openSqliteStore(file), people('cookie:new'))
    })
  })
})

describe('two on one file', () => {
  test('a write that waits too long for another one can be tried again', () =>
    withFile(async (file) => {
      const store = openSqliteStore(file, { lockWaitMs: 20 })
      await committed(store, people('cookie:1'))
      const other = new DatabaseSync(file)
      other.exec('BEGIN IMMEDIATE')
      await expect(committed(store, people('cookie:2'))).rejects.toMatchObject({
        code: 'locked',
        retryable: true,
      })
      expect((await store.counts()).identifiers).toBe(1)
      other.exec('ROLLBACK')
      await committed(store, people('cookie:2'))
      other.close()
      await store.close()
    }))

  test('one sees what the other has committed, erased and made anew', () =>
    withFile(async (file) => {
      const writer = openSqliteStore(file)
      const reader = openSqliteStore(file, { readOnly: true })
      const cookie = async (store: IdentityStore) => loaded(store, [key('cookie:1')])
      await committed(writer, people('email:a', 'cookie:1'), witnesses('ip:1'), {
        edges: [edge('cookie:1', 'ip:1', 'ip_match')],
      })
      expect(await cookie(reader)).toEqual(await cookie(writer))
      const other = openSqliteStore(file)
      expect(await cookie(other)).toEqual(await cookie(writer))
      await committed(writer, { nodesRemoved: [key('ip:1')] })
      await committed(writer, witnesses('ip:2', 'ip:1'), {
        edges: [edge('cookie:1', 'ip:1', 'ip_match')],
        sightings: [sighting('ip:1', 'cookie:1')],
      })
      await committed(other, { edges: [edge('cookie:1', 'ip:1', 'ip_match', { count: 7 })] })
      const found = await cookie(reader)
      expect(found.edges.map((one) => [one.to, one.count])).toEqual([[key('ip:1'), 7]])
      expect(await cookie(writer)).toEqual(found)
      await expect(reader.commit(commitOf(4))).rejects.toMatchObject({ code: 'read_only' })
      for (const store of [writer, reader, other]) await store.close()
    }))
})

describe('what a commit leaves', () => {
  test('of the erased nothing, in any table', () =>
    withFile(async (file) => {
      const store = openSqliteStore(file)
      await committed(store, people('email:a', 'cookie:1'), people('cookie:2'), witnesses('ip:1'), {
        edges: [
          edge('cookie:1', 'email:a', 'login'),
          edge('cookie:2', 'email:a', 'login'),
          edge('cookie:1', 'ip:1', 'ip_match'),
        ],
        sightings: [
          sighting('email:a', 'cookie:1'),
          sighting('email:a', 'cookie:2'),
          sighting('ip:1', 'cookie:1'),
        ],
        questions: [question('q', 'cookie:1', 'cookie:2')],
      })
      const erased = ['email:a', 'cookie:1', 'cookie:2', 'ip:1'].map(key)
      await committed(store, { nodesRemoved: erased })
      await store.close()
      const database = new DatabaseSync(file)
      for (const table of ['node', 'edge', 'sighting', 'question']) {
        expect(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()).toEqual({ rows: 0 })
      }
      database.close()
    }))

  test('when it names what is not there, nothing: it is a bug', () =>
    withFile(async (file) => {
      const store = openSqliteStore(file)
      await committed(store, people('cookie:1'), people('cookie:2'))
      const bugs = [
        { edges: [edge('cookie:1', 'email:unknown', 'login')] },
        { nodesRemoved: [key('cookie:2')], edges: [edge('cookie:1', 'cookie:2', 'steward')] },
        { nodes: [node('cookie:3', { profile: 'prf_unknown' })] },
      ]
      for (const records of bugs) {
        await expect(store.commit(commitOf(1, records))).rejects.toThrow('neither stored nor in it')
      }
      expect(await store.position('log')).toBe(1)
      expect((await store.counts()).identifiers).toBe(2)
      await committed(store, people('cookie:3'))
      await store.close()
    }))
})
