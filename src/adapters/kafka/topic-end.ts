// What stands at the end of a topic, without following it.
// Invariant: of a stretch that was asked for everything is read that the topic still has.

import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, type BaseOptions } from '@platformatic/kafka'
import type { Place, RawRecord } from './decode.ts'
import { kafkaError, lateError } from './failures.ts'
import { Fetcher } from './fetcher.ts'
import { HeldSource } from './held-source.ts'

export interface TopicEndParts {
  readonly options: BaseOptions
  readonly topic: string
  readonly shown: string
  /** Longest time of one call, ms. */
  readonly readMsMax: number
}

/** Offsets of one partition, from the first up to before the last. */
export interface Stretch {
  readonly partition: number
  readonly from: number
  readonly until: number
}

const PREFETCH_BYTES_MAX = 16 << 20
const POLL_MS = 10
const AT_ONCE = 1_000
const EARLIEST = -2n
const LATEST = -1n

export class TopicEnd {
  readonly #parts: TopicEndParts

  constructor(parts: TopicEndParts) {
    this.#parts = parts
  }

  /** All there is in each partition that has something. @throws {StoreError} */
  async whole(): Promise<readonly Stretch[]> {
    const { options, topic, shown } = this.#parts
    const lister = new Consumer({ ...options, retries: 3, groupId: 'selfsame-listing' })
    try {
      const topics = [topic]
      const first = await lister.listOffsets({ topics, timestamp: EARLIEST })
      const ends = await lister.listOffsets({ topics, timestamp: LATEST })
      return (ends.get(topic) ?? []).flatMap((end, partition) => {
        const from = Number(first.get(topic)?.[partition] ?? 0n)
        return end > from ? [{ partition, from, until: Number(end) }] : []
      })
    } catch (cause) {
      throw kafkaError(cause, shown, `asking for the end of ${topic}`)
    } finally {
      await lister.close(true)
    }
  }

  /** By partition, its records, ascending; those that were compacted away are missing. @throws {StoreError} */
  async read(stretches: readonly Stretch[]): Promise<ReadonlyMap<number, readonly RawRecord[]>> {
    const { options, topic, shown, readMsMax } = this.#parts
    const sources = stretches.map(({ partition, from }) => {
      const source = new HeldSource<Place>({ source: `${topic}/${partition}`, topic, partition })
      source.seek(from)
      return source
    })
    const read = new Map<number, RawRecord[]>(stretches.map(({ partition }) => [partition, []]))
    const fetcher = new Fetcher({
      options,
      topics: [topic],
      prefetchBytesMax: PREFETCH_BYTES_MAX,
      shown,
      sources: () => sources,
      onChange: () => undefined,
    })
    const until = Date.now() + readMsMax
    try {
      fetcher.pump()
      while (!sources.every((source, at) => isRead(source, stretches[at], read))) {
        const failure = sources.find((source) => source.failure !== null)?.failure ?? null
        if (failure !== null) throw failure
        if (Date.now() > until)
          throw fetcher.trouble ?? lateError(readMsMax, `reading the end of ${topic}`)
        await sleep(POLL_MS)
        fetcher.pump()
      }
      return read
    } finally {
      await fetcher.close()
    }
  }
}

/** Takes what was fetched; true at the end of the stretch. */
function isRead(
  source: HeldSource<Place>,
  stretch: Stretch | undefined,
  read: ReadonlyMap<number, RawRecord[]>,
): boolean {
  if (stretch === undefined) return true
  const { partition, until } = stretch
  while (source.hasMore()) {
    const { records, behind } = source.peek(AT_ONCE)
    for (const record of records) if (record.offset < until) read.get(partition)?.push(record)
    source.drop(behind)
  }
  return (source.fetchFrom ?? 0) >= until
}
