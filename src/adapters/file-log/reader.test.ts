// A reader beside a writer: sees whole records in order while segments roll, are sealed and removed under it.

import { mkdir, readFile, rm, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { account, numberedMessages, withDirectory } from '../../../test/file-log/directory.ts'
import type { ColumnarLog } from '../../ports/columnar-log.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { fileName } from './directory.ts'
import { openFileLog, openFileLogReader } from './index.ts'

function stored(from: number, to: number): StoredRecord[] {
  return numberedMessages(from, to).map((record, at) => ({ ...record, position: from + 1 + at }))
}

test('a reader follows a writer whose segments are sealed under it', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, {
      account,
      segmentBytesMax: 5_000,
      runsMergedAtOnce: 2,
    })
    const reader = await openFileLogReader(directory)
    const total = 600
    const write = async (): Promise<void> => {
      for (let at = 0; at < total; at += 20) await log.append(numberedMessages(at, at + 20))
      await log.settle()
    }
    const follow = async (): Promise<void> => {
      for (let next = 1; next <= total;) {
        const page = await reader.read(next, 50)
        expect(page).toEqual(stored(next - 1, next - 1 + page.length))
        next += page.length
        if (page.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    await Promise.all([write(), follow()])
    expect(reader.end()).toBe(total)
    const [first] = numberedMessages(0, 1)
    const named = first?.fact.identifiers ?? []
    expect(await reader.messagesOf(named, 1000)).toEqual(await log.messagesOf(named, 1000))
    await reader.close()
    await log.close()
  }))

test('a reader does not trip over a write that was cut off and replaced', () =>
  withDirectory(async (directory) => {
    let log = await openFileLog(directory, { account })
    await log.append(numberedMessages(0, 2))
    await log.append(numberedMessages(2, 6))
    const reader = await openFileLogReader(directory)
    expect(reader.end()).toBe(6)
    await log.close()
    const path = join(directory, fileName('tsv', 1))
    const second = await readFile(path)
    await truncate(path, second.indexOf(10) + 1)
    await reader.refresh()
    expect(reader.end()).toBe(1)
    log = await openFileLog(directory, { account })
    await log.append(numberedMessages(1, 40))
    expect(await reader.read(1, 100)).toEqual(stored(0, 40))
    await log.close()
    await reader.close()
  }))

test('a reader has the columns that the writer has, also of what is not sealed', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account, segmentBytesMax: 5_000 })
    await log.append(numberedMessages(0, 60))
    await log.settle()
    await log.append(numberedMessages(60, 65))
    const reader = await openFileLogReader(directory)
    const rangesOf = async (from: ColumnarLog, name: string): Promise<readonly unknown[]> => {
      const scratch = join(directory, '..', `${basename(directory)}-${name}`)
      await mkdir(scratch)
      try {
        const parts = await from.columns({ upTo: 63, cuts: [30], scratch })
        return parts.map(({ first, last }) => [first, last])
      } finally {
        await rm(scratch, { recursive: true })
      }
    }
    const ranges = await rangesOf(log, 'writer')
    expect(ranges.length).toBeGreaterThan(2)
    expect(await rangesOf(reader, 'reader')).toEqual(ranges)
    await reader.close()
    await log.close()
  }))
