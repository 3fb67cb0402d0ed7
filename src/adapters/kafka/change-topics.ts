// The topics that tell of changes: changes and profiles under the profile's id, rejects.
// Invariant: a change record says up to where all were published before it, so nothing is left out after a crash.

import type { BaseOptions } from '@platformatic/kafka'
import type {
  ChangeTopics,
  PublishedChange,
  PublishedProfile,
  SharedUpTo,
  Told,
} from '../../ports/change-topics.ts'
import type { Poisoned } from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { clientOptions, parseKafkaUrl, parseRegistryUrl, type KafkaAddress } from './connection.ts'
import type { RawRecord } from './decode.ts'
import { avroOfIdentifier, type AvroIdentifier, identifierOf } from './event-codec.ts'
import { outgoing, registerTopic, type OwnTopic } from './own-topic.ts'
import { createRegistry, type SchemaRegistry } from './registry.ts'
import { readerOf } from './schemas.ts'
import { Sender, type Outgoing } from './sender.ts'
import { makeTopics, partitionsOf, placeOf, topicNames, type TopicNames } from './topics.ts'
import { toldBeyond } from './told-beyond.ts'
import { TopicEnd } from './topic-end.ts'
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
/** What is kept of a reject. */
const RAW_BYTES_MAX = 1_000_000

interface AvroChange extends PublishedChange {
  readonly publishedUpTo: number
}

type AvroProfile = Omit<PublishedProfile, 'members'> & {
  readonly members: readonly AvroIdentifier[]
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
      const change = (await this.#valueOf('changes', record)) as AvroChange
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

  async toldBeyond(sharedUpTo: SharedUpTo): Promise<ReadonlyMap<string, PublishedProfile | null>> {
    const last = await this.last()
    const bounds = new Map<string, number>()
    return toldBeyond({
      end: this.#endOf('profiles'),
      profileOf: async (record) => {
        if (record.value === null) return null
        const avroProfile = (await this.#valueOf('profiles', record)) as AvroProfile
        return { ...avroProfile, members: avroProfile.members.map(identifierOf) }
      },
      sharedUpTo: async (epoch) => {
        const bound = bounds.get(epoch) ?? (await sharedUpTo(epoch))
        bounds.set(epoch, bound)
        return bound
      },
      lastEpoch: last?.epoch ?? null,
    })
  }

  async #valueOf(part: 'changes' | 'profiles', { value }: RawRecord): Promise<unknown> {
    const { registry, own } = this.#parts
    const { schema, topic } = own[part]
    const id = schemaIdOf(value)
    const text = id === null ? null : await registry.schemaOf(id)
    try {
      if (value === null || text === null) throw new Error('it has no schema')
      return readerOf(schema, text)(value.subarray(HEAD_BYTES))
    } catch (cause) {
      const message = `${topic} has a record at its end that is none of ours: nobody else may write there.`
      throw new StoreError('corrupt', message, { retryable: false, cause })
    }
  }

  /** The last record of every partition of the changes that has one. */
  async #lastRecords(): Promise<readonly RawRecord[]> {
    const end = this.#endOf('changes')
    const whole = await end.whole()
    const read = await end.read(whole.map((one) => ({ ...one, from: one.until - 1 })))
    return [...read.values()].flat()
  }

  #endOf(part: 'changes' | 'profiles'): TopicEnd {
    const { base, address, own } = this.#parts
    const { topic } = own[part]
    const { shown } = address
    return new TopicEnd({ options: base, topic, shown, readMsMax: this.#sendMsMax })
  }
}

function avroOfProfile({ members, ...state }: PublishedProfile): unknown {
  return { ...state, members: members.map(avroOfIdentifier) }
}
