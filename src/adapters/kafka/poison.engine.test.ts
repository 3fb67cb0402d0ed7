// What cannot be understood is told with its reason and place, and stops nothing; rejects get it.
import { Producer } from '@platformatic/kafka'
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { Delivered, SharedReading } from '../../ports/shared-log.ts'
import { foreignTopic } from '../../core/policy/foreign-topic.ts'
import { boundedType } from './bounded-types.ts'
import { openChangeTopics } from './change-topics.ts'
import { clientOptions, parseKafkaUrl, parseRegistryUrl } from './connection.ts'
import { createRegistry } from './registry.ts'
import { ownSchema } from './schemas.ts'
import { makeTopics } from './topics.ts'
import { framed } from './wire.ts'

const stack = kafkaStack()

interface Sent {
  readonly topic: string
  readonly value: Buffer | null
}

async function send(url: string, values: readonly Sent[]): Promise<void> {
  const producer = new Producer(clientOptions(parseKafkaUrl(url), 'test'))
  const messages = values.map(({ topic, value }) => ({ topic, value: value!, partition: 0 }))
  await producer.send({ messages, acks: -1 })
  await producer.close()
}

async function readAll(reader: SharedReading, count: number): Promise<readonly Delivered[]> {
  const all: Delivered[] = []
  const size = () =>
    all.reduce((sum, { records, poisoned }) => sum + records.length + poisoned.length, 0)
  while (size() < count) {
    const delivered = await reader.next({ recordsMax: 100, waitMs: 20_000 })
    if (delivered.length === 0) break
    all.push(...delivered)
  }
  return all
}

test('poison comes with reason and place, what is around it comes as ever, and rejects keep it', async () => {
  const options = stack().ownLog()
  const log = await stack().open(options)
  const { prefix } = parseKafkaUrl(options.url)
  const topic = `${prefix}.default.events`
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const own = ownSchema('event')
  const id = await registry.register(`${topic}-value`, own.text)
  const other = await registry.register(`${prefix}.other-value`, JSON.stringify({ type: 'long' }))
  const event = (raw: unknown, more: object = {}): Buffer =>
    framed(id, own.type, {
      raw: typeof raw === 'string' ? raw : JSON.stringify(raw),
      messageId: null,
      site: null,
      historical: false,
      fact: null,
      ...more,
    })
  const whole = event({ type: 'track', event: 'Signed In', anonymousId: 'c1', messageId: 'm1' })
  // A list that claims to have more entries than there are stars, where the bytes end.
  const endless = Buffer.concat([
    event('x').subarray(0, -1),
    Buffer.from([2, 4, 2, 97, 2, 97, 2, 97, 2, 97, 2, 97, 2, 2]),
    Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]),
  ])
  const values: readonly (Buffer | null)[] = [
    whole,
    null,
    Buffer.from('hello there'),
    Buffer.from([0, 0, 0, 1]),
    Buffer.concat([Buffer.from([0, 127, 0, 0, 1]), Buffer.from('x')]),
    framed(other, boundedType('long'), 7),
    whole.subarray(0, 20),
    Buffer.concat([whole, Buffer.from('more')]),
    endless,
    event('{"no json'),
    event({ type: 'track', event: 'Signed In' }),
    event({ type: 'dance', anonymousId: 'c1' }),
    event(
      { type: 'page', anonymousId: 'c2' },
      { messageId: 'beside', site: 'shop', historical: true },
    ),
  ]
  await send(
    options.url,
    values.map((value) => ({ topic, value })),
  )
  const reader = await log.readAll({ startAt: () => Promise.resolve(0), parts: ['events'] })
  const delivered = await readAll(reader, values.length)
  const poisoned = delivered.flatMap((one) => one.poisoned)
  expect(poisoned.map(({ reason, position }) => `${position} ${reason}`)).toEqual([
    '2 not_framed',
    '3 not_framed',
    '4 not_framed',
    '5 unknown_schema',
    '6 foreign_schema',
    '7 bad_avro',
    '8 bad_avro',
    '9 bad_avro',
    '10 not_json',
    '11 no_identity',
    '12 unknown_type',
  ])
  const facts = delivered.flatMap(({ records }) =>
    records.map((record) => (record.kind === 'message' ? record.fact : null)),
  )
  expect(facts).toMatchObject([
    { id: 'm1', site: 'default', account: 'default' },
    { id: 'beside', site: 'shop' },
  ])
  expect(delivered.at(-1)).toMatchObject({ source: 'events/0', upTo: 13, end: 13 })

  const factsReader = await log.readAll({ startAt: () => Promise.resolve(0), factsOnly: true })
  const again = await readAll(factsReader, values.length)
  expect(again.flatMap((one) => one.poisoned)).toEqual(poisoned)
  expect(again.flatMap(({ records }) => records)).toEqual(
    delivered.flatMap(({ records }) => records),
  )

  const topics = await openChangeTopics(options)
  await topics.reject(poisoned)
  await topics.close()
  const rejects = await log.ends()
  expect(rejects.get('events/0')).toBe(13)
})

test('a fact that contradicts itself, or of another account, is poison', async () => {
  const options = stack().ownLog()
  const mine = await stack().open(options)
  const record = sampleMessage({ account: 'other', digest: sha256 }, 'm1', { email: 'e' })
  const own = sampleMessage({ account: 'default', digest: sha256 }, 'm2', { email: 'e' })
  const [edge] = own.fact.edges
  const wrong = { ...own, fact: { ...own.fact, edges: [{ ...edge!, to: 2 }] } }
  await mine.append([record, wrong, own])
  const reader = await mine.readAll({ startAt: () => Promise.resolve(0), parts: ['events'] })
  const delivered = await readAll(reader, 3)
  const poisoned = delivered.flatMap((one) => one.poisoned)
  expect(poisoned.map(({ reason, detail }) => `${reason}: ${detail}`).toSorted()).toEqual([
    'bad_fact: an edge to an identifier that is not there',
    'bad_fact: it is of another account',
  ])
  expect(delivered.flatMap(({ records }) => records)).toMatchObject([{ fact: { id: 'm2' } }])
})

test('topics that others fill are read by their mapping, JSON and Avro alike', async () => {
  const options = stack().ownLog()
  const { prefix } = parseKafkaUrl(options.url)
  const [login, purchase] = [`${prefix}.login`, `${prefix}.purchase`]
  const base = clientOptions(parseKafkaUrl(options.url), 'test')
  const sizes = { partitions: 1, replicas: null }
  await makeTopics(base, { rejects: login, decisions: purchase }, sizes, 'here')
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const schema = {
    type: 'record',
    name: 'Purchase',
    namespace: 'shop',
    fields: [
      { name: 'visitor', type: 'string' },
      { name: 'mail', type: ['null', 'string'] },
    ],
  }
  const id = await registry.register(`${purchase}-value`, JSON.stringify(schema))
  const foreign = [
    foreignTopic.parse({
      topic: login,
      event: 'Signed In',
      site: 'shop',
      fields: { anonymousId: 'visitor.id', userId: 'user' },
    }),
    foreignTopic.parse({
      topic: purchase,
      format: 'avro',
      event: 'Order Completed',
      fields: { anonymousId: 'visitor', 'traits.email': 'mail' },
    }),
  ]
  await send(options.url, [
    { topic: login, value: Buffer.from(JSON.stringify({ visitor: { id: 'c1' }, user: 7 })) },
    { topic: login, value: Buffer.from('[]') },
    {
      topic: purchase,
      value: framed(id, boundedType(schema), { visitor: 'c2', mail: 'ana@example.com' }),
    },
  ])
  const log = await stack().open({ ...options, foreign })
  const reader = await log.readAll({ startAt: () => Promise.resolve(0), parts: ['foreign'] })
  const delivered = await readAll(reader, 3)
  const facts = delivered.flatMap(({ records }) =>
    records.map((record) => (record.kind === 'message' ? record.fact : null)),
  )
  expect(facts.toSorted((a, b) => (a!.id < b!.id ? -1 : 1))).toMatchObject([
    { id: `${login}/0/0`, site: 'shop', edges: [{ kind: 'login' }] },
    { id: `${purchase}/0/0`, site: 'default', edges: [{ kind: 'checkout' }] },
  ])
  const [broken] = delivered.flatMap(({ poisoned }) => poisoned)
  expect(broken).toMatchObject({
    source: `foreign:${login}/0`,
    position: 2,
    reason: 'not_an_object',
  })
})
