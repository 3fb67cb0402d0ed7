// How long from when a producer appends an event until the graph has it, and until who consumes the changes sees one.

import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer } from '@platformatic/kafka'
import type { Redis } from 'ioredis'
import { clientOptions, parseKafkaUrl } from '../../src/adapters/kafka/connection.ts'
import type { Place } from '../../src/adapters/kafka/decode.ts'
import { Fetcher } from '../../src/adapters/kafka/fetcher.ts'
import { HeldSource } from '../../src/adapters/kafka/held-source.ts'
import { ownSchema } from '../../src/adapters/kafka/schemas.ts'
import { HEAD_BYTES } from '../../src/adapters/kafka/wire.ts'
import type { PublishedChange } from '../../src/ports/change-topics.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import type { SharedLog } from '../../src/ports/shared-log.ts'

export interface LatencyParts {
  readonly url: string
  readonly topic: string
  readonly redis: Redis
  /** The key of Redis under which positions of sources stand. */
  readonly positions: string
  readonly log: SharedLog
  /** To which profile an identifier belongs, afterwards. */
  readonly profiles: () => Promise<ReadonlyMap<string, string>>
}

export interface Latencies {
  /** ms from append to change, of events that made a profile. */
  readonly changes: readonly number[]
  /** ms from append to stored, of all. */
  readonly stored: readonly number[]
  /** How late the producer itself was, ms. */
  readonly late: readonly number[]
  /** ms that a producer waits for its acknowledgement. */
  readonly acknowledged: readonly number[]
}

const LOOK_EVERY_MS = 1
const SETTLE_MS = 3_000

interface Sent {
  readonly record: MessageRecord
  readonly at: number
  source: string
  position: number
}

export async function latencies(
  parts: LatencyParts,
  records: readonly MessageRecord[],
  perSecond: number,
): Promise<Latencies> {
  const changes = await hearChanges(parts)
  const positions = watchPositions(parts)
  const sent: Sent[] = []
  const late: number[] = []
  const acknowledged: number[] = []
  const acks: Promise<void>[] = []
  const began = performance.now()
  for (const [index, record] of records.entries()) {
    const due = began + (index * 1_000) / perSecond
    while (performance.now() < due) await sleep(due - performance.now() > 1 ? 1 : 0)
    const one: Sent = { record, at: performance.now(), source: '', position: 0 }
    late.push(one.at - due)
    sent.push(one)
    acks.push(
      parts.log.append([record]).then(([placed]) => {
        one.source = placed?.source ?? ''
        one.position = placed?.position ?? 0
        acknowledged.push(performance.now() - one.at)
      }),
    )
  }
  await Promise.all(acks)
  await sleep(SETTLE_MS)
  await changes.close()
  const looks = await positions.stop()
  return {
    late,
    acknowledged,
    changes: ofChanges(sent, changes.created, await parts.profiles()),
    stored: sent.map(({ at, source, position }) => storedAt(looks.get(source), position) - at),
  }
}

/** Of every profile that came to be, from the first event of it to its first change. */
function ofChanges(
  sent: readonly Sent[],
  created: ReadonlyMap<string, number>,
  profiles: ReadonlyMap<string, string>,
): number[] {
  const first = new Map<string, number>()
  for (const { record, at } of sent) {
    for (const { key } of record.fact.identifiers) {
      const profile = profiles.get(key)
      if (profile === undefined || first.has(profile)) continue
      first.set(profile, at)
    }
  }
  return [...first].flatMap(([profile, at]) => {
    const seen = created.get(profile)
    return seen === undefined ? [] : [seen - at]
  })
}

/** When each profile's first change was seen. */
async function hearChanges({ url, topic, log }: LatencyParts): Promise<{
  readonly created: ReadonlyMap<string, number>
  close(): Promise<void>
}> {
  await log.ends()
  const address = parseKafkaUrl(url)
  const options = clientOptions(address, 'listener')
  const { ends, partitions } = await endsOf(options, topic)
  const sources = Array.from({ length: partitions }, (_, partition) => {
    const source = new HeldSource<Place>({ source: `changes/${partition}`, topic, partition })
    source.seek(ends[partition] ?? 0)
    return source
  })
  const created = new Map<string, number>()
  const { type } = ownSchema('change')
  const take = (): void => {
    const at = performance.now()
    for (const source of sources) {
      while (source.hasMore()) {
        const { records, behind } = source.peek(1_000)
        source.drop(behind)
        for (const { value } of records) {
          if (value === null) continue
          const change = type.fromBuffer(value.subarray(HEAD_BYTES)) as PublishedChange
          if (change.revision === 1) created.set(change.profile, at)
        }
      }
    }
  }
  const fetcher = new Fetcher({
    options,
    topics: [topic],
    prefetchBytesMax: 16 << 20,
    shown: address.shown,
    sources: () => sources,
    onChange: take,
  })
  fetcher.pump()
  return { created, close: () => fetcher.close() }
}

async function endsOf(
  options: ReturnType<typeof clientOptions>,
  topic: string,
): Promise<{ readonly ends: readonly number[]; readonly partitions: number }> {
  const lister = new Consumer({ ...options, groupId: 'bench-listing' })
  const offsets = (await lister.listOffsets({ topics: [topic] })).get(topic) ?? []
  await lister.close(true)
  return { ends: offsets.map(Number), partitions: offsets.length }
}

interface Look {
  readonly at: number
  readonly position: number
}

/** When a source was seen to be where. */
function watchPositions({ redis, positions }: LatencyParts): {
  stop(): Promise<ReadonlyMap<string, readonly Look[]>>
} {
  const looks = new Map<string, Look[]>()
  const stopping = new AbortController()
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const at = await redis.hgetall(positions)
      const now = performance.now()
      for (const [source, text] of Object.entries(at)) {
        const of = looks.get(source) ?? []
        looks.set(source, of)
        const position = Number(text)
        if (of.at(-1)?.position !== position) of.push({ at: now, position })
      }
      await sleep(LOOK_EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await watching
      return looks
    },
  }
}

function storedAt(looks: readonly Look[] = [], position: number): number {
  return looks.find((look) => look.position >= position)?.at ?? Infinity
}
