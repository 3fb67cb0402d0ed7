// Directories that are locked, damaged, foreign, of another format, disks that are full or read-only: each is a StoreError
// that says what to do. And what of the erased is left, and when the feed has another epoch.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
import { openDatabase } from './database.ts'
import { byText } from './keys.ts'
import { openRocksStore } from './index.ts'

const { key, people, witnesses, edge, sighting, question } = samplesOf({ account, digest })
const SETTINGS = { cacheMegabytes: 1, backgroundThreads: 1, synced: false }
const EVERYTHING = { to: Buffer.of(0xff) }
const committer = fileURLToPath(
  new URL('../../../test/identity-store/committer.ts', import.meta.url),
)

/** Skips the test where no file system can be mounted. */
function needMount(skip: (note: string) => void): void {
  if (noMount !== null) skip(noMount)
}

/** So many cookies, in files: what is in the log is moved there by the second opening. */
async function storeOf(directory: string, cookies: number): Promise<void> {
  const store = await openRocksStore(directory)
  const names = Array.from({ length: cookies }, (_, i) => `cookie:${i}`)
  await committed(store, ...names.map((name) => people(name)))
  await store.close()
  await (await openRocksStore(directory)).close()
}

function filesOf(directory: string, ending: RegExp): readonly string[] {
  return readdirSync(directory)
    .filter((name) => ending.test(name))
    .map((name) => join(directory, name))
}

describe('who may open it', () => {
  test('another process may not, nor may this one twice; when it has gone, it may', () =>
    withDirectory(async (directory) => {
      const child = spawn(process.execPath, [committer, 'rocksdb', directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      const locked = { name: 'StoreError', code: 'locked', retryable: true }
      await expect(openRocksStore(directory)).rejects.toMatchObject(locked)
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('close', resolve))
      const store = await openRocksStore(directory)
      await expect(openRocksStore(directory)).rejects.toMatchObject(locked)
      await store.close()
    }))

  test('a file is no directory', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'graph.db')
      writeFileSync(file, 'something')
      await expect(openRocksStore(file)).rejects.toMatchObject({ code: 'unavailable' })
    }))
})

describe('formats', () => {
  test('a newer one is left alone', () =>
    withDirectory(async (directory) => {
      await storeOf(directory, 3)
      const database = await openDatabase(directory, SETTINGS)
      const newer = JSON.stringify({ format: 2, epoch: 'a', unsynced: null })
      database.write([[byText('meta', 'format'), Buffer.from(newer)]])
      await database.close()
      await expect(openRocksStore(directory)).rejects.toMatchObject({
        code: 'newer_version',
        retryable: false,
      })
    }))

  test('a database of something else is not touched', () =>
    withDirectory(async (directory) => {
      const database = await openDatabase(directory, SETTINGS)
      database.write([[Buffer.from('a key'), Buffer.from('a value')]])
      await database.close()
      await expect(openRocksStore(directory)).rejects.toMatchObject({ code: 'corrupt' })
      const again = await openDatabase(directory, SETTINGS)
      expect(again.range(Buffer.of(0), EVERYTHING).length).toBe(1)
      await again.close()
    }))
})

describe('damage', () => {
  const corrupt = {
    name: 'StoreError',
    code: 'corrupt',
    message: expect.stringMatching(/damaged/) as string,
  }

  test('in a file of rows is seen when it is read', () =>
    withDirectory(async (directory) => {
      await storeOf(directory, 2_000)
      for (const file of filesOf(directory, /\.sst$/)) {
        const bytes = readFileSync(file)
        for (let at = 5_000; at < bytes.length - 5_000; at += 1_000) bytes.write('damage', at)
        writeFileSync(file, bytes)
      }
      const use = async (): Promise<void> => {
        const store = await openRocksStore(directory)
        try {
          await store.scanNodes('', 10_000)
        } finally {
          await store.close()
        }
      }
      await expect(use()).rejects.toMatchObject(corrupt)
    }))

  test('a file that is gone, or cut off, is seen when it is opened', () =>
    withDirectory(async (directory) => {
      await storeOf(directory, 10)
      for (const file of filesOf(directory, /^MANIFEST/)) truncateSync(file, 20)
      await expect(openRocksStore(directory)).rejects.toMatchObject(corrupt)
    }))

  test('a file of rows that is gone is seen when it is opened', () =>
    withDirectory(async (directory) => {
      await storeOf(directory, 10)
      for (const file of filesOf(directory, /\.sst$/)) rmSync(file)
      await expect(openRocksStore(directory)).rejects.toMatchObject(corrupt)
    }))
})

describe('a disk that takes no more', () => {
  test('full: nothing is lost, reading goes on, and so does writing when there is room', async ({
    skip,
  }) => {
    needMount(skip)
    await withSmallDisk(24 << 20, async (disk) => {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(22 << 20))
      const store = await openRocksStore(join(disk, 'graph'))
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
      const again = await openRocksStore(join(disk, 'graph'))
      expect((await again.scanNodes('', 1_000_000)).length).toBe(next * 50)
      await again.close()
    })
  })

  test('read-only: opening says so', async ({ skip }) => {
    needMount(skip)
    await withSmallDisk(6 << 20, async (disk) => {
      const directory = join(disk, 'graph')
      await storeOf(directory, 3)
      remount(disk, 'ro')
      await expect(openRocksStore(directory)).rejects.toMatchObject({ code: 'read_only' })
      remount(disk, 'rw')
      const store = await openRocksStore(directory)
      await committed(store, people('cookie:new'))
      await store.close()
    })
  })
})

test('closed amid a census it says so, and so does whatever is asked afterwards', () =>
  withDirectory(async (directory) => {
    const store = await openRocksStore(directory)
    await committed(store, ...Array.from({ length: 3_000 }, (_, i) => people(`cookie:${i}`)))
    const closed = { name: 'StoreError', code: 'closed' }
    const asked = Promise.allSettled([store.census(new Map()), store.membership()])
    const position = store.position('log')
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    expect(await asked).toMatchObject([{ reason: closed }, { reason: closed }])
    expect(await position).toBe(1)
    await expect(store.counts()).rejects.toMatchObject(closed)
  }))

test('of the erased no row is left', () =>
  withDirectory(async (directory) => {
    const rows = async (): Promise<readonly string[]> => {
      const database = await openDatabase(directory, SETTINGS)
      const found = database.range(Buffer.of(0), EVERYTHING).map(([row]) => row.toString('latin1'))
      await database.close()
      return found.filter((row) => !/^[MAPF]/.test(row))
    }
    const store = await openRocksStore(directory)
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
    await store.close()
    expect((await rows()).length).toBeGreaterThan(20)
    const again = await openRocksStore(directory)
    await committed(again, { nodesRemoved: erased })
    await again.close()
    expect(await rows()).toEqual([])
  }))

describe('the epoch', () => {
  const epochUnder = async (directory: string, synced: boolean, boot: string): Promise<string> => {
    const store = await openRocksStore(directory, { synced }, boot)
    const epoch = await store.epoch()
    await store.close()
    return epoch
  }

  test('stays over starts of the machine where commits are synced', () =>
    withDirectory(async (directory) => {
      const first = await epochUnder(directory, true, 'one')
      expect(first).toMatch(/^[0-9a-f]{10}$/)
      expect(await epochUnder(directory, true, 'two')).toBe(first)
      expect(await epochUnder(directory, false, 'two')).toBe(first)
    }))

  test('is another after a start of the machine under which latest commits may have been lost', () =>
    withDirectory(async (directory) => {
      const first = await epochUnder(directory, false, 'one')
      expect(await epochUnder(directory, false, 'one')).toBe(first)
      const second = await epochUnder(directory, true, 'two')
      expect(second).not.toBe(first)
      expect(await epochUnder(directory, true, 'three')).toBe(second)
    }))
})
