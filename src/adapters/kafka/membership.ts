// Membership in a group of readers: which partitions are whose. Records are fetched elsewhere.
// Invariant: `kept` is told only where no other reader can have held the partitions meanwhile.

import { setTimeout as sleep } from 'node:timers/promises'
import { Base, Consumer, type BaseOptions } from '@platformatic/kafka'
import type { StoreError } from '../../ports/store-error.ts'
import { dealtPartitions } from './dealt-partitions.ts'
import { kafkaError, within } from './failures.ts'

export interface Partition {
  readonly topic: string
  readonly partition: number
}

/** `kept`: it was in the group without a break, so what it goes on holding was nobody else's. */
type OnAssigned = (partitions: readonly Partition[], kept: boolean) => void

export interface MembershipParts {
  readonly options: BaseOptions
  readonly group: string
  readonly topics: readonly string[]
  /** After so long without a sign of life a member's partitions go to others. */
  readonly sessionMs: number
  readonly shown: string
  readonly onAssigned: OnAssigned
}

const REJOIN_MS = 500
const CLOSE_MS_MAX = 3_000
const HEARTBEATS_A_SESSION = 5

export class Membership {
  readonly #parts: MembershipParts
  readonly #consumer: Consumer
  #member = ''
  #generation = -1
  #closed = false
  #joining = false
  /** Why it is in no group now. */
  trouble: StoreError | null = null

  constructor(parts: MembershipParts) {
    this.#parts = parts
    const { options, group, sessionMs } = parts
    this.#consumer = new Consumer({
      ...options,
      // It tries again by itself, and can so be told to stop.
      retries: 1,
      groupId: group,
      autocommit: false,
      partitionAssigner: dealtPartitions,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: Math.ceil(sessionMs / HEARTBEATS_A_SESSION),
    })
    this.#consumer.topics.trackAll(...parts.topics)
    this.#consumer.on(
      'consumer:group:join',
      ({ memberId, generationId = -1, assignments = [] }) => {
        const kept = memberId === this.#member && generationId === this.#generation + 1
        this.#member = memberId
        this.#generation = generationId
        this.trouble = null
        const partitions = assignments.flatMap(({ topic, partitions: numbers }) =>
          numbers.map((partition) => ({ topic, partition })),
        )
        parts.onAssigned(partitions, kept)
      },
    )
    // The client gives up when a join fails; the group is entered anew then.
    this.#consumer.on('error', () => void this.join())
  }

  /** Enters the group, however long that takes. */
  async join(): Promise<void> {
    if (this.#joining) return
    this.#joining = true
    while (!this.#closed) {
      try {
        await this.#consumer.joinGroup({})
        break
      } catch (cause) {
        this.trouble = kafkaError(cause, this.#parts.shown, 'joining the readers')
        await sleep(REJOIN_MS)
      }
    }
    this.#joining = false
  }

  /** Notes how far partitions are read, for tools. Never fails. */
  async note(offsets: readonly (Partition & { readonly offset: bigint })[]): Promise<void> {
    if (offsets.length === 0 || !this.#consumer.isActive()) return
    const noted = offsets.map((one) => ({ ...one, leaderEpoch: -1 }))
    await this.#consumer.commit({ offsets: noted }).catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
    try {
      await within(CLOSE_MS_MAX, 'leaving the readers', this.#consumer.close(true))
    } catch {
      // Nobody can be told: the others find out when the session has passed.
      await Base.prototype.close.call(this.#consumer).catch(() => undefined)
    }
  }
}
