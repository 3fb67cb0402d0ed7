// The topics that tell of changes: changes and profiles under the profile's id, rejects.
// Invariant: a change record says up to where all were published before it, so nothing is left out after a crash.

import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, type BaseOptions } from '@platformatic/kafka'
import type {
  ChangeTopics,
  PublishedChange,
  PublishedProfile,
  Told,
} from '../../ports/change-topics.ts'
import type { Poisoned } from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { clientOptions, parseKafkaUrl, parseRegistryUrl, type KafkaAddress } from './connection.ts'
import type { Place, RawRecord } from './decode.ts'
import { avroOfIdentifier } from './event-codec.ts'
import { kafkaError, lateError } from './failures.ts'
import { Fetcher } from './fetcher.ts'
import { HeldSource } from './held-source.ts'
import { outgoing, registerTopic, type OwnTopic } from './own-topic.ts'
import { createRegistry, type SchemaRegistry } from './registry.ts'
import { readerOf } from './schemas.ts'
import { Sender, type Outgoing } from './sender.ts'
import { makeTopics, partitionsOf, placeOf, topicNames, type TopicNames } from './topics.ts'
import { HEAD_BYTES, schemaIdOf } from './wire.ts'

export interface ChangeTopicsOptions {
  /** As for the log. */
  readonly url: string
  readonly registry: string
  readonly account: string
  /** Of topics that are made. */
  readonly partitions?: number
  readonly replicas?: number | null
  /** Longest time of one call, ms. */
  readonly sendMsMax?: number
}

const PARTITIONS = 8
const SEND_MS_MAX = 30_000
const PREFETCH_BYTES_MAX = 16 << 20
const POLL_MS = 10
/** What is kept of a reject. */
const RAW_BYTES_MAX = 1_000_000

interface AvroChange extends PublishedChange {
  readonly publishedUpTo: number
}

interface Parts {
  readonly options: ChangeTopicsOptions
  readonly address: KafkaAddress
  readonly base: BaseOptions
  readonly names: TopicNames
  readonly registry: SchemaRegistry
  readonly own: Readonly<Record<'rejects' | 'changes' | 'profiles', OwnTopic>>
  readonly partitions: ReadonlyMap<string, number>
}

/** Opens the topics: registers their schemas, makes those that are missing. @throws {StoreError} as the log does */
export async function openChangeTopics(options: ChangeTopicsOptions): Promise<ChangeTopics> {
  const address = parseKafkaUrl(options.url)
  const registry = createRegistry(parseRegistryUrl(options.registry))
  const names = topicNames(address.prefix, options.account)
  const { rejects, changes, profiles } = names
  const own = {
    rejects: await registerTopic(registry, 'reject', rejects),
    changes: await registerTopic(registry, 'change', changes),
    profiles: await registerTopic(registry, 'profile', profiles),
  }
  const base = clientOptions(address, `selfsame-${options.account}`)
  const sizes = { partitions: options.partitions ?? PARTITIONS, replicas: options.replicas ?? null }
  await makeTopics(base, { rejects, changes, profiles }, sizes, address.shown)
  const partitions = await partitionsOf(base, [rejects, changes, profiles], address.shown)
  return new KafkaChangeTopics({ options, address, base, names, registry, own, partitions })
}

class KafkaChangeTopics implements ChangeTopics {
  readonly #parts: Parts
  readonly #sender: Sender
  readonly #sendMsMax: number

  constructor(parts: Parts) {
    this.#parts = parts
    const { base, options, address, partitions } = parts
    this.#sendMsMax = options.sendMsMax ?? SEND_MS_MAX
    const sendMsMax = this.#sendMsMax
    this.#sender = new Sender({ options: base, partitions, sendMsMax, shown: address.shown })
  }

  async publish(
    changes: readonly PublishedChange[],
    profiles: ReadonlyMap<string, PublishedProfile | null>,
  ): Promise<void> {
    const { own } = this.#parts
    const publishedUpTo = (changes[0]?.sequence ?? 1) - 1
    const records: Outgoing[] = changes.map((change) =>
      outgoing(own.changes, Buffer.from(change.profile), { ...change, publishedUpTo }),
    )
    for (const [id, state] of profiles) {
      const value = state === null ? null : avroOfProfile(state)
      records.push(outgoing(own.profiles, Buffer.from(id), value))
    }
    await this.#sender.send(records)
  }

  async reject(poisoned: readonly Poisoned[]): Promise<void> {
    const { own, names } = this.#parts
    await this.#sender.send(
      poisoned.map((one) => {
        const { topic, partition } = placeOf(names, one.source)
        const { reason, at } = one
        const whole = (one.raw?.length ?? 0) <= RAW_BYTES_MAX
        const detail = whole ? one.detail : `${one.detail} (its first ${RAW_BYTES_MAX} bytes)`
        const raw = one.raw === null ? null : Buffer.from(one.raw.subarray(0, RAW_BYTES_MAX))
        const value = { topic, partition, offset: one.position - 1, reason, detail, at, raw }
        return outgoing(own.rejects, Buffer.from(`${topic}/${partition}`), value)
      }),
    )
  }

  async last(): Promise<Told | null> {
    let latest: RawRecord | null = null
    const changes: AvroChange[] = []
    let epoch = ''
    for (const record of await this.#lastRecords()) {
      const change = await this.#changeOf(record)
      changes.push(change)
      if (latest === null || record.at >= latest.at) {
        latest = record
        epoch = change.epoch
      }
    }
    if (latest === null) return null
    const told = changes.filter((change) => change.epoch === epoch)
    return { epoch, sequence: Math.max(...told.map((change) => change.publishedUpTo)) }
  }

  async close(): Promise<void> {
    await this.#sender.close()
  }

  async #changeOf({ value }: RawRecord): Promise<AvroChange> {
    const { registry, own } = this.#parts
    const id = schemaIdOf(value)
    const text = id === null ? null : await registry.schemaOf(id)
    try {
      if (value === null || text === null) throw new Error('it has no schema')
      return readerOf(own.changes.schema, text)(value.subarray(HEAD_BYTES)) as AvroChange
    } catch (cause) {
      const message = `${own.changes.topic} ends with a record that is no change: nobody else may write there.`
      throw new StoreError('corrupt', message, { retryable: false, cause })
    }
  }

  /** The last record of every partition of the changes that has one. */
  async #lastRecords(): Promise<readonly RawRecord[]> {
    const { topic } = this.#parts.own.changes
    const { base, address } = this.#parts
    const lister = new Consumer({ ...base, retries: 3, groupId: 'selfsame-listing' })
    let ends: readonly bigint[] = []
    try {
      const offsets = await lister.listOffsets({ topics: [topic] })
      ends = offsets.get(topic) ?? []
    } catch (cause) {
      throw kafkaError(cause, address.shown, 'asking for the end of the changes')
    } finally {
      await lister.close(true)
    }
    const sources = ends.flatMap((end, partition) => {
      if (end === 0n) return []
      const source = new HeldSource<Place>({ source: `changes/${partition}`, topic, partition })
      source.seek(Number(end) - 1)
      return [source]
    })
    return this.#fetched(sources)
  }

  async #fetched(sources: readonly HeldSource<Place>[]): Promise<readonly RawRecord[]> {
    const { base, address, own } = this.#parts
    const fetcher = new Fetcher({
      options: base,
      topics: [own.changes.topic],
      prefetchBytesMax: PREFETCH_BYTES_MAX,
      shown: address.shown,
      sources: () => sources,
      onChange: () => undefined,
    })
    const until = Date.now() + this.#sendMsMax
    try {
      fetcher.pump()
      while (!sources.every((source) => source.hasMore())) {
        const failure = sources.find((source) => source.failure !== null)?.failure ?? null
        if (failure !== null) throw failure
        if (Date.now() > until) {
          throw fetcher.trouble ?? lateError(this.#sendMsMax, 'reading the end of the changes')
        }
        await sleep(POLL_MS)
      }
      return sources.flatMap((source) => source.peek(1).records)
    } finally {
      await fetcher.close()
    }
  }
}

function avroOfProfile({ members, ...state }: PublishedProfile): unknown {
  return { ...state, members: members.map(avroOfIdentifier) }
}
