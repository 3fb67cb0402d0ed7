// Changes and profiles reach others; after a crash it is known from where on to tell them again.
import { expect, test } from 'vitest'

import { Consumer } from '@platformatic/kafka'
import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { sha256 } from '../../../test/extraction.ts'
import type { PublishedChange, PublishedProfile } from '../../ports/change-topics.ts'
import { openChangeTopics } from './change-topics.ts'
import { clientOptions, parseKafkaUrl } from './connection.ts'
import { ownSchema, type SchemaName } from './schemas.ts'
import { HEAD_BYTES } from './wire.ts'

const stack = kafkaStack()

function change(sequence: number, epoch = 'e1'): PublishedChange {
  const profile = `prf_${sequence % 13}`
  const revision = Math.floor(sequence / 13) + 1
  return { epoch, sequence, event: 'updated', profile, revision, from: ['x'], at: 5, reason: 'r' }
}

function changes(from: number, to: number, epoch = 'e1'): readonly PublishedChange[] {
  return Array.from({ length: to - from + 1 }, (_, at) => change(from + at, epoch))
}

const profile: PublishedProfile = {
  id: 'prf_1',
  epoch: 'e1',
  asOf: 40,
  founder: sha256('x'),
  revision: 3,
  kind: 'person',
  state: 'provisional',
  size: 1,
  weakest: 17,
  redirect: null,
  members: [{ key: sha256('x'), type: 'cookie', namespace: '', value: 'c1' }],
}

interface Seen {
  readonly key: string
  readonly partition: number
  readonly value: unknown
}

async function seen(url: string, part: SchemaName, topic: string, count: number): Promise<Seen[]> {
  const consumer = new Consumer({ ...clientOptions(parseKafkaUrl(url), 'test'), groupId: topic })
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false })
  const { type } = ownSchema(part)
  const all: Seen[] = []
  for await (const { key, partition, value } of stream) {
    // The client's word for no value at all.
    const body = value as Buffer | undefined
    const read: unknown = body === undefined ? null : type.fromBuffer(body.subarray(HEAD_BYTES))
    all.push({ key: String(key), partition, value: read })
    if (all.length === count) break
  }
  await consumer.close(true)
  return all
}

test('each profile has its changes in order in one partition, and its state under its id', async () => {
  const options = stack().ownLog()
  const topics = await openChangeTopics(options)
  expect(await topics.last()).toBeNull()
  await topics.publish(changes(1, 40), new Map([['prf_1', profile]]))
  await topics.publish(changes(41, 80), new Map([['prf_1', null]]))
  expect(await topics.last()).toEqual({ epoch: 'e1', sequence: 40 })
  const { prefix } = parseKafkaUrl(options.url)
  const told = await seen(options.url, 'change', `${prefix}.default.changes`, 80)
  for (let id = 0; id < 13; id++) {
    const its = told.filter(({ key }) => key === `prf_${id}`)
    const sequences = its.map(({ value }) => (value as PublishedChange).sequence)
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    expect(new Set(its.map(({ partition }) => partition)).size).toBe(1)
  }
  const first = told.find(({ value }) => (value as PublishedChange).sequence === 41)
  expect(first!.value).toEqual({ ...change(41), publishedUpTo: 40 })
  const states = await seen(options.url, 'profile', `${prefix}.default.profiles`, 2)
  expect(states).toMatchObject([
    { key: 'prf_1', value: { id: 'prf_1', state: 'provisional', members: [{ value: 'c1' }] } },
    { key: 'prf_1', value: null },
  ])
  await topics.close()
})

test('the latest epoch counts, over restarts', async () => {
  const options = stack().ownLog()
  const topics = await openChangeTopics(options)
  await topics.publish(changes(1, 100), new Map())
  await topics.publish(changes(1, 3, 'e2'), new Map())
  await topics.close()
  const again = await openChangeTopics(options)
  expect(await again.last()).toEqual({ epoch: 'e2', sequence: 0 })
  await again.publish(changes(4, 5, 'e2'), new Map())
  expect(await again.last()).toEqual({ epoch: 'e2', sequence: 3 })
  await again.publish([], new Map([['prf_2', profile]]))
  expect(await again.last()).toEqual({ epoch: 'e2', sequence: 3 })
  await again.close()
})

test('what was told as of later than is shared with its epoch is found, by what was told last', async () => {
  const options = stack().ownLog()
  const topics = await openChangeTopics(options)
  const told = (id: string, epoch: string, asOf: number) =>
    [id, { ...profile, id, epoch, asOf }] as const
  const many = Array.from({ length: 2_500 }, (_, at) => told(`many_${at}`, 'e1', 20 + at))
  const beyond = async (shared: Readonly<Record<string, number>>) =>
    topics.toldBeyond((epoch) => Promise.resolve(shared[epoch] ?? 0))
  expect(await beyond({})).toEqual(new Map())
  await topics.publish(changes(1, 80), new Map([told('a', 'e1', 10), told('b', 'e1', 12)]))
  await topics.publish(changes(81, 90), new Map(many))
  await topics.publish([], new Map([told('a', 'e1', 3_000)]))
  // Told again, since the graph has gone back to 15; there was no change of it yet.
  await topics.publish([], new Map([told('a', 'e2', 15), told('many_1', 'e2', 15)]))
  await topics.publish([], new Map([['gone', null]]))

  expect([...(await beyond({ e1: 9_999, e2: 9_999 })).keys()]).toEqual(['gone'])
  const lost = await beyond({ e1: 2_500, e2: Infinity })
  const ids = many.slice(2_481).map(([id]) => id)
  expect([...lost.keys()].toSorted()).toEqual([...ids, 'gone'].toSorted())
  expect(lost.get('many_2490')).toEqual(told('many_2490', 'e1', 2_510)[1])
  expect(lost.get('gone')).toBeNull()
  // All of it, though it goes far back.
  const all = await beyond({ e1: 11, e2: Infinity })
  expect(all.size).toBe(2_500 - 1 + 2)
  expect([all.has('a'), all.has('b'), all.has('many_1')]).toEqual([false, true, false])
  await topics.close()
})

test('a reject that is very large is cut', async () => {
  const options = stack().ownLog()
  const topics = await openChangeTopics(options)
  const raw = new Uint8Array(1_500_000).fill(7)
  const place = { source: 'foreign:shop.login/2', position: 6, at: 9 }
  await topics.reject([{ ...place, reason: 'not_json', detail: 'it is no JSON', raw }])
  const { prefix } = parseKafkaUrl(options.url)
  const [one] = await seen(options.url, 'reject', `${prefix}.default.rejects`, 1)
  expect(one!.value).toMatchObject({
    topic: 'shop.login',
    partition: 2,
    offset: 5,
    detail: 'it is no JSON (its first 1000000 bytes)',
    raw: Buffer.alloc(1_000_000, 7),
  })
  await topics.close()
})
