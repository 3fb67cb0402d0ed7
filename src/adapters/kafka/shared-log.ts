// The shared log of one account on Kafka: events and decisions in Avro, beside topics that others fill.
// Invariant: nothing is written before the registry has taken the schemas.

import { Consumer, type BaseOptions } from '@platformatic/kafka'
import type { ForeignTopic } from '../../core/policy/foreign-topic.ts'
import type { LogRecord, Position } from '../../ports/event-log.ts'
import type {
  Placed,
  ReadMessage,
  SharedLog,
  SharedPart,
  SharedReading,
  SharedReadingOptions,
} from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { clientOptions, parseKafkaUrl, parseRegistryUrl, type KafkaAddress } from './connection.ts'
import { Decoder, type Content, type Origin } from './decode.ts'
import { avroOfDecision, avroOfMessage } from './event-codec.ts'
import { kafkaError, within } from './failures.ts'
import { Fetcher } from './fetcher.ts'
import { Membership, type Partition } from './membership.ts'
import { Reading } from './reading.ts'
import { createRegistry, type SchemaRegistry } from './registry.ts'
import { outgoing, registerTopic, type OwnTopic } from './own-topic.ts'
import { Sender, type Outgoing } from './sender.ts'
import { makeTopics, partitionsOf, topicNames } from './topics.ts'

export interface KafkaLogOptions {
  /** `kafka://host:port,host:port/PREFIX`; see `parseKafkaUrl`. */
  readonly url: string
  /** `http(s)://[user:password@]host/path`, whatever stands before `/subjects`. */
  readonly registry: string
  readonly account: string
  /** For messages that came without a fact. */
  readonly readMessage: ReadMessage
  /** Topics that others fill. */
  readonly foreign?: readonly ForeignTopic[]
  /** Of topics that are made. */
  readonly partitions?: number
  /** Copies of each partition of topics that are made; null for the brokers' default. */
  readonly replicas?: number | null
  /** Longest time of an append, ms. */
  readonly sendMsMax?: number
  /** After so long without a sign of life a reader's share goes to the others, ms; brokers take 6,000 or more. */
  readonly sessionMs?: number
  /** Fetched ahead of each reader. */
  readonly prefetchBytesMax?: number
}

const PARTITIONS = 8
const SEND_MS_MAX = 10_000
const SESSION_MS = 10_000
const PREFETCH_BYTES_MAX = 8 << 20
const ANSWER_MS_MAX = 10_000

/** A topic that is read, with what it holds. */
interface Topic {
  readonly topic: string
  /** `events`, `decisions`, `foreign:TOPIC`. */
  readonly name: string
  readonly part: SharedPart
  readonly content: Content
}

/**
 * Opens the log: registers its schemas, makes topics that are missing.
 * @throws {StoreError} when brokers or registry do not answer, or a schema is incompatible with what is in the topic
 * @throws {RangeError} for a URL that is none
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<SharedLog> {
  const address = parseKafkaUrl(options.url)
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const { events, decisions } = topicNames(address.prefix, options.account)
  const own = {
    events: await registerTopic(registry, 'event', events),
    decisions: await registerTopic(registry, 'decision', decisions),
  }
  const base = clientOptions(address, `selfsame-${options.account}`)
  const sizes = { partitions: options.partitions ?? PARTITIONS, replicas: options.replicas ?? null }
  await makeTopics(base, { events, decisions }, sizes, address.shown)
  const topics: Topic[] = [
    topicOf('events', own.events),
    topicOf('decisions', own.decisions),
    ...(options.foreign ?? []).map((rule): Topic => {
      const { topic } = rule
      return {
        topic,
        name: `foreign:${topic}`,
        part: 'foreign',
        content: { kind: 'foreign', rule },
      }
    }),
  ]
  const names = topics.map(({ topic }) => topic)
  const partitions = await partitionsOf(base, names, address.shown)
  return new KafkaLog({ options, address, base, registry, own, topics, partitions })
}

function topicOf(part: 'events' | 'decisions', { schema, topic }: OwnTopic): Topic {
  return { topic, name: part, part, content: { kind: part, own: schema } }
}

interface LogParts {
  readonly options: KafkaLogOptions
  readonly address: KafkaAddress
  readonly base: BaseOptions
  readonly registry: SchemaRegistry
  readonly own: Readonly<Record<'events' | 'decisions', OwnTopic>>
  readonly topics: readonly Topic[]
  readonly partitions: ReadonlyMap<string, number>
}

class KafkaLog implements SharedLog {
  readonly #parts: LogParts
  readonly #sender: Sender
  readonly #lister: Consumer
  readonly #readings = new Set<SharedReading>()
  #closed = false

  constructor(parts: LogParts) {
    this.#parts = parts
    const { base, options, address, partitions } = parts
    const sendMsMax = options.sendMsMax ?? SEND_MS_MAX
    this.#sender = new Sender({ options: base, partitions, sendMsMax, shown: address.shown })
    this.#lister = new Consumer({ ...base, retries: 3, groupId: 'selfsame-listing' })
  }

  async append(records: readonly LogRecord[]): Promise<readonly Placed[]> {
    const sent = await this.#sender.send(records.map((record) => this.#outgoing(record)))
    return sent.map(({ partition, offset }, index) => {
      const name = records[index]?.kind === 'decision' ? 'decisions' : 'events'
      return { source: `${name}/${partition}`, position: offset + 1 }
    })
  }

  async ends(): Promise<ReadonlyMap<string, Position>> {
    this.#assertOpen()
    const { topics, address } = this.#parts
    try {
      const asked = this.#lister.listOffsets({ topics: topics.map(({ topic }) => topic) })
      const offsets = await within(ANSWER_MS_MAX, 'asking for the ends', asked)
      return new Map(
        topics.flatMap(({ topic, name }) =>
          (offsets.get(topic) ?? []).map(
            (end, index) => [`${name}/${index}`, Number(end)] as const,
          ),
        ),
      )
    } catch (cause) {
      throw kafkaError(cause, address.shown, 'asking for the ends')
    }
  }

  async share(group: string, options: SharedReadingOptions): Promise<SharedReading> {
    const { address, base, options: log } = this.#parts
    const topics = this.#topicsFor(options)
    const reading = this.#reading(topics, options)
    const membership = new Membership({
      options: base,
      group: `${address.prefix}.${log.account}.${group}`,
      topics: topics.map(({ topic }) => topic),
      sessionMs: log.sessionMs ?? SESSION_MS,
      shown: address.shown,
      onAssigned: (partitions, kept) => reading.assign(partitions, kept),
    })
    reading.begin(this.#fetcher(topics, reading), membership)
    void membership.join()
    return Promise.resolve(reading)
  }

  async readAll(options: SharedReadingOptions): Promise<SharedReading> {
    const topics = this.#topicsFor(options)
    const reading = this.#reading(topics, options)
    reading.begin(this.#fetcher(topics, reading), null)
    const partitions = topics.flatMap(({ topic }) =>
      Array.from({ length: this.#parts.partitions.get(topic) ?? 0 }, (_, partition) => ({
        topic,
        partition,
      })),
    )
    reading.assign(partitions, false)
    return Promise.resolve(reading)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#readings].map((reading) => reading.close()))
    await this.#sender.close()
    await this.#lister.close(true)
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'The log is closed.', { retryable: false })
  }

  #topicsFor({ parts }: SharedReadingOptions): readonly Topic[] {
    this.#assertOpen()
    return this.#parts.topics.filter(({ part }) => parts === undefined || parts.includes(part))
  }

  #reading(
    topics: readonly Topic[],
    { startAt, factsOnly = false }: SharedReadingOptions,
  ): Reading {
    const { registry, options } = this.#parts
    const { account, readMessage } = options
    const byTopic = new Map(topics.map((one) => [one.topic, one]))
    const originOf = ({ topic, partition }: Partition): Origin => {
      const found = byTopic.get(topic)
      if (found === undefined) throw new RangeError(`the topic ${topic} was not asked for`)
      return { source: `${found.name}/${partition}`, topic, partition, content: found.content }
    }
    const decoder = new Decoder({ registry, account, readMessage, factsOnly })
    const reading = new Reading({ decoder, originOf, startAt })
    this.#readings.add(reading)
    return reading
  }

  #fetcher(topics: readonly Topic[], reading: Reading): Fetcher {
    const { base, options, address } = this.#parts
    return new Fetcher({
      options: base,
      topics: topics.map(({ topic }) => topic),
      prefetchBytesMax: options.prefetchBytesMax ?? PREFETCH_BYTES_MAX,
      shown: address.shown,
      sources: () => reading.heldSources(),
      onChange: () => reading.changed(),
    })
  }

  #outgoing(record: LogRecord): Outgoing {
    const { events, decisions } = this.#parts.own
    if (record.kind === 'decision') {
      return outgoing(decisions, Buffer.from(record.id), avroOfDecision(record))
    }
    const [first] = record.fact.identifiers
    const key = first === undefined ? Buffer.from(record.fact.id) : Buffer.from(first.key, 'hex')
    return outgoing(events, key, avroOfMessage(record))
  }
}
