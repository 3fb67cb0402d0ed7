// How the schemas may evolve: old and new understand each other, and what would break readers is refused beforehand.
import { Producer } from '@platformatic/kafka'
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import { StoreError } from '../../ports/store-error.ts'
import { boundedType } from './bounded-types.ts'
import { clientOptions, parseKafkaUrl, parseRegistryUrl } from './connection.ts'
import { avroOfMessage } from './event-codec.ts'
import { createRegistry } from './registry.ts'
import { ownSchema } from './schemas.ts'
import { makeTopics, partitionsOf } from './topics.ts'
import { framed } from './wire.ts'

const stack = kafkaStack()

interface Schema {
  readonly fields: readonly { readonly name: string }[]
}

const now = JSON.parse(ownSchema('event').text) as Schema
/** As a version before `historical` and `site` would have had it. */
const earlier = {
  ...now,
  fields: now.fields.filter(({ name }) => name !== 'historical' && name !== 'site'),
}
/** As a later version may have it: one field more, with a default. */
const later = {
  ...now,
  fields: [
    { name: 'consent', type: { type: 'array', items: 'string' }, default: [] },
    ...now.fields,
  ],
}

test.each([
  ['an earlier', earlier],
  ['a later', later],
])('what %s version wrote is read', async (_name, written) => {
  const options = stack().ownLog()
  const address = parseKafkaUrl(options.url)
  const topic = `${address.prefix}.default.events`
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const base = clientOptions(address, 'test')
  // The other version was there first, or comes beside ours.
  const first = await registry.register(`${topic}-value`, JSON.stringify(earlier))
  const log = await stack().open(options)
  const id = await registry.register(`${topic}-value`, JSON.stringify(written))
  expect(written === earlier).toBe(id === first)
  const message = sampleMessage({ account: 'default', digest: sha256 }, 'm1', { email: 'e' })
  const value = framed(id, boundedType(written), { ...avroOfMessage(message), consent: ['ads'] })
  const producer = new Producer(base)
  await producer.send({ messages: [{ topic, value, partition: 0 }], acks: -1 })
  await producer.close()
  const reader = await log.readAll({ startAt: () => Promise.resolve(0), parts: ['events'] })
  const delivered = await reader.next({ recordsMax: 10, waitMs: 20_000 })
  expect(delivered.flatMap(({ poisoned }) => poisoned)).toEqual([])
  expect(delivered.flatMap(({ records }) => records)).toEqual([{ ...message, position: 1 }])
  // An earlier version that is started again finds its own schema, though ours is registered since.
  expect(await registry.register(`${topic}-value`, JSON.stringify(earlier))).toBe(first)
})

test('an incompatible schema is refused before anything is written', async () => {
  const options = stack().ownLog()
  const address = parseKafkaUrl(options.url)
  const topic = `${address.prefix}.default.events`
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const theirs = { ...now, fields: [{ name: 'body', type: 'bytes' }] }
  await registry.register(`${topic}-value`, JSON.stringify(theirs))
  const refused = await stack()
    .open(options)
    .catch((cause: unknown) => cause)
  expect(refused).toBeInstanceOf(StoreError)
  expect(refused).toMatchObject({ code: 'newer_version', retryable: false })
  expect((refused as StoreError).message).toBe(
    `The schema registry at ${stack().registry.url} refuses the schema of ${topic}-value: it cannot read what was ` +
      'written there before. Nothing was written. Use a version of Selfsame that fits the topic, or another prefix ' +
      'in the URL of the log.',
  )
  const asked = partitionsOf(clientOptions(address, 'test'), [topic], address.shown)
  await expect(asked).rejects.toThrow('asking for the topics')
})

test('topics that are there stay as they are', async () => {
  const options = stack().ownLog()
  const address = parseKafkaUrl(options.url)
  const base = clientOptions(address, 'test')
  const topic = `${address.prefix}.default.events`
  await makeTopics(base, { events: topic }, { partitions: 3, replicas: 1 }, address.shown)
  const log = await stack().open(options)
  const sources = [...(await log.ends()).keys()]
  expect(sources).toEqual(['events/0', 'events/1', 'events/2', 'decisions/0'])
})
