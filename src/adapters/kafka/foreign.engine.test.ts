// Topics that others fill: read as far as they are committed, and by those of a group who read them.
import { Producer } from '@platformatic/kafka'
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { foreignTopic } from '../../core/policy/foreign-topic.ts'
import { clientOptions, parseKafkaUrl } from './connection.ts'
import { makeTopics } from './topics.ts'

const stack = kafkaStack()
/** More than one answer of a broker has of a partition. */
const PIECES = 6
const PIECE_BYTES = 300_000
const within = { timeout: 30_000, interval: 50 }

test('of transactions that were aborted nothing is read, of those that were committed all', async () => {
  const options = stack().ownLog()
  const address = parseKafkaUrl(options.url)
  const topic = `${address.prefix}.login`
  const base = clientOptions(address, 'test')
  await makeTopics(base, { rejects: topic }, { partitions: 1, replicas: null }, 'here')
  const producer = new Producer({ ...base, idempotent: true, transactionalId: address.prefix })
  const write = async (name: string, end: 'commit' | 'abort'): Promise<void> => {
    const transaction = await producer.beginTransaction({})
    for (let piece = 0; piece < PIECES; piece++) {
      const said = { id: `${name}${piece}`, visitor: name, padding: 'x'.repeat(PIECE_BYTES) }
      const value = Buffer.from(JSON.stringify(said))
      await transaction.send({ messages: [{ topic, value, partition: 0 }] })
    }
    await transaction[end]()
  }
  await write('first', 'abort')
  await write('second', 'commit')
  await write('third', 'abort')
  await write('fourth', 'abort')
  await write('last', 'commit')
  await producer.close()

  const fields = { anonymousId: 'visitor', messageId: 'id' }
  const foreign = [foreignTopic.parse({ topic, event: 'Signed In', fields })]
  const log = await stack().open({ ...options, foreign })
  const reader = await log.readAll({ startAt: () => Promise.resolve(0), parts: ['foreign'] })
  const ids: string[] = []
  while (!ids.includes(`last${PIECES - 1}`)) {
    const delivered = await reader.next({ recordsMax: 100, waitMs: 20_000 })
    expect(delivered).not.toEqual([])
    for (const { records } of delivered)
      for (const record of records) if (record.kind === 'message') ids.push(record.fact.id)
  }
  const all = (name: string) => Array.from({ length: PIECES }, (_, piece) => `${name}${piece}`)
  expect(ids).toEqual([...all('second'), ...all('last')])
})

test('a topic that not all of a group read goes to those who do, whoever deals', async () => {
  for (const first of ['with', 'without'] as const) {
    const options = { ...stack().ownLog(), sessionMs: 6_000 }
    const address = parseKafkaUrl(options.url)
    const topic = `${address.prefix}.login`
    const base = clientOptions(address, 'test')
    await makeTopics(base, { changes: topic }, { partitions: 4, replicas: null }, 'here')
    const foreign = [foreignTopic.parse({ topic, event: 'Signed In', fields: { userId: 'id' } })]
    const plain = await stack().open(options)
    const mapped = await stack().open({ ...options, foreign })
    const startAt = () => Promise.resolve(0)
    const leader = await (first === 'with' ? mapped : plain).share('g', { startAt })
    await expect.poll(() => leader.sources().length, within).toBeGreaterThan(0)
    const other = await (first === 'with' ? plain : mapped).share('g', { startAt })
    const [reader, stranger] = first === 'with' ? [leader, other] : [other, leader]
    const foreignOf = (one: typeof reader) =>
      one.sources().filter((source) => source.startsWith('foreign:'))
    await expect.poll(() => foreignOf(reader).length, within).toBe(4)
    await expect.poll(() => stranger.sources().length, within).toBeGreaterThan(0)
    expect(foreignOf(stranger)).toEqual([])
    const all = [...reader.sources(), ...stranger.sources()]
    expect(all.filter((source) => source.startsWith('events/')).toSorted()).toEqual(
      Array.from({ length: 8 }, (_, partition) => `events/${partition}`),
    )
    await Promise.all([plain.close(), mapped.close()])
  }
})
