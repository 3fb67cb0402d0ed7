// The topics of one account: their names, and making those that are missing.
// Invariant: what is the truth (events, decisions) is never deleted by age; a topic that is there stays as it is.

import { Admin, type BaseOptions } from '@platformatic/kafka'
import { isAnswer, kafkaError, within } from './failures.ts'

export interface TopicNames {
  readonly events: string
  readonly decisions: string
  readonly rejects: string
  readonly changes: string
  readonly profiles: string
}

/** Names of an account's topics. Two accounts, or two prefixes, never have one in common. */
export function topicNames(prefix: string, account: string): TopicNames {
  const name = (part: string) => `${prefix}.${account}.${part}`
  return {
    events: name('events'),
    decisions: name('decisions'),
    rejects: name('rejects'),
    changes: name('changes'),
    profiles: name('profiles'),
  }
}

/** Of a record; a message of the largest size has its fact beside it. */
export const RECORD_BYTES_MAX = 2_097_152
/** Of whatever listens there and is no broker, none comes. */
const ANSWER_MS_MAX = 10_000
const CLOSE_MS_MAX = 1_000
const REJECTS_KEPT_MS = 30 * 86_400_000

/** The broker's own time, so that a sender's clock decides nothing. */
const STAMPED = { 'message.timestamp.type': 'LogAppendTime' }
const KEPT = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' }
const LARGE = { 'max.message.bytes': String(RECORD_BYTES_MAX) }

const CONFIGS: Readonly<Record<keyof TopicNames, Readonly<Record<string, string>>>> = {
  events: { ...KEPT, ...LARGE, ...STAMPED },
  decisions: { ...KEPT, ...LARGE, ...STAMPED },
  rejects: { ...LARGE, 'cleanup.policy': 'delete', 'retention.ms': String(REJECTS_KEPT_MS) },
  changes: { ...KEPT, ...LARGE, ...STAMPED },
  profiles: { ...LARGE, 'cleanup.policy': 'compact' },
}

export interface TopicSizes {
  /** Of topics that are made: events, changes, profiles. */
  readonly partitions: number
  /** Copies of each partition; null for what the brokers do by default. */
  readonly replicas: number | null
}

/** Makes the topics that are not there. @throws {StoreError} when the brokers do not do it */
export async function makeTopics(
  options: BaseOptions,
  names: Readonly<Partial<TopicNames>>,
  { partitions, replicas }: TopicSizes,
  shown: string,
): Promise<void> {
  const admin = new Admin({ ...options, retries: 3 })
  const make = async (): Promise<void> => {
    const there = new Set(await admin.listTopics())
    for (const [part, topic] of Object.entries(names) as [keyof TopicNames, string][]) {
      if (there.has(topic)) continue
      const single = part === 'decisions' || part === 'rejects'
      await makeTopic(admin, {
        topics: [topic],
        partitions: single ? 1 : partitions,
        replicas: replicas ?? -1,
        configs: Object.entries(CONFIGS[part]).map(([name, value]) => ({ name, value })),
      })
    }
  }
  try {
    await within(ANSWER_MS_MAX, 'making the topics', make())
  } catch (cause) {
    throw kafkaError(cause, shown, 'making the topics')
  } finally {
    await ended(admin)
  }
}

/** What still waits for an answer is not waited for. */
async function ended(admin: Admin): Promise<void> {
  await within(CLOSE_MS_MAX, 'closing', admin.close()).catch(() => undefined)
}

type Wanted = Parameters<Admin['createTopics']>[0]

async function makeTopic(admin: Admin, wanted: Wanted): Promise<void> {
  try {
    await admin.createTopics(wanted)
  } catch (cause) {
    // Another process that starts at the same moment made it.
    if (!isAnswer(cause, 'TOPIC_ALREADY_EXISTS')) throw cause
  }
}

/** How many partitions each of these topics has. @throws {StoreError} when one is missing or nobody answers */
export async function partitionsOf(
  options: BaseOptions,
  topics: readonly string[],
  shown: string,
): Promise<ReadonlyMap<string, number>> {
  const admin = new Admin({ ...options, retries: 3 })
  try {
    const asked = admin.metadata({ topics: [...topics] })
    const metadata = await within(ANSWER_MS_MAX, 'asking for the topics', asked)
    return new Map([...metadata.topics].map(([name, topic]) => [name, topic.partitionsCount]))
  } catch (cause) {
    throw kafkaError(cause, shown, `asking for the topics ${topics.join(', ')}`)
  } finally {
    await ended(admin)
  }
}

/** The topic and partition of a source, by the names that ports know. */
export function placeOf(
  names: TopicNames,
  source: string,
): { readonly topic: string; readonly partition: number } {
  const [, name = '', partition = ''] = /^(.*)\/(\d+)$/.exec(source) ?? []
  const topic =
    name === 'events' || name === 'decisions' ? names[name] : name.replace(/^foreign:/, '')
  return { topic, partition: Number(partition) }
}
