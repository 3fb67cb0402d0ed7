// Readers in processes of their own share eight partitions, come, and are killed: every record is read, in order.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import type { Applied, ReaderOrder } from '../../../test/engines/reader.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'

const stack = kafkaStack()
const READER = fileURLToPath(new URL('../../../test/engines/reader.ts', import.meta.url))

const LONG = { timeout: 60_000 }

const readers: ChildProcess[] = []
let directory = ''

afterEach(async () => {
  await Promise.all(readers.splice(0).map(killed))
  if (directory !== '') await rm(directory, { recursive: true, force: true })
})

async function started(order: ReaderOrder): Promise<ChildProcess> {
  const child = spawn(process.execPath, [READER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  readers.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

async function applied(file: string): Promise<readonly Applied[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.endsWith('}'))
  return lines.map((line) => JSON.parse(line) as Applied)
}

test('every record is read, in order behind what was applied, over joins and kills', async () => {
  const options = stack().ownLog()
  const log = await stack().open(options)
  directory = await mkdtemp(join(tmpdir(), 'selfsame-readers-'))
  const { url, registry, account } = options
  const order = { url, registry, account, group: 'g', file: join(directory, 'applied.ndjson') }
  const subject = { account, digest: sha256 }
  const sending = new AbortController()
  let sent = 0
  const producer = (async () => {
    while (!sending.signal.aborted) {
      const batch = Array.from({ length: 40 }, () => {
        sent++
        return sampleMessage(subject, `m${sent}`, { cookie: `c${sent % 500}` })
      })
      await log.append(batch)
      await sleep(10)
    }
  })()

  /** Until each of them has read something. */
  const have = async (...children: readonly ChildProcess[]): Promise<void> => {
    await expect
      .poll(async () => {
        const seen = new Set((await applied(order.file)).map(({ reader }) => reader))
        return children.every(({ pid }) => seen.has(pid!))
      }, LONG)
      .toBe(true)
  }

  const first = await started(order)
  const second = await started(order)
  await have(first, second)
  const third = await started(order)
  await have(third)
  await killed(first)
  const fourth = await started(order)
  await have(fourth)
  await Promise.all([killed(second), killed(fourth)])
  await have(await started(order))
  sending.abort()
  await producer

  const ends = [...(await log.ends())].filter(([source]) => source.startsWith('events/'))
  expect(ends).toHaveLength(8)
  const whole = (lines: readonly Applied[]) =>
    ends.every(([source, end]) =>
      lines.some((one) => one.source === source && one.positions.includes(end)),
    )
  await expect.poll(async () => whole(await applied(order.file)), LONG).toBe(true)

  const lines = await applied(order.file)
  for (const [source, end] of ends) {
    const its = lines.filter((one) => one.source === source)
    const all = its.flatMap(({ positions }) => positions)
    // Each at least once.
    expect([...new Set(all)].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: end }, (_, at) => at + 1),
    )
    // In order: whoever reads goes on behind something that was applied, never further.
    let upTo = 0
    for (const position of all) {
      expect(position).toBeLessThanOrEqual(upTo + 1)
      upTo = Math.max(upTo, position)
    }
  }
  expect(third.exitCode).toBeNull()
})
