// Sends records, one request after the other, each with what has gathered meanwhile.
// Invariant: within a partition records stand in the order they were given; the client's own tries double nothing.

import { setTimeout as sleep } from 'node:timers/promises'
import {
  compatibilityPartitioner,
  ProduceAcks,
  Producer,
  type BaseOptions,
} from '@platformatic/kafka'
import { StoreError } from '../../ports/store-error.ts'
import { kafkaError, lateError, within } from './failures.ts'
import { RECORD_BYTES_MAX } from './topics.ts'

export interface Outgoing {
  readonly topic: string
  readonly key: Buffer
  /** Null for a tombstone. */
  readonly value: Buffer | null
}

export interface Sent {
  readonly partition: number
  readonly offset: number
}

interface Waiting {
  readonly records: readonly Outgoing[]
  readonly until: number
  readonly resolve: (sent: readonly Sent[]) => void
  readonly reject: (cause: unknown) => void
}

export interface SenderParts {
  readonly options: BaseOptions
  /** Number of partitions of each topic. */
  readonly partitions: ReadonlyMap<string, number>
  /** Longest time from `send` to its answer, ms. */
  readonly sendMsMax: number
  readonly shown: string
}

interface Message {
  readonly topic: string
  readonly key: Buffer
  readonly value: Buffer
  /** As Java's clients choose it. */
  partition: number
}

/** Of one request, so that no partition's share of it is larger than the topic takes. */
const REQUEST_BYTES_MAX = 1_000_000
/** What the protocol adds to a record, at most. */
const RECORD_HEAD_BYTES = 64
const PAUSE_MS = 50
const CLOSE_MS_MAX = 2_000

export class Sender {
  readonly #parts: SenderParts
  #producer: Producer | null = null
  readonly #waiting: Waiting[] = []
  #sending: Promise<void> | null = null
  #closed = false

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** Resolves once all in-sync replicas have the records, with where each stands. @throws {StoreError} */
  async send(records: readonly Outgoing[]): Promise<readonly Sent[]> {
    if (this.#closed) throw new StoreError('closed', 'The log is closed.', { retryable: false })
    if (records.length === 0) return []
    for (const record of records) refuseTooLarge(record)
    const { sendMsMax } = this.#parts
    const until = Date.now() + sendMsMax
    const sent = new Promise<readonly Sent[]>((resolve, reject) => {
      this.#waiting.push({ records, until, resolve, reject })
    })
    this.#sending ??= this.#sendAll()
    return within(sendMsMax, 'writing', sent)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#sending
    await this.#discard()
  }

  async #sendAll(): Promise<void> {
    // What is asked for in the same turn goes together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      if (batch.length > 0) await this.#sendBatch(batch)
    }
    this.#sending = null
  }

  /** What goes into the next request; what waited too long is not sent any more. */
  #take(): readonly Waiting[] {
    const batch: Waiting[] = []
    let bytes = 0
    while (this.#waiting.length > 0) {
      const [next] = this.#waiting
      if (next === undefined) break
      if (next.until <= Date.now()) {
        next.reject(lateError(this.#parts.sendMsMax, 'writing'))
        this.#waiting.shift()
        continue
      }
      bytes += bytesOf(next.records)
      if (batch.length > 0 && bytes > REQUEST_BYTES_MAX) break
      batch.push(next)
      this.#waiting.shift()
    }
    return batch
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    const until = Math.max(...batch.map((one) => one.until))
    try {
      const sent: Sent[] = []
      for (const chunk of chunksOf(batch.flatMap(({ records }) => records))) {
        sent.push(...(await this.#request(chunk, until)))
      }
      let from = 0
      for (const { records, resolve } of batch) {
        resolve(sent.slice(from, from + records.length))
        from += records.length
      }
    } catch (cause) {
      const error = kafkaError(cause, this.#parts.shown, 'writing')
      for (const { reject } of batch) reject(error)
      // Whether it was written is not known: a new producer begins to count anew.
      await this.#discard()
      await sleep(PAUSE_MS)
    }
  }

  async #request(chunk: readonly Outgoing[], until: number): Promise<readonly Sent[]> {
    const messages = chunk.map((record) => this.#messageOf(record))
    this.#producer ??= newProducer(this.#parts.options)
    const patience = Math.max(1, until - Date.now())
    const { offsets = [] } = await within(patience, 'writing', this.#producer.send({ messages }))
    const next = new Map(
      offsets.map(({ topic, partition, offset }) => [`${topic}/${partition}`, Number(offset)]),
    )
    return messages.map(({ topic, partition }) => {
      const name = `${topic}/${partition}`
      const offset = next.get(name)
      if (offset === undefined) throw new RangeError(`no offset was given for ${name}`)
      next.set(name, offset + 1)
      return { partition, offset }
    })
  }

  #messageOf({ topic, key, value }: Outgoing): Message {
    // A tombstone is a value that is missing, which the client's types do not know.
    const message: Message = { topic, key, value: value as Buffer, partition: 0 }
    const count = this.#parts.partitions.get(topic) ?? 1
    message.partition = compatibilityPartitioner(message, key) % count
    return message
  }

  /** Ends a producer that may still try to send something. */
  async #discard(): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    if (producer === null) return
    // One that still tries to reach a broker does not end before it has; nobody waits for that.
    await within(CLOSE_MS_MAX, 'closing', producer.close()).catch(() => undefined)
  }
}

function newProducer(options: BaseOptions): Producer {
  return new Producer({ ...options, idempotent: true, acks: ProduceAcks.ALL })
}

function bytesOf(records: readonly Outgoing[]): number {
  let bytes = 0
  for (const { key, value } of records) {
    bytes += key.length + (value?.length ?? 0) + RECORD_HEAD_BYTES
  }
  return bytes
}

function* chunksOf(records: readonly Outgoing[]): Generator<readonly Outgoing[]> {
  let chunk: Outgoing[] = []
  let bytes = 0
  for (const record of records) {
    bytes += bytesOf([record])
    if (chunk.length > 0 && bytes > REQUEST_BYTES_MAX) {
      yield chunk
      chunk = []
      bytes = bytesOf([record])
    }
    chunk.push(record)
  }
  if (chunk.length > 0) yield chunk
}

function refuseTooLarge(record: Outgoing): void {
  const bytes = bytesOf([record])
  if (bytes > RECORD_BYTES_MAX) {
    throw new RangeError(`a record of ${bytes} bytes is more than a topic takes`)
  }
}
