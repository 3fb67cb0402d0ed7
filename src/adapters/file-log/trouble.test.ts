// Disks that are full or read-only, directories that are gone, second writers, other formats: each a StoreError that
// says what to do, none of them loses an acknowledged record.

import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  account,
  noMount,
  numberedMessages,
  remount,
  withDirectory,
  withSmallDisk,
} from '../../../test/file-log/directory.ts'
import { StoreError } from '../../ports/store-error.ts'
import { fileName, prepareFormat, readFormat, type Versions } from './directory.ts'
import { openFileLog, openFileLogReader } from './index.ts'

const appender = fileURLToPath(new URL('../../../test/file-log/appender.ts', import.meta.url))

/** Skips the test where no file system can be mounted. */
function needMount(skip: (note: string) => void): void {
  if (noMount !== null) skip(noMount)
}

describe('a full disk', () => {
  test.for([50_000, 1 << 26])(
    'loses nothing, and the log goes on after (segments of %i bytes)',
    async (segmentBytesMax, { skip }) => {
      needMount(skip)
      await withSmallDisk(1 << 20, async (disk) => {
        const directory = join(disk, 'log')
        await writeFile(join(disk, 'ballast'), Buffer.alloc(1 << 19))
        const log = await openFileLog(directory, { account, segmentBytesMax, runsMergedAtOnce: 2 })
        let next = 0
        const fill = async (): Promise<void> => {
          for (; ; next += 50) await log.append(numberedMessages(next, next + 50))
        }
        await expect(fill()).rejects.toMatchObject({
          name: 'StoreError',
          code: 'full',
          retryable: true,
        })
        expect(log.end()).toBe(next)
        const refused = numberedMessages(next - 3, next + 50)
        await expect(log.append(refused)).rejects.toMatchObject({ code: 'full' })
        expect((await log.read(1, 100_000)).length).toBe(next)
        await rm(join(disk, 'ballast'))
        expect(await log.append(refused)).toEqual(
          refused.map((_, at) => (at < 3 ? null : next - 2 + at)),
        )
        await log.settle()
        await log.close()
        const again = await openFileLog(directory, { account })
        expect(again.end()).toBe(next + 50)
        const all = numberedMessages(0, next + 50)
        expect(await again.read(1, 100_000)).toEqual(
          all.map((record, at) => ({ ...record, position: at + 1 })),
        )
        expect(new Set(await again.append(all))).toEqual(new Set([null]))
        await again.close()
      })
    },
  )

  test('still lets the log be opened and read', async ({ skip }) => {
    needMount(skip)
    await withSmallDisk(1 << 20, async (disk) => {
      const log = await openFileLog(disk, { account })
      await log.append(numberedMessages(0, 10))
      await log.close()
      await writeFile(join(disk, 'ballast'), Buffer.alloc(1 << 21)).catch(() => undefined)
      const again = await openFileLog(disk, { account })
      expect((await again.read(1, 100)).length).toBe(10)
      await expect(again.append(numberedMessages(10, 100))).rejects.toMatchObject({ code: 'full' })
      await again.close()
    })
  })
})

describe('a directory', () => {
  test('that is read-only is refused to a writer, not to a reader', async ({ skip }) => {
    needMount(skip)
    await withSmallDisk(1 << 20, async (disk) => {
      const log = await openFileLog(disk, { account })
      await log.append(numberedMessages(0, 10))
      await log.close()
      remount(disk, 'ro')
      const refusal = { code: 'read_only', retryable: false }
      await expect(openFileLog(disk, { account })).rejects.toMatchObject(refusal)
      await expect(openFileLog(join(disk, 'new'), { account })).rejects.toMatchObject(refusal)
      const reader = await openFileLogReader(disk)
      expect((await reader.read(1, 100)).length).toBe(10)
      await reader.close()
      remount(disk, 'rw')
    })
  })

  test('that is a file is refused', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'file')
      await writeFile(path, '')
      for (const place of [path, join(path, 'log')]) {
        await expect(openFileLog(place, { account })).rejects.toMatchObject({ code: 'unavailable' })
      }
    }))

  test('that was removed takes no more records', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log')
      const log = await openFileLog(path, { account })
      await log.append(numberedMessages(0, 3))
      await rm(path, { recursive: true })
      await expect(log.append(numberedMessages(3, 4))).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(path) as string,
      })
      expect(log.end()).toBe(3)
      await log.close()
    }))

  test('without a log has nothing to read', () =>
    withDirectory(async (directory) => {
      await expect(openFileLogReader(directory)).rejects.toMatchObject({ code: 'unavailable' })
    }))
})

test('a write that fails leaves no trace, also one that starts a segment', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 1 })
    await log.append(numberedMessages(0, 2))
    // Where the next segment's file would be.
    const obstacle = join(directory, fileName('tsv', 3))
    await mkdir(obstacle)
    const calls = [0, 1, 2].map((call) => log.append(numberedMessages(call, call + 3)))
    const results = await Promise.allSettled(calls)
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(log.end()).toBe(2)
    await rm(obstacle, { recursive: true })
    expect(await log.append(numberedMessages(0, 5))).toEqual([null, null, 3, 4, 5])
    expect(await log.append(numberedMessages(0, 6))).toEqual([null, null, null, null, null, 6])
    expect((await log.read(1, 9)).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6])
    await log.close()
  }))

test('a closed log says so', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account })
    await log.append(numberedMessages(0, 1))
    await log.close()
    await log.close()
    for (const call of [log.append([]), log.read(1, 1), log.messagesOf([], 1), log.settle()]) {
      await expect(call).rejects.toMatchObject({ code: 'closed' })
    }
  }))

test('a record that no segment may hold is refused before anything is taken', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, recordBytesMax: 1000 })
    const [good, other] = numberedMessages(0, 2)
    if (good === undefined || other === undefined) throw new Error('no messages')
    const bad = [
      { ...other, raw: JSON.stringify('é'.repeat(500)) },
      { ...other, fact: { ...other.fact, at: 0.5 } },
      { ...other, fact: { ...other.fact, receivedAt: Number.NaN } },
      { ...other, fact: { ...other.fact, account: 'other' } },
    ]
    for (const record of bad) {
      await expect(log.append([good, record])).rejects.toThrow(RangeError)
    }
    expect(await log.append([good, other])).toEqual([1, 2])
    await log.close()
  }))

describe('a second writer is refused', () => {
  test('in the same process, until the first one closes', () =>
    withDirectory(async (directory) => {
      const log = await openFileLog(directory, { account })
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringContaining(`process ${process.pid}`) as string,
      })
      await expect(openFileLog(directory, { account })).rejects.toBeInstanceOf(StoreError)
      await log.append(numberedMessages(0, 1))
      await log.close()
      const next = await openFileLog(directory, { account })
      expect(next.end()).toBe(1)
      await next.close()
    }))

  test('beside another process, until that is killed', () =>
    withDirectory(async (directory) => {
      const child = spawn(process.execPath, [appender, directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringContaining(`process ${child.pid}`) as string,
      })
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('close', resolve))
      const log = await openFileLog(directory, { account })
      await log.close()
    }))
})

describe('the format', () => {
  const older: Versions = { current: 1, migrations: new Map() }

  test('of a newer program is refused, to a reader too', () =>
    withDirectory(async (directory) => {
      await prepareFormat(directory, account, { current: 2, migrations: new Map() })
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({
        code: 'newer_version',
      })
      await expect(openFileLogReader(directory)).rejects.toMatchObject({ code: 'newer_version' })
    }))

  test('of an older program is migrated step by step, on from where it was interrupted', () =>
    withDirectory(async (directory) => {
      await prepareFormat(directory, account, older)
      const steps: string[] = []
      const step =
        (name: string, fail = false) =>
        (): Promise<void> => {
          steps.push(name)
          return fail ? Promise.reject(new Error('power cut')) : Promise.resolve()
        }
      const cut = new Map([
        [1, step('1 to 2')],
        [2, step('2 to 3', true)],
      ])
      await expect(
        prepareFormat(directory, account, { current: 3, migrations: cut }),
      ).rejects.toThrow('power cut')
      const whole = new Map([
        [1, step('1 to 2')],
        [2, step('2 to 3')],
      ])
      const versions = { current: 3, migrations: whole }
      await prepareFormat(directory, account, versions)
      await prepareFormat(directory, account, versions)
      expect(steps).toEqual(['1 to 2', '2 to 3', '2 to 3'])
      expect(await readFormat(directory, versions)).toMatchObject({ version: 3, account })
    }))

  test.each(['', '{"log":"another"}', '[]', 'null'])('"%s" is reported', (content) =>
    withDirectory(async (directory) => {
      await writeFile(join(directory, 'format.json'), content)
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({ code: 'corrupt' })
    }),
  )

  test('missing beside segments is reported', () =>
    withDirectory(async (directory) => {
      const log = await openFileLog(directory, { account })
      await log.append(numberedMessages(0, 1))
      await log.close()
      await rm(join(directory, 'format.json'))
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({ code: 'corrupt' })
    }))

  test("another account's log is refused", () =>
    withDirectory(async (directory) => {
      await (await openFileLog(directory, { account })).close()
      await expect(openFileLog(directory, { account: 'other' })).rejects.toThrow('"default"')
      expect(await readFile(join(directory, 'format.json'), 'utf8')).toContain('"version":1')
      expect((await readdir(directory)).toSorted()).toEqual(['format.json', 'lock.sqlite'])
    }))
})
