// The broker is killed under load: nothing acknowledged is lost, nothing is doubled, order stays; and what is down is told.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { SharedReading } from '../../ports/shared-log.ts'
import type { StoreError } from '../../ports/store-error.ts'
import { openChangeTopics } from './change-topics.ts'
import { openKafkaLog } from './shared-log.ts'

const stack = kafkaStack()

async function failure(work: Promise<unknown>): Promise<StoreError> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (cause: unknown) => cause as StoreError,
  )
}

interface Followed {
  /** By id, the places it was read at. */
  readonly read: ReadonlyMap<string, readonly string[]>
  readonly stop: () => Promise<void>
}

/** Reads on and on; nothing may be left out, and nothing comes out of order. */
function followed(reader: SharedReading): Followed {
  const read = new Map<string, string[]>()
  const order = new Map<string, number>()
  const stopping = new AbortController()
  const reading = (async () => {
    while (!stopping.signal.aborted) {
      const delivered = await reader.next({ recordsMax: 500, waitMs: 200 }).catch(() => [])
      for (const { source, records } of delivered) {
        for (const record of records) {
          const last = order.get(source) ?? 0
          // A group whose session ran out meanwhile begins again.
          if (record.position <= last) continue
          expect(record.position).toBe(last + 1)
          order.set(source, record.position)
          const id = record.kind === 'message' ? record.fact.id : record.id
          read.set(id, [...(read.get(id) ?? []), `${source} ${record.position}`])
        }
      }
    }
  })()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await reading
  }
  return { read, stop }
}

test('a broker that is killed and comes back loses and doubles nothing', async () => {
  const options = { ...stack().ownLog(), sendMsMax: 60_000 }
  const log = await stack().open(options)
  const subject = { account: options.account, digest: sha256 }
  const acknowledged: { readonly id: string; readonly at: string }[] = []
  const sending = new AbortController()
  const producers = [0, 1, 2].map(async (producer) => {
    for (let sent = 0; !sending.signal.aborted; sent++) {
      const records = Array.from({ length: 20 }, (_, at) =>
        sampleMessage(subject, `${producer}-${sent}-${at}`, { cookie: `${producer} ${at % 9}` }),
      )
      const placed = await log.append(records)
      for (const [at, { source, position }] of placed.entries()) {
        acknowledged.push({ id: records[at]!.fact.id, at: `${source} ${position}` })
      }
    }
  })
  const everything = { startAt: () => Promise.resolve(0), parts: ['events'] as const }
  const followers = [await log.readAll(everything), await log.share('g', everything)].map(followed)
  for (const pause of [700, 1_100]) {
    await sleep(pause)
    await stack().kafka.kill()
    await sleep(500)
    await stack().kafka.restart()
  }
  await sleep(1_000)
  sending.abort()
  await Promise.all(producers)
  const count = acknowledged.length
  expect(count).toBeGreaterThan(500)
  for (const { read, stop } of followers) {
    await expect.poll(() => read.size, { timeout: 60_000 }).toBeGreaterThanOrEqual(count)
    await sleep(500)
    await stop()
    expect(read.size).toBe(count)
    for (const { id, at } of acknowledged) expect(read.get(id)).toEqual([at])
  }
})

test('an append to a broker that is away fails in time, and says that it can be tried again', async () => {
  const options = { ...stack().ownLog(), sendMsMax: 700 }
  const log = await stack().open(options)
  const record = sampleMessage({ account: options.account, digest: sha256 }, 'm1')
  await log.append([record])
  const reader = await log.readAll({ startAt: () => Promise.resolve(1), parts: ['events'] })
  await stack().kafka.kill()
  const error = await failure(log.append([record]))
  expect(error).toMatchObject({ name: 'StoreError', code: 'unavailable', retryable: true })
  expect(error.message).toBe('Kafka: writing took longer than 700 ms.')
  const unread = await failure(
    (async () => {
      for (let turn = 0; turn < 20; turn++) await reader.next({ recordsMax: 1, waitMs: 500 })
    })(),
  )
  expect(unread).toMatchObject({ name: 'StoreError', code: 'unavailable', retryable: true })
  await stack().kafka.restart()
  await expect
    .poll(
      () =>
        log.append([record]).then(
          () => 'written',
          () => 'not',
        ),
      { timeout: 60_000 },
    )
    .toBe('written')
})

test('a log whose registry or broker is down is not opened, and says which', async () => {
  const options = stack().ownLog()
  const registry = 'http://user:secret@127.0.0.1:9/'
  const url = 'kafka://user:secret@127.0.0.1:9'
  for (const open of [openKafkaLog, openChangeTopics]) {
    const noRegistry = await failure(open({ ...options, registry }))
    expect(noRegistry).toMatchObject({ code: 'unavailable', retryable: true })
    expect(noRegistry.message).toBe(
      'The schema registry at http://127.0.0.1:9 does not answer: is it running, and is its URL right?',
    )
    const noBroker = await failure(open({ ...options, url }))
    expect(noBroker).toMatchObject({ code: 'unavailable', retryable: true })
    expect(noBroker.message).toContain('Kafka at kafka://127.0.0.1:9, making the topics: ')
    expect(noBroker.message).not.toContain('secret')
  }
})
