// What crashes and bad disks leave: torn tails are cut, damage is reported and nothing of it changed, leftovers of
// interrupted work are cleaned up.

import {
  appendFile,
  copyFile,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { account, numberedMessages, withDirectory } from '../../../test/file-log/directory.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { fileName } from './directory.ts'
import { openFileLog, openFileLogReader, type FileLog, type FileLogOptions } from './index.ts'

const text = (directory: string, first: number): string => join(directory, fileName('tsv', first))

async function withLog(
  directory: string,
  work: (log: FileLog) => Promise<void>,
  options: Partial<FileLogOptions> = {},
): Promise<void> {
  const log = await openFileLog(directory, { account, ...options })
  try {
    await work(log)
  } finally {
    await log.close()
  }
}

function stored(from: number, to: number): StoredRecord[] {
  return numberedMessages(from, to).map((record, at) => ({ ...record, position: from + 1 + at }))
}

/** Changes one byte of a file. */
async function damage(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[offset] = (bytes[offset] ?? 0) ^ 1
  await writeFile(path, bytes)
}

describe('a torn tail', () => {
  test('is cut at every byte of the last record', () =>
    withDirectory(async (directory) => {
      await withLog(directory, async (log) => {
        await log.append(numberedMessages(0, 2))
        await log.append(numberedMessages(2, 3))
      })
      const path = text(directory, 1)
      const copy = join(directory, 'copy')
      await copyFile(path, copy)
      const whole = await readFile(copy)
      const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1
      for (let cut = lastLine; cut < whole.length; cut++) {
        await copyFile(copy, path)
        await truncate(path, cut)
        await withLog(directory, async (log) => {
          expect(log.end()).toBe(2)
          expect(await log.read(1, 9)).toEqual(stored(0, 2))
          if (cut % 16 > 0) return
          expect(await log.append(numberedMessages(1, 4))).toEqual([null, 3, 4])
          expect(await log.read(1, 9)).toEqual(stored(0, 4))
        })
      }
    }))

  test.each<[string, Buffer]>([
    ['zeros', Buffer.alloc(5000)],
    ['lines without a checksum', Buffer.from('x\ny\n00000000\t3\t3\t[]\t{}\n')],
  ])('of %s is cut', (_name, tail) =>
    withDirectory(async (directory) => {
      await withLog(directory, async (log) => {
        await log.append(numberedMessages(0, 2))
      })
      await appendFile(text(directory, 1), tail)
      await withLog(directory, async (log) => {
        expect(await log.append(numberedMessages(2, 3))).toEqual([3])
        expect(await log.read(1, 9)).toEqual(stored(0, 3))
      })
      await withLog(directory, async (log) => {
        expect(await log.read(1, 9)).toEqual(stored(0, 3))
      })
    }),
  )

  test('of one write is cut at its first bad line, though good ones follow', () =>
    withDirectory(async (directory) => {
      await withLog(directory, async (log) => {
        await log.append(numberedMessages(0, 1))
        await log.append(numberedMessages(1, 5))
      })
      const path = text(directory, 1)
      const bytes = await readFile(path)
      const third = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1
      await damage(path, third + 100)
      await withLog(directory, async (log) => {
        expect(log.end()).toBe(2)
        expect(await log.read(1, 9)).toEqual(stored(0, 2))
      })
    }))
})

describe('damage', () => {
  test('before acknowledged records is reported and left as it is', () =>
    withDirectory(async (directory) => {
      await withLog(directory, async (log) => {
        for (let at = 0; at < 4; at++) await log.append(numberedMessages(at, at + 1))
      })
      const path = text(directory, 1)
      const second = (await readFile(path)).indexOf(10) + 1
      await damage(path, second + 50)
      const before = await readFile(path)
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({
        code: 'corrupt',
        retryable: false,
        message: expect.stringContaining(`position 2 (byte ${second})`) as string,
      })
      expect(await readFile(path)).toEqual(before)
    }))

  test('of a closed segment is found by reading and keeps it from being sealed', () =>
    withDirectory(async (directory) => {
      const first = numberedMessages(0, 3)
      await withLog(directory, async (log) => {
        await log.append(first)
      })
      const troubles: string[] = []
      const options = {
        segmentBytesMax: 1,
        onTrouble: ({ code }: { code: string }) => troubles.push(code),
      }
      await withLog(
        directory,
        async (log) => {
          await damage(text(directory, 1), 300)
          await log.append(numberedMessages(3, 4))
          await expect(log.settle()).rejects.toMatchObject({ code: 'corrupt' })
          await expect(log.read(1, 9)).rejects.toMatchObject({ code: 'corrupt' })
          expect(await log.read(4, 9)).toEqual(stored(3, 4))
          expect(await log.append([...first, ...numberedMessages(4, 5)])).toEqual([
            ...first.map(() => null),
            5,
          ])
        },
        options,
      )
      expect(troubles).toContain('corrupt')
    }))

  test('a missing segment is reported', () =>
    withDirectory(async (directory) => {
      await withLog(
        directory,
        async (log) => {
          for (let at = 0; at < 3; at++) await log.append(numberedMessages(at, at + 1))
          await log.settle()
        },
        { segmentBytesMax: 1 },
      )
      await rm(join(directory, fileName('parquet', 2, 2)))
      await expect(openFileLog(directory, { account })).rejects.toMatchObject({ code: 'corrupt' })
      await expect(openFileLogReader(directory)).rejects.toMatchObject({ code: 'corrupt' })
    }))

  test.each<[string, (path: string) => Promise<void>]>([
    ['lost', (path) => rm(path)],
    ['damaged in its head', (path) => damage(path, 1)],
    ['damaged in its filter', async (path) => damage(path, (await stat(path)).size - 1)],
    ['cut', (path) => truncate(path, 4096)],
  ])('a run of ids that is %s is made again', (_name, harm) =>
    withDirectory(async (directory) => {
      const options = { segmentBytesMax: 1, runsMergedAtOnce: 2 }
      const write = async (log: FileLog): Promise<void> => {
        for (let at = 0; at < 6; at++) await log.append(numberedMessages(at, at + 1))
        await log.settle()
      }
      await withLog(directory, write, options)
      const runs = (await readdir(directory)).filter((name) => name.endsWith('.ids'))
      expect(runs.length).toBeGreaterThan(0)
      for (const run of runs) await harm(join(directory, run))
      await withLog(
        directory,
        async (log) => {
          expect(await log.append(numberedMessages(0, 7))).toEqual([
            ...numberedMessages(0, 6).map(() => null),
            7,
          ])
          await log.settle()
        },
        options,
      )
    }),
  )
})

test('a damaged page of ids is told by the id that would be in it, and made again', () =>
  withDirectory(async (directory) => {
    const options = { segmentBytesMax: 1 }
    const write = async (log: FileLog): Promise<void> => {
      await log.append(numberedMessages(0, 2))
      await log.append(numberedMessages(2, 3))
      await log.settle()
    }
    await withLog(directory, write, options)
    const run = join(directory, fileName('ids', 1, 2))
    await damage(run, 4096 + 3)
    await withLog(directory, async (log) => {
      await expect(log.append(numberedMessages(0, 1))).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(run) as string,
      })
      expect(await log.append(numberedMessages(3, 4))).toEqual([4])
    })
    await rm(run)
    await withLog(directory, async (log) => {
      expect(await log.append(numberedMessages(0, 4))).toEqual([null, null, null, null])
    })
  }))

test('what interrupted work left behind is cleaned up', () =>
  withDirectory(async (directory) => {
    const options = { segmentBytesMax: 1 }
    await withLog(directory, (log) => log.append(numberedMessages(0, 3)).then(() => undefined))
    const copy = await readFile(text(directory, 1))
    await withLog(
      directory,
      async (log) => {
        await log.append(numberedMessages(3, 4))
        await log.settle()
      },
      options,
    )
    // Killed between naming the Parquet file and removing the text; and while a draft was being written.
    await writeFile(text(directory, 1), copy)
    await writeFile(join(directory, `${fileName('parquet', 4, 4)}.draft`), 'half')
    const reader = await openFileLogReader(directory)
    expect(await reader.read(1, 9)).toEqual(stored(0, 4))
    await reader.close()
    await withLog(directory, async (log) => {
      expect(await log.read(1, 9)).toEqual(stored(0, 4))
      expect(await log.append(numberedMessages(0, 5))).toEqual([null, null, null, null, 5])
    })
    const names = await readdir(directory)
    expect(names).not.toContain(fileName('tsv', 1))
    expect(names.filter((name) => name.endsWith('.draft'))).toEqual([])
  }))

test('a segment that was created but never written to is gone on with', () =>
  withDirectory(async (directory) => {
    await withLog(directory, (log) => log.append(numberedMessages(0, 3)).then(() => undefined))
    await writeFile(text(directory, 4), '')
    await withLog(directory, async (log) => {
      expect(log.end()).toBe(3)
      expect(await log.append(numberedMessages(2, 5))).toEqual([null, 4, 5])
      expect(await log.read(1, 9)).toEqual(stored(0, 5))
    })
  }))
