// A topic of Avro records as anybody outside reads it: from its beginning, on and on, over everything that happens to the broker.
// Invariant: every record is kept once, in the order of its partition.
import { setTimeout as sleep } from 'node:timers/promises'

import { Consumer } from '@platformatic/kafka'

import { clientOptions, parseKafkaUrl } from '../../../src/adapters/kafka/connection.ts'
import { ownSchema, type SchemaName } from '../../../src/adapters/kafka/schemas.ts'
import { HEAD_BYTES } from '../../../src/adapters/kafka/wire.ts'

export interface FollowedRecord<T> {
  readonly key: string
  readonly partition: number
  readonly offset: number
  /** Null for a tombstone. */
  readonly value: T | null
}

export interface FollowedTopic<T> {
  readonly records: readonly FollowedRecord<T>[]
  /** Resolves when it has read all that the topic has now. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

const AGAIN_MS = 200
const LOOK_MS = 20
const CATCH_UP_MS_MAX = 60_000

/** @param name of the topic behind prefix and account, such as `changes` */
export function followTopic<T>(url: string, schema: SchemaName, name: string): FollowedTopic<T> {
  const following = new Following<T>(url, schema, name)
  void following.run()
  return following
}

class Following<T> implements FollowedTopic<T> {
  readonly records: FollowedRecord<T>[] = []
  readonly #url: string
  readonly #schema: SchemaName
  readonly #topic: string
  readonly #next = new Map<number, number>()
  #consumer: Consumer | null = null
  #isStopped = false

  constructor(url: string, schema: SchemaName, name: string) {
    this.#url = url
    this.#schema = schema
    this.#topic = `${parseKafkaUrl(url).prefix}.default.${name}`
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#read().catch(() => undefined)
      await this.#consumer?.close(true).catch(() => undefined)
      await sleep(AGAIN_MS)
    }
  }

  async caughtUp(): Promise<void> {
    const until = Date.now() + CATCH_UP_MS_MAX
    const lister = new Consumer({ ...this.#options(), groupId: `${this.#topic}-ends` })
    try {
      const ends = (await lister.listOffsets({ topics: [this.#topic] })).get(this.#topic) ?? []
      while (ends.some((end, partition) => Number(end) > (this.#next.get(partition) ?? 0))) {
        if (Date.now() > until) throw new Error(`${this.#topic} cannot be read to its end`)
        await sleep(LOOK_MS)
      }
    } finally {
      await lister.close(true)
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#consumer?.close(true).catch(() => undefined)
  }

  #options(): ReturnType<typeof clientOptions> {
    return clientOptions(parseKafkaUrl(this.#url), 'follower')
  }

  async #read(): Promise<void> {
    const { type } = ownSchema(this.#schema)
    this.#consumer = new Consumer({ ...this.#options(), groupId: this.#topic })
    const stream = await this.#consumer.consume({
      topics: [this.#topic],
      mode: 'earliest',
      autocommit: false,
    })
    for await (const { key, partition, offset, value } of stream) {
      if (Number(offset) < (this.#next.get(partition) ?? 0)) continue
      this.#next.set(partition, Number(offset) + 1)
      // The client's word for no value at all.
      const body = value as Buffer | undefined
      const read = body === undefined ? null : (type.fromBuffer(body.subarray(HEAD_BYTES)) as T)
      this.records.push({ key: String(key), partition, offset: Number(offset), value: read })
    }
  }
}
