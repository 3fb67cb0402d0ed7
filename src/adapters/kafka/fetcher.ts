// Fetches ahead for the sources a reader holds, one request at a time to each broker.
// Invariant: bytes fetched ahead stay within their bound, but for one answer.

import { Consumer, type BaseOptions } from '@platformatic/kafka'
import { StoreError } from '../../ports/store-error.ts'
import type { Place } from './decode.ts'
import { committed } from './committed.ts'
import { isAnswer, kafkaError } from './failures.ts'
import { type HeldSource, inTurn } from './held-source.ts'

export interface FetcherParts {
  readonly options: BaseOptions
  readonly topics: readonly string[]
  readonly prefetchBytesMax: number
  readonly shown: string
  readonly sources: () => readonly HeldSource<Place>[]
  /** Something was fetched, or failed. */
  readonly onChange: () => void
}

interface Wanted {
  readonly source: HeldSource<Place>
  readonly version: number
  readonly from: number
}

/** Longest wait of a request at the broker; a partition that is newly got waits for it at most. */
const WAIT_MS = 100
/** While a partition is left out for being full, so that it is soon asked for again. */
const SHORT_WAIT_MS = 5
const ANSWER_BYTES_MAX = 2 << 20
const PARTITION_BYTES_MAX = 512 << 10
const RETRY_MS = 250
const EARLIEST = -2n
const LATEST = -1n

export class Fetcher {
  readonly #parts: FetcherParts
  readonly #consumer: Consumer
  readonly #busy = new Set<number>()
  #timer: NodeJS.Timeout | null = null
  #asking = false
  #turn = 0
  #closed = false
  /** Why the last request failed. */
  trouble: StoreError | null = null

  constructor(parts: FetcherParts) {
    this.#parts = parts
    this.#consumer = new Consumer({
      ...parts.options,
      retries: 0,
      groupId: 'selfsame-fetching',
      autocommit: false,
    })
    this.#consumer.topics.trackAll(...parts.topics)
    this.#consumer.on('error', () => undefined)
  }

  /** Asks every broker that is not being asked for what is wanted of it. To be called after every change. */
  pump(): void {
    if (this.#closed || this.#asking || this.#timer !== null) return
    const wanted = this.#wanted()
    if (wanted.length === 0) return
    this.#asking = true
    this.#askAll(wanted)
      .catch((cause: unknown) => this.#failed(cause))
      .finally(() => (this.#asking = false))
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#consumer.close(true).catch(() => undefined)
  }

  #wanted(): Wanted[] {
    // An answer that is full has nothing of those that were asked for last.
    const sources = inTurn(this.#parts.sources(), this.#turn++)
    const bytesMax = this.#parts.prefetchBytesMax / Math.max(1, sources.length)
    const wanted: Wanted[] = []
    for (const source of sources) {
      const { version, fetchFrom: from, failure, bytes } = source
      if (from !== null && failure === null && bytes < bytesMax)
        wanted.push({ source, version, from })
    }
    return wanted
  }

  async #askAll(wanted: readonly Wanted[]): Promise<void> {
    const { topics } = await this.#consumer.metadata({ topics: [...this.#parts.topics] })
    const byLeader = grouped(wanted, ({ source: { origin } }) => {
      const { leader = -1 } = topics.get(origin.topic)?.partitions[origin.partition] ?? {}
      return leader
    })
    const ids = new Map([...topics].map(([name, { id }]) => [name, id]))
    const isPartial = wanted.length < this.#parts.sources().length
    for (const [leader, of] of byLeader) {
      if (this.#busy.has(leader)) continue
      if (leader < 0) throw new Error('a partition has no leader')
      this.#busy.add(leader)
      this.#ask(leader, of, ids, isPartial ? SHORT_WAIT_MS : WAIT_MS)
        .then(
          () => (this.trouble = null),
          (cause: unknown) => this.#failed(cause, of),
        )
        .finally(() => {
          this.#busy.delete(leader)
          this.#parts.onChange()
          this.pump()
        })
    }
  }

  async #ask(
    node: number,
    wanted: readonly Wanted[],
    ids: ReadonlyMap<string, string>,
    maxWaitTime: number,
  ): Promise<void> {
    const asked = new Map(
      wanted.map((one) => {
        const { topic, partition } = one.source.origin
        return [`${ids.get(topic)}/${partition}`, one]
      }),
    )
    const topics = [...grouped(wanted, ({ source }) => source.origin.topic)].map(([topic, of]) => ({
      topicId: ids.get(topic) ?? '',
      partitions: of.map(({ source: { origin }, from }) => ({
        partition: origin.partition,
        currentLeaderEpoch: -1,
        fetchOffset: BigInt(from),
        lastFetchedEpoch: -1,
        partitionMaxBytes: PARTITION_BYTES_MAX,
      })),
    }))
    const { responses } = await this.#consumer.fetch({
      node,
      topics,
      maxWaitTime,
      minBytes: 1,
      maxBytes: ANSWER_BYTES_MAX,
    })
    for (const { topicId, partitions } of responses) {
      for (const { partitionIndex, lastStableOffset, records, abortedTransactions } of partitions) {
        const one = asked.get(`${topicId}/${partitionIndex}`)
        if (one === undefined) continue
        if (lastStableOffset >= 0n) one.source.end = Number(lastStableOffset)
        const batches = committed(records ?? [], abortedTransactions ?? [])
        one.source.accept(one.version, one.from, batches)
      }
    }
  }

  #failed(cause: unknown, wanted: readonly Wanted[] = []): void {
    if (this.#closed) return
    this.#consumer.clearMetadata()
    this.trouble = kafkaError(cause, this.#parts.shown, 'reading')
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.pump()
    }, RETRY_MS)
    if (isAnswer(cause, 'OFFSET_OUT_OF_RANGE')) {
      // Fails as the request did: then it is asked again, and comes here again.
      this.#placeAnew(wanted).catch(() => undefined)
    }
    this.#parts.onChange()
  }

  /** Some of these stand where the log has nothing: at its beginning that is age, elsewhere it is loss. */
  async #placeAnew(wanted: readonly Wanted[]): Promise<void> {
    const topics = [...new Set(wanted.map(({ source }) => source.origin.topic))]
    const [earliest, latest] = await Promise.all(
      [EARLIEST, LATEST].map((timestamp) => this.#consumer.listOffsets({ topics, timestamp })),
    )
    for (const { source, version, from } of wanted) {
      const { topic, partition } = source.origin
      const first = Number(earliest?.get(topic)?.[partition] ?? 0n)
      const end = Number(latest?.get(topic)?.[partition] ?? 0n)
      if (version !== source.version || (from >= first && from <= end)) continue
      if (from === 0) source.seek(first)
      else source.failure = lost(source.origin.source, from, first, end)
    }
    this.#parts.onChange()
  }
}

function lost(source: string, from: number, first: number, end: number): StoreError {
  const message =
    `${source} was read up to ${from}, but the log has it from ${first} to ${end}: ` +
    'it was cut, deleted by age, or is another log. Rebuild the graph from the beginning.'
  return new StoreError('corrupt', message, { retryable: false })
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
