// kill -9 under load at random instants, again and again on one directory: every acknowledged record is there exactly
// once at its position, and no record is half there. SELFSAME_KILLS sets how often.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  account,
  numberedMessage,
  numberedMessages,
  withDirectory,
} from '../../../test/file-log/directory.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { openFileLog, openFileLogReader } from './index.ts'

const kills = Number(process.env['SELFSAME_KILLS'] ?? 5)
const appender = fileURLToPath(new URL('../../../test/file-log/appender.ts', import.meta.url))
const segmentBytesMax = 20_000

/** Appends in another process for so long after it is ready, kills it, and returns number -> position as told. */
async function appendAndKill(
  directory: string,
  first: number,
  lifeMs: number,
): Promise<Map<number, number>> {
  const child = spawn(
    process.execPath,
    [appender, directory, String(first), String(segmentBytesMax)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), lifeMs)
    said += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  expect(said).toMatch(/^ready\n/)
  const acknowledged = new Map<number, number>()
  for (const pair of said.slice(0, said.lastIndexOf('\n')).split(/\s/).slice(1)) {
    const [number, position] = pair.split(':')
    acknowledged.set(Number(number), Number(position))
  }
  return acknowledged
}

function numberOf(record: StoredRecord): number {
  return record.kind === 'message' ? Number(record.fact.id.replace('message ', '')) : -1
}

/** Kills on one directory, so many times; returns how many messages were acknowledged. */
async function killAgainAndAgain(times: number): Promise<number> {
  const acknowledged = new Map<number, number>()
  await withDirectory(async (directory) => {
    let next = 0
    for (let kill = 0; kill < times; kill++) {
      const told = await appendAndKill(directory, next, Math.random() * 400)
      for (const [number, position] of told) acknowledged.set(number, position)
      next = await expectWhole(directory, acknowledged, kill % 2 === 1)
    }
  })
  return acknowledged.size
}

/** Looks at what a kill left, appends all of it again, and returns the number of the next message. */
async function expectWhole(
  directory: string,
  acknowledged: ReadonlyMap<number, number>,
  settle: boolean,
): Promise<number> {
  const reader = await openFileLogReader(directory)
  const log = await openFileLog(directory, { account, segmentBytesMax, runsMergedAtOnce: 2 })
  expect(reader.end()).toBe(log.end())
  await reader.close()
  const records = await log.read(1, 1_000_000)
  expect(records.length).toBe(log.end())
  const numbers = records.map((record) => numberOf(record))
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const [at, record] of records.entries()) {
    expect(record).toEqual({ ...numberedMessage(numbers[at] ?? -1), position: at + 1 })
  }
  for (const [number, position] of acknowledged) expect(numbers[position - 1]).toBe(number)
  const next = numbers.reduce((max, number) => Math.max(max, number), -1) + 1
  const again = await log.append(numberedMessages(0, next))
  const missing = again.filter((position) => position !== null).length
  expect(missing).toBe(next - numbers.length)
  if (settle) await log.settle()
  await log.close()
  return next
}

/** A log that grows through more kills than this tests nothing new, and takes ever longer to be looked at. */
const KILLS_PER_DIRECTORY = 25

test(
  `${kills} kills under load lose and double nothing`,
  { timeout: 30_000 + kills * 15_000 },
  async () => {
    let acknowledged = 0
    for (let done = 0; done < kills; done += KILLS_PER_DIRECTORY) {
      acknowledged += await killAgainAndAgain(Math.min(KILLS_PER_DIRECTORY, kills - done))
    }
    expect(acknowledged).toBeGreaterThan(0)
  },
)
